#pragma once

#include <cstddef>
#include <vector>

#include "engine/gemm_f32.hpp"
#include "engine/instructions.hpp"

namespace actionscope::engine {

// ONNX's Gemm and MatMul over row-major matrices, see MatrixProduct. A right-hand side that is known ahead is packed
// once, any other in each run.
class MatrixProductKernel {
 public:
  // `right`: the elements of b where they are known ahead, else empty. `addend_strides`: of c, broadcast to the output,
  // in elements; empty where there is no c.
  MatrixProductKernel(const MatrixProduct& product, const std::vector<float>& right, Shape addend_strides);

  std::size_t scratch() const;  // floats that a run needs to work in
  std::size_t weights() const;  // floats that are packed ahead

  // `b` is not read where it was known ahead; `c` is null where there is none. The output overlaps none of them.
  void run(const float* a, const float* b, const float* c, float* output, float* scratch) const;

 private:
  PackedF32 packed(const float* b) const;

  MatrixProduct product_;
  Shape strides_a_;  // in matrices, over the output's batch
  Shape strides_b_;
  Shape addend_strides_;
  std::vector<PackedF32> packed_;  // one a matrix of b, or none
};

}  // namespace actionscope::engine
