#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/instructions.hpp"
#include "engine/lstm_f32.hpp"

namespace actionscope::engine {

// ONNX's LSTM with all its directions, in either order of steps and batch, see Lstm.
class LstmKernel {
 public:
  explicit LstmKernel(const Lstm& lstm);

  std::size_t scratch() const;  // floats that a run needs to work in
  std::size_t weights() const;  // floats that are packed ahead

  // `input`: X. `output`, `last_hidden`, `last_cell`: Y, Y_h and Y_c, each of which may be null. None overlaps another.
  void run(const float* input, float* output, float* last_hidden, float* last_cell, float* scratch) const;

 private:
  struct InitialState {
    std::vector<float> hidden, cell;  // see Lstm
  };

  std::size_t steps_, batch_, input_, hidden_;
  bool batch_first_;
  std::vector<std::int32_t> lengths_;
  std::vector<InitialState> initial_;  // one a direction, as the kernels are
  std::vector<LstmF32> kernels_;
  std::size_t weights_ = 0;
};

}  // namespace actionscope::engine
