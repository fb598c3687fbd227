#include "engine/self_test.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace actionscope::engine;

namespace {

// The sums by definition, channels last; pads are zero.
std::vector<float> plain_sums(const ConvolutionGeometry& g, const SelfTestOperands& operands) {
  const std::size_t depth = g.input_channels / g.groups;
  std::vector<float> sums;
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
          sum += std::int32_t{operands.input[pixel * g.input_channels + input_channel]} *
                 operands.weights[channel * depth * g.kernel_height * g.kernel_width + tap];
        }
        sums.push_back(static_cast<float>(sum));
      }
    }
  }
  return sums;
}

}  // namespace

TEST_CASE("the kernels compute what they should on this processor") { CHECK(self_test()); }

TEST_CASE("what the self test expects are the sums by definition") {
  for (const SelfTestCase& expected : kSelfTestCases) {
    const std::vector<float> sums = plain_sums(expected.geometry, self_test_operands(expected.geometry));
    CHECK(self_test_digest(sums) == expected.digest);
  }
}

TEST_CASE("the digest of the self test tells any other sum") {
  const ConvolutionGeometry& geometry = kSelfTestCases.front().geometry;
  std::vector<float> sums = plain_sums(geometry, self_test_operands(geometry));
  sums.back() += 1;
  CHECK(self_test_digest(sums) != kSelfTestCases.front().digest);
}
