#include "engine/scales.hpp"

#include <catch_amalgamated.hpp>
#include <cstring>
#include <limits>
#include <vector>

using namespace actionscope::engine;

namespace {

std::vector<int> quantised(const std::vector<float>& input, const Scales& scales, ElementType type) {
  std::vector<std::byte> output(input.size());
  quantize(input, scales, type, output.data());
  std::vector<int> quanta;
  for (const std::byte byte : output) {
    const int bits = std::to_integer<int>(byte);
    quanta.push_back(type == ElementType::int8 && bits > 127 ? bits - 256 : bits);
  }
  return quanta;
}

template <class T>
std::vector<float> dequantised(const std::vector<T>& input, const Scales& scales, ElementType type) {
  std::vector<float> output(input.size());
  dequantize(std::as_bytes(std::span(input)), scales, type, output.data());
  return output;
}

Scales uniform(float scale, std::int32_t zero_point, std::size_t count) {
  Scales scales;
  scales.inner = count;
  scales.scales = {scale};
  scales.zero_points = {zero_point};
  return scales;
}

}  // namespace

TEST_CASE("quanta are rounded half to even and saturate") {
  CHECK(quantised({0.5F, 1.5F, -0.5F, 300, -300}, uniform(1, 10, 5), ElementType::uint8) ==
        std::vector<int>{10, 12, 10, 255, 0});
  CHECK(quantised({2.5F, -2.5F, 1000, -1000}, uniform(1, -3, 4), ElementType::int8) ==
        std::vector<int>{-1, -5, 127, -128});
}

TEST_CASE("infinities saturate, and what is no number gives the lowest quantum") {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> input{infinity, -infinity, std::numeric_limits<float>::quiet_NaN()};
  CHECK(quantised(input, uniform(0.5F, 7, 3), ElementType::uint8) == std::vector<int>{255, 0, 0});
  CHECK(quantised(input, uniform(0.5F, 7, 3), ElementType::int8) == std::vector<int>{127, -128, -128});
}

TEST_CASE("each channel of the middle axis has its own scale and zero point") {
  Scales scales;
  scales.outer = 2;
  scales.channels = 2;
  scales.inner = 2;
  scales.scales = {1, 10};
  scales.zero_points = {0, 100};
  const std::vector<float> numbers{1, 2, 10, 20, 3, 4, 30, 40};
  const std::vector<int> quanta = quantised(numbers, scales, ElementType::uint8);
  CHECK(quanta == std::vector<int>{1, 2, 101, 102, 3, 4, 103, 104});
  CHECK(dequantised(std::vector<std::uint8_t>(quanta.begin(), quanta.end()), scales, ElementType::uint8) == numbers);
}

TEST_CASE("neighbours on the middle axis share the scale of their block") {
  Scales scales;
  scales.channels = 4;
  scales.inner = 2;
  scales.block = 2;
  scales.scales = {1, 2, 4, 8};
  scales.zero_points = {0, 0, 0, 0};
  CHECK(dequantised(std::vector<std::int8_t>(8, 1), scales, ElementType::int8) ==
        std::vector<float>{1, 2, 1, 2, 4, 8, 4, 8});
}

TEST_CASE("differences from the zero point do not overflow") {
  const std::vector<std::int32_t> extreme{std::numeric_limits<std::int32_t>::max(),
                                          std::numeric_limits<std::int32_t>::min()};
  CHECK(dequantised(extreme, uniform(1, 0, 2), ElementType::int32) ==
        std::vector<float>{2147483648.0F, -2147483648.0F});
}

TEST_CASE("no channels have no scales, and give nothing") {
  Scales scales;
  scales.channels = 0;
  CHECK(quantised({}, scales, ElementType::uint8).empty());
  CHECK(dequantised(std::vector<std::uint8_t>{}, scales, ElementType::uint8).empty());
}
