#include "engine/self_test.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/convolution.hpp"
#include "engine/convolution_f32.hpp"
#include "engine/convolution_i8.hpp"
#include "engine/instructions.hpp"

namespace actionscope::engine {
namespace {

// One of each kernel: pointwise, depthwise, and any other. Sizes leave tails behind whole vectors and tiles.
constexpr std::array<ConvolutionGeometry, 3> kGeometries{{
    {.input_height = 3,
     .input_width = 5,
     .input_channels = 21,
     .output_height = 3,
     .output_width = 5,
     .output_channels = 19},
    {.input_height = 6,
     .input_width = 7,
     .input_channels = 20,
     .output_height = 6,
     .output_width = 7,
     .output_channels = 20,
     .kernel_height = 3,
     .kernel_width = 3,
     .pad_top = 1,
     .pad_left = 1,
     .groups = 20},
    {.input_height = 7,
     .input_width = 9,
     .input_channels = 3,
     .output_height = 4,
     .output_width = 5,
     .output_channels = 18,
     .kernel_height = 3,
     .kernel_width = 3,
     .stride_y = 2,
     .stride_x = 2,
     .pad_top = 1,
     .pad_left = 1},
}};

// Numbers of 0..127 that follow no pattern of the tiles (a linear congruential generator).
class Numbers {
 public:
  int next() {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<int>(state_ >> 25U);
  }

 private:
  std::uint32_t state_ = 1;
};

// The exact sums, channels last; weights as ONNX has them, pads zero.
std::vector<std::int32_t> plain_sums(const ConvolutionGeometry& g, const std::vector<std::uint8_t>& input,
                                     const std::vector<std::int32_t>& weights) {
  const std::size_t depth = g.input_channels / g.groups;
  std::vector<std::int32_t> sums;
  for (std::size_t y = 0; y < g.output_height; ++y) {
    for (std::size_t x = 0; x < g.output_width; ++x) {
      for (std::size_t channel = 0; channel < g.output_channels; ++channel) {
        const std::size_t first = channel / (g.output_channels / g.groups) * depth;
        std::int32_t sum = 0;
        for (std::size_t tap = 0; tap < depth * g.kernel_height * g.kernel_width; ++tap) {
          const std::size_t row = y * g.stride_y + tap / g.kernel_width % g.kernel_height;
          const std::size_t column = x * g.stride_x + tap % g.kernel_width;
          if (row < g.pad_top || row - g.pad_top >= g.input_height) continue;
          if (column < g.pad_left || column - g.pad_left >= g.input_width) continue;
          const std::size_t pixel = (row - g.pad_top) * g.input_width + column - g.pad_left;
          const std::size_t input_channel = first + tap / (g.kernel_height * g.kernel_width);
          const std::int32_t weight = weights[channel * depth * g.kernel_height * g.kernel_width + tap];
          sum += input[pixel * g.input_channels + input_channel] * weight;
        }
        sums.push_back(sum);
      }
    }
  }
  return sums;
}

bool is_right(const ConvolutionGeometry& geometry) {
  Numbers numbers;
  // Room behind the last row, of which whole groups of bytes are read.
  std::vector<std::uint8_t> input(geometry.input_height * geometry.input_width * geometry.input_channels + kGroupI8);
  for (std::uint8_t& value : input) value = static_cast<std::uint8_t>(numbers.next());
  std::vector<std::int8_t> weights(geometry.output_channels * (geometry.input_channels / geometry.groups) *
                                   geometry.kernel_height * geometry.kernel_width);
  for (std::int8_t& value : weights) value = static_cast<std::int8_t>(2 * numbers.next() - 128);
  const std::vector<std::int32_t> wanted = plain_sums(geometry, input, {weights.begin(), weights.end()});

  const std::vector<float> float_input(input.begin(), input.end());
  const std::vector<float> float_weights(weights.begin(), weights.end());
  std::vector<float> output(wanted.size());
  const ConvolutionF32 in_float(geometry, float_weights, {}, -kInfinity, kInfinity);
  std::vector<float> scratch(in_float.scratch());
  in_float.run(float_input.data(), nullptr, output.data(), scratch.data());
  const std::vector<float> sums(wanted.begin(), wanted.end());
  if (output != sums) return false;

  const std::vector<float> scales(geometry.output_channels, 1);
  const ConvolutionI8 quantised(geometry, {.weights = weights,
                                           .weight_scales = scales,
                                           .bias = {},
                                           .input = {1, 0},
                                           .low = -kInfinity,
                                           .high = kInfinity,
                                           .output = std::nullopt});
  std::vector<std::uint8_t> bytes(quantised.scratch());
  output.assign(output.size(), 0);
  quantised.run(input.data(), nullptr, output.data(), bytes.data());
  return output == sums;
}

}  // namespace

bool self_test() {
  for (const ConvolutionGeometry& geometry : kGeometries) {
    if (!is_right(geometry)) return false;
  }
  return true;
}

}  // namespace actionscope::engine
