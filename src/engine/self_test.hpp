#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/convolution.hpp"

namespace actionscope::engine {

// Whether the kernels compute on this processor what they should: convolutions of small whole numbers, whose sums come
// out exact in every order, in 8 bits and in float.
bool self_test();

// What it consists of, so that its test can find the same sums in another way.

struct SelfTestCase {
  ConvolutionGeometry geometry;
  std::uint32_t digest = 0;  // of the sums, channels last; known ahead, because a visitor waits while it runs
};

// One of each kernel: pointwise, depthwise, and any other. Sizes leave tails behind whole vectors and tiles.
inline constexpr std::array<SelfTestCase, 3> kSelfTestCases{{
    {{.input_height = 3,
      .input_width = 5,
      .input_channels = 21,
      .output_height = 3,
      .output_width = 5,
      .output_channels = 19},
     0xAD9DDDAFU},
    {{.input_height = 6,
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
     0x830FF465U},
    {{.input_height = 7,
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
     0x7DFFB4E5U},
}};

struct SelfTestOperands {
  std::vector<std::uint8_t> input;   // channels last, 0..127; behind it room for a group of bytes
  std::vector<std::int8_t> weights;  // as ONNX has them, -128..126
};
SelfTestOperands self_test_operands(const ConvolutionGeometry& geometry);

std::uint32_t self_test_digest(std::span<const float> sums);

}  // namespace actionscope::engine
