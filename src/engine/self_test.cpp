#include "engine/self_test.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <optional>

#include "engine/convolution_f32.hpp"
#include "engine/convolution_i8.hpp"
#include "engine/instructions.hpp"

namespace actionscope::engine {
namespace {

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

bool is_right(const SelfTestCase& wanted) {
  const ConvolutionGeometry& geometry = wanted.geometry;
  const auto [input, weights] = self_test_operands(geometry);
  std::vector<float> output(geometry.output_height * geometry.output_width * geometry.output_channels);

  const std::vector<float> float_input(input.begin(), input.end());
  const std::vector<float> float_weights(weights.begin(), weights.end());
  const ConvolutionF32 in_float(geometry, float_weights, {}, -kInfinity, kInfinity);
  std::vector<float> scratch(in_float.scratch());
  in_float.run(float_input.data(), nullptr, output.data(), scratch.data());
  if (self_test_digest(output) != wanted.digest) return false;

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
  return self_test_digest(output) == wanted.digest;
}

}  // namespace

SelfTestOperands self_test_operands(const ConvolutionGeometry& geometry) {
  Numbers numbers;
  SelfTestOperands made;
  made.input.resize(geometry.input_height * geometry.input_width * geometry.input_channels + kGroupI8);
  for (std::uint8_t& value : made.input) value = static_cast<std::uint8_t>(numbers.next());
  made.weights.resize(geometry.output_channels * (geometry.input_channels / geometry.groups) * geometry.kernel_height *
                      geometry.kernel_width);
  for (std::int8_t& value : made.weights) value = static_cast<std::int8_t>(2 * numbers.next() - 128);
  return made;
}

// FNV-1a over whole numbers in place of bytes (http://www.isthe.com/chongo/tech/comp/fnv).
std::uint32_t self_test_digest(std::span<const float> sums) {
  std::uint32_t digest = 2166136261U;
  // Zero may have either sign.
  for (const float sum : sums) digest = (digest ^ std::bit_cast<std::uint32_t>(sum + 0.0F)) * 16777619U;
  return digest;
}

bool self_test() { return std::all_of(kSelfTestCases.begin(), kSelfTestCases.end(), is_right); }

}  // namespace actionscope::engine
