#pragma once

// What the tests of the fp32 kernels share: seeded numbers, and how far a float may be from the sum in double.

#include <bit>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <random>
#include <vector>

namespace actionscope::engine::testing {

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Sizes = std::initializer_list<std::size_t>;

// What a kernel must not write is filled with this.
inline constexpr float kUntouched = 12345.0F;

inline std::vector<float> random_floats(std::size_t count, std::mt19937& random) {
  std::uniform_real_distribution<float> values(-1, 1);
  std::vector<float> floats(count);
  for (float& value : floats) value = values(random);
  return floats;
}

// A sum of products in double, and the sum of their magnitudes, by which a float's rounding errors are measured.
struct Sum {
  double value = 0;
  double magnitude = 0;
  std::size_t terms = 0;

  void add(double term) {
    value += term;
    magnitude += std::abs(term);
    ++terms;
  }
  // Each of the products and sums may round by half a unit in the last place.
  double tolerance() const {
    return static_cast<double>(terms + 2) * static_cast<double>(std::numeric_limits<float>::epsilon()) * magnitude +
           1e-7;
  }
};

inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i])) return false;
  return true;
}

}  // namespace actionscope::engine::testing
