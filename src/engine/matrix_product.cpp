#include "engine/matrix_product.hpp"

#include <utility>

#include "engine/broadcast.hpp"

namespace actionscope::engine {

MatrixProductKernel::MatrixProductKernel(const MatrixProduct& product, const std::vector<float>& right,
                                         Shape addend_strides)
    : product_(product),
      strides_a_(broadcast_strides(product.batch_a, product.batch)),
      strides_b_(broadcast_strides(product.batch_b, product.batch)),
      addend_strides_(std::move(addend_strides)) {
  const std::size_t size = product.depth * product.columns;
  if (right.empty()) return;
  for (std::size_t start = 0; start < right.size(); start += size) packed_.push_back(packed(right.data() + start));
}

std::size_t MatrixProductKernel::scratch() const { return product_.transpose_a ? product_.rows * product_.depth : 0; }

std::size_t MatrixProductKernel::weights() const { return packed_.size() * product_.depth * product_.columns; }

PackedF32 MatrixProductKernel::packed(const float* b) const {
  const std::size_t depth = product_.depth;
  const std::size_t columns = product_.columns;
  const bool turned = product_.transpose_b;
  PackedF32 matrix = pack_f32({b, depth * columns}, depth, columns, turned ? 1 : columns, turned ? depth : 1);
  for (float& value : matrix.values) value *= product_.alpha;
  return matrix;
}

void MatrixProductKernel::run(const float* a, const float* b, const float* c, float* output, float* scratch) const {
  const std::size_t rows = product_.rows;
  const std::size_t depth = product_.depth;
  const std::size_t columns = product_.columns;
  const std::size_t batch = element_count(product_.batch);
  for (std::size_t matrix = 0; matrix < batch; ++matrix) {
    std::size_t at_a = 0;
    std::size_t at_b = 0;
    std::size_t rest = matrix;
    for (std::size_t axis = product_.batch.size(); axis-- > 0;) {
      const auto size = static_cast<std::size_t>(product_.batch[axis]);
      at_a += rest % size * static_cast<std::size_t>(strides_a_[axis]);
      at_b += rest % size * static_cast<std::size_t>(strides_b_[axis]);
      rest /= size;
    }
    const float* left = a + at_a * rows * depth;
    if (product_.transpose_a) {
      for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t k = 0; k < depth; ++k) scratch[row * depth + k] = left[k * rows + row];
      }
      left = scratch;
    }
    float* to = output + matrix * rows * columns;
    if (packed_.empty()) {
      gemm_f32(left, rows, depth, packed(b + at_b * depth * columns), {}, to, columns);
    } else {
      gemm_f32(left, rows, depth, packed_[at_b], {}, to, columns);
    }
  }
  if (c == nullptr) return;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t at =
          row * static_cast<std::size_t>(addend_strides_[0]) + column * static_cast<std::size_t>(addend_strides_[1]);
      output[row * columns + column] += product_.beta * c[at];
    }
  }
}

}  // namespace actionscope::engine
