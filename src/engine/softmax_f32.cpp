// Shapes: [outer][axis][inner], dense. One line along the axis after the other. Bound by std::exp; the lines of a
// classifier are a few numbers long.

#include "engine/softmax_f32.hpp"

#include <algorithm>
#include <cmath>

namespace actionscope::engine {

void softmax_f32(const float* input, std::size_t outer, std::size_t axis, std::size_t inner, float* output) {
  if (axis == 0) return;
  for (std::size_t block = 0; block < outer; ++block)
    for (std::size_t column = 0; column < inner; ++column) {
      const std::size_t first = block * axis * inner + column;
      float largest = input[first];
      for (std::size_t i = 1; i < axis; ++i) largest = std::max(largest, input[first + i * inner]);
      float sum = 0;
      for (std::size_t i = 0; i < axis; ++i) {
        const float power = std::exp(input[first + i * inner] - largest);
        output[first + i * inner] = power;
        sum += power;
      }
      for (std::size_t i = 0; i < axis; ++i) output[first + i * inner] /= sum;
    }
}

}  // namespace actionscope::engine
