#pragma once

// Random operands for the tests of the 8-bit kernels, and the last step of those kernels one number at a time.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/gemm_i8.hpp"

namespace actionscope::engine::testing {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  int integer(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }
  float real(float low, float high) { return std::uniform_real_distribution<float>(low, high)(engine_); }

  // One in eight is an extreme.
  template <class Byte>
  std::vector<Byte> bytes(std::size_t count, int low, int high) {
    std::vector<Byte> made(count);
    for (Byte& byte : made) {
      const int extreme = integer(0, 15);
      byte = static_cast<Byte>(extreme == 0 ? low : extreme == 1 ? high : integer(low, high));
    }
    return made;
  }
  std::vector<std::uint8_t> activations(std::size_t count) { return bytes<std::uint8_t>(count, 0, 127); }
  std::vector<std::int8_t> weights(std::size_t count, int low = -128, int high = 127) {
    return bytes<std::int8_t>(count, low, high);
  }

  std::vector<float> reals(std::size_t count, float low, float high) {
    std::vector<float> made(count);
    for (float& value : made) value = real(low, high);
    return made;
  }

 private:
  std::mt19937 engine_;
};

// See Dequantization.
inline float expected_real(std::int64_t sum, float scale, float bias, float low, float high) {
  const float real = static_cast<float>(static_cast<std::int32_t>(sum)) * scale + bias;
  return std::isnan(real) ? real : std::clamp(real, low, high);
}

// See Requantization.
inline std::uint8_t expected_quantum(std::int64_t sum, float scale, float bias, float low, float high,
                                     const Quantization& to) {
  const float real = static_cast<float>(static_cast<std::int32_t>(sum)) * (scale / to.scale) + bias / to.scale;
  const float clamped = std::isnan(real) ? low / to.scale : std::clamp(real, low / to.scale, high / to.scale);
  // nearbyint rounds halves to even, as the processor is set up.
  const double quantum = std::nearbyint(static_cast<double>(clamped)) + to.zero_point;
  return static_cast<std::uint8_t>(std::clamp(quantum, 0.0, 127.0));
}

}  // namespace actionscope::engine::testing
