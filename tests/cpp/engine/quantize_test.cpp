#include "engine/quantize.hpp"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "i8_reference.hpp"

namespace actionscope::engine::testing {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::initializer_list<std::size_t> kCounts = {0, 1, 3, 4, 15, 16, 17, 31, 32, 47, 100};

// ONNX's QuantizeLinear of one number; NaN gives the lowest quantum.
int quantum_of(float real, float scale, int zero_point, int lowest, int highest) {
  if (std::isnan(real)) return lowest;
  const double quantum = std::nearbyint(static_cast<double>(real / scale)) + zero_point;
  return static_cast<int>(std::clamp(quantum, static_cast<double>(lowest), static_cast<double>(highest)));
}

// Halves and their neighbours, both signs, what saturates, and what is no number.
std::vector<float> awkward(float scale) {
  std::vector<float> made = {0.0F, -0.0F, kInfinity, -kInfinity, kNan, -kNan, 1e30F, -1e30F};
  for (int i = -300; i <= 300; ++i) {
    const float half = (static_cast<float>(i) + 0.5F) * scale;
    made.insert(made.end(), {half, std::nextafter(half, kInfinity), std::nextafter(half, -kInfinity)});
  }
  for (const float limit : {std::numeric_limits<float>::max(), std::numeric_limits<float>::denorm_min()})
    made.insert(made.end(), {limit, -limit});
  return made;
}

}  // namespace

TEST_CASE("numbers become quanta as ONNX has it, halves to even, saturating", "[quantize]") {
  const float scale = GENERATE(1.0F, 0.25F, 0.0235F, 3e-5F, 1e30F);
  const std::vector<float> reals = awkward(scale);
  const std::size_t count = reals.size();
  std::vector<std::uint8_t> bytes(count);
  SECTION("of 7 bits") {
    const int zero_point = GENERATE(0, 1, 64, 127);
    quantize_u7(reals.data(), count, {scale, zero_point}, bytes.data());
    for (std::size_t i = 0; i < count; ++i) REQUIRE(bytes[i] == quantum_of(reals[i], scale, zero_point, 0, 127));
  }
  SECTION("of 8 bits") {
    const int zero_point = GENERATE(0, 1, 128, 255);
    quantize_u8(reals.data(), count, scale, static_cast<std::uint8_t>(zero_point), bytes.data());
    for (std::size_t i = 0; i < count; ++i) REQUIRE(bytes[i] == quantum_of(reals[i], scale, zero_point, 0, 255));
  }
  SECTION("of 8 bits with a sign") {
    const int zero_point = GENERATE(-128, -1, 0, 127);
    std::vector<std::int8_t> signed_bytes(count);
    quantize_i8(reals.data(), count, scale, static_cast<std::int8_t>(zero_point), signed_bytes.data());
    for (std::size_t i = 0; i < count; ++i)
      REQUIRE(signed_bytes[i] == quantum_of(reals[i], scale, zero_point, -128, 127));
  }
}

TEST_CASE("halves go to the even quantum before the zero point is added", "[quantize]") {
  const std::vector<float> reals = {0.5F, 1.5F, 2.5F, -0.5F, -1.5F, kNan};
  std::vector<std::uint8_t> quanta(reals.size());
  quantize_u7(reals.data(), reals.size(), {1.0F, 3}, quanta.data());
  CHECK(quanta == std::vector<std::uint8_t>{3, 5, 5, 3, 1, 0});
}

TEST_CASE("any number of numbers is quantised, and nothing past them is touched", "[quantize]") {
  const std::size_t count = GENERATE(values(kCounts));
  Random random(1);
  const std::vector<float> reals = random.reals(count, -3, 3);
  std::vector<std::uint8_t> quanta(count + 16, 200);
  quantize_u7(reals.data(), count, {0.03F, 50}, quanta.data());
  for (std::size_t i = 0; i < count; ++i) REQUIRE(quanta[i] == quantum_of(reals[i], 0.03F, 50, 0, 127));
  for (std::size_t i = count; i < quanta.size(); ++i) REQUIRE(quanta[i] == 200);
}

TEST_CASE("planes become pixels", "[quantize]") {
  const std::size_t pixels = GENERATE(values(kCounts));
  const std::size_t channels = GENERATE(1U, 2U, 3U, 4U, 17U);
  const std::size_t batch = GENERATE(0U, 1U, 2U);
  Random random(2);
  const std::vector<float> reals = random.reals(batch * channels * pixels, -3, 3);
  std::vector<std::uint8_t> quanta(reals.size() + 16, 200);
  quantize_planes_u7(reals.data(), batch, channels, pixels, {0.03F, 50}, quanta.data());
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const std::size_t pixel = i % pixels;
    const std::size_t channel = i / pixels % channels;
    const std::size_t image = i / pixels / channels;
    REQUIRE(quanta[(image * pixels + pixel) * channels + channel] == quantum_of(reals[i], 0.03F, 50, 0, 127));
  }
  for (std::size_t i = reals.size(); i < quanta.size(); ++i) REQUIRE(quanta[i] == 200);
}

TEST_CASE("every quantum becomes its number again", "[quantize]") {
  std::vector<std::uint8_t> bytes(256);
  std::vector<std::int8_t> signed_bytes(256);
  for (int i = 0; i < 256; ++i) {
    bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
    signed_bytes[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i - 128);
  }
  const int zero_point = GENERATE(0, 7, 127);
  std::vector<float> reals(256);
  dequantize_u8(bytes.data(), 256, 0.1F, static_cast<std::uint8_t>(2 * zero_point + 1), reals.data());
  for (int i = 0; i < 256; ++i)
    REQUIRE(reals[static_cast<std::size_t>(i)] == static_cast<float>(i - (2 * zero_point + 1)) * 0.1F);
  dequantize_i8(signed_bytes.data(), 256, 0.1F, static_cast<std::int8_t>(-zero_point), reals.data());
  for (int i = 0; i < 256; ++i)
    REQUIRE(reals[static_cast<std::size_t>(i)] == static_cast<float>(i - 128 + zero_point) * 0.1F);
}

}  // namespace actionscope::engine::testing
