#include "engine/dot_unit.hpp"

#include "engine/simd_i8.hpp"

namespace actionscope::engine {
namespace {

#ifdef __wasm_relaxed_simd__
// Of 16 equal weights and activations, added to `sum`. Volatile, because Debian's wasm-opt 3.1.69 aborts where it
// knows the operands.
std::int32_t dot_of_fours(std::int8_t weight, std::uint8_t activation, std::int32_t sum) {
  const volatile std::int8_t of_weight = weight;
  const volatile std::uint8_t of_activation = activation;
  const I8x16 weights = I8x16{} + of_weight;
  const U8x16 activations = U8x16{} + of_activation;
  return DotFours::add(weights, activations, I32x4{sum, sum, sum, sum})[0];
}

DotUnit find_fastest() {
  constexpr std::int8_t weight = -128;
  constexpr std::uint8_t largest = 127;
  constexpr std::int32_t sum = 1000;
  // The baseline compiler of Node 20 (V8 11.3) adds the sum more than once.
  if (dot_of_fours(weight, largest, sum) != 4 * weight * largest + sum) return DotUnit::pairs;
  // x86 without AVX-VNNI has no such instruction, and browsers make several of it. They add pairs up in 16 bits, which
  // an activation beyond 7 bits makes overflow; all processors that have it, and ARM's, add in 32 bits.
  constexpr std::uint8_t beyond = 255;
  constexpr std::int32_t saturated = 2 * -32768;
  return dot_of_fours(weight, beyond, 0) == saturated ? DotUnit::pairs : DotUnit::fours;
}
#else
DotUnit find_fastest() { return DotUnit::pairs; }
#endif

}  // namespace

DotUnit fastest_dot_unit() {
  static const DotUnit kFastest = find_fastest();
  return kFastest;
}

}  // namespace actionscope::engine
