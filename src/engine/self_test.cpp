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

std::vector<float> room_for_output(const ConvolutionGeometry& geometry) {
  return std::vector<float>(geometry.output_height * geometry.output_width * geometry.output_channels);
}

bool is_right_in_float(const SelfTestCase& wanted, const SelfTestOperands& operands) {
  const std::vector<float> input(operands.input.begin(), operands.input.end());
  const std::vector<float> weights(operands.weights.begin(), operands.weights.end());
  std::vector<float> output = room_for_output(wanted.geometry);
  const ConvolutionF32 convolution(wanted.geometry, weights, {}, -kInfinity, kInfinity);
  std::vector<float> scratch(convolution.scratch());
  convolution.run(input.data(), nullptr, output.data(), scratch.data());
  return self_test_digest(output) == wanted.digest;
}

bool is_right_in_8_bits(const SelfTestCase& wanted, const SelfTestOperands& operands) {
  const std::vector<float> scales(wanted.geometry.output_channels, 1);
  std::vector<float> output = room_for_output(wanted.geometry);
  const ConvolutionI8 convolution(wanted.geometry, {.weights = operands.weights,
                                                    .weight_scales = scales,
                                                    .bias = {},
                                                    .input = {1, 0},
                                                    .low = -kInfinity,
                                                    .high = kInfinity,
                                                    .output = std::nullopt});
  std::vector<std::uint8_t> scratch(convolution.scratch());
  convolution.run(operands.input.data(), nullptr, output.data(), scratch.data());
  return self_test_digest(output) == wanted.digest;
}

bool is_right(const SelfTestCase& wanted) {
  const SelfTestOperands operands = self_test_operands(wanted.geometry);
  // In float all kernels multiply and add with one and the same instruction: the first stands for them.
  const bool in_float = !wanted.geometry.is_pointwise() || is_right_in_float(wanted, operands);
  return in_float && is_right_in_8_bits(wanted, operands);
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
