#pragma once

// What the 8-bit kernels need beyond operators. Every function gives the same bits natively, as WebAssembly SIMD and as
// relaxed SIMD: sums of integers are exact, and of floats only single correctly rounded operations are used.

#include <bit>
#include <cstdint>
#include <cstring>

#include "engine/dot_unit.hpp"
#include "engine/simd.hpp"
#include "engine/simd_f32.hpp"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

namespace actionscope::engine {

// The largest sum of four weights that may meet activations in one 16-bit lane: 127 times as much still fits.
inline constexpr int kMostPairedWeights = 32767 / 127;

// Adds products of weights and activations to sums: those of the four bytes of a lane to the lane of `sum`. Activations
// are 0..127; weights may be anything, -128 as well: two products add up to no more than 2 * 127 * 128, which 16 bits
// hold, so that the relaxed instructions are exact. Signed bytes come first and those of 7 bits second; Debian's
// wasm-opt 3.1.69 aborts if both are constant. One struct a DotUnit.
struct DotPairs {
  static constexpr DotUnit kUnit = DotUnit::pairs;

  static I32x4 add(I8x16 weights, U8x16 activations, I32x4 sum) {
#ifdef __wasm_relaxed_simd__
    const v128_t pairs =
        wasm_i16x8_relaxed_dot_i8x16_i7x16(std::bit_cast<v128_t>(weights), std::bit_cast<v128_t>(activations));
    return std::bit_cast<I32x4>(
        wasm_i32x4_add(std::bit_cast<v128_t>(sum), wasm_i32x4_dot_i16x8(pairs, wasm_i16x8_const_splat(1))));
#elif defined(__wasm_simd128__)
    // Even and odd bytes apart, so that each product of pairs already lies in its lane; where an operand serves several
    // products, the compiler takes it apart only once.
    const auto w = std::bit_cast<v128_t>(weights);
    const auto a = std::bit_cast<v128_t>(activations);
    const v128_t even =
        wasm_i32x4_dot_i16x8(wasm_i16x8_shr(wasm_i16x8_shl(w, 8), 8), wasm_v128_and(a, wasm_i16x8_const_splat(0x00FF)));
    const v128_t odd = wasm_i32x4_dot_i16x8(wasm_i16x8_shr(w, 8), wasm_u16x8_shr(a, 8));
    return std::bit_cast<I32x4>(wasm_i32x4_add(wasm_i32x4_add(std::bit_cast<v128_t>(sum), even), odd));
#else
    const auto w = std::bit_cast<I16x8>(weights);
    const auto a = std::bit_cast<I16x8>(activations);
    const I16x8 pairs = ((w << 8) >> 8) * (a & 0x00FF) + (w >> 8) * (a >> 8);
    const auto both = std::bit_cast<I32x4>(pairs);
    return sum + ((both << 16) >> 16) + (both >> 16);
#endif
  }

  // Of two groups. The four products that share a lane of 16 bits must fit into it: neither the positive ones of their
  // weights nor the negative ones add up to more than kMostPairedWeights.
  static I32x4 add_two(I8x16 weights, U8x16 activations, I8x16 more_weights, U8x16 more_activations, I32x4 sum) {
#ifdef __wasm_relaxed_simd__
    const v128_t pairs =
        wasm_i16x8_relaxed_dot_i8x16_i7x16(std::bit_cast<v128_t>(weights), std::bit_cast<v128_t>(activations));
    const v128_t more = wasm_i16x8_relaxed_dot_i8x16_i7x16(std::bit_cast<v128_t>(more_weights),
                                                           std::bit_cast<v128_t>(more_activations));
    return std::bit_cast<I32x4>(wasm_i32x4_add(
        std::bit_cast<v128_t>(sum), wasm_i32x4_dot_i16x8(wasm_i16x8_add(pairs, more), wasm_i16x8_const_splat(1))));
#else
    return add(more_weights, more_activations, add(weights, activations, sum));
#endif
  }
};

#ifdef __wasm_relaxed_simd__
struct DotFours {
  static constexpr DotUnit kUnit = DotUnit::fours;

  static I32x4 add(I8x16 weights, U8x16 activations, I32x4 sum) {
    return std::bit_cast<I32x4>(wasm_i32x4_relaxed_dot_i8x16_i7x16_add(
        std::bit_cast<v128_t>(weights), std::bit_cast<v128_t>(activations), std::bit_cast<v128_t>(sum)));
  }

  static I32x4 add_two(I8x16 weights, U8x16 activations, I8x16 more_weights, U8x16 more_activations, I32x4 sum) {
    return add(more_weights, more_activations, add(weights, activations, sum));
  }
};

inline constexpr bool kHasFours = true;
#else
inline constexpr bool kHasFours = false;
#endif

// Calls work(DotPairs()), or work(DotFours()) where the unit is that, which this build then has.
template <class Work>
inline void with_dot(DotUnit unit, const Work& work) {
#ifdef __wasm_relaxed_simd__
  if (unit == DotUnit::fours) {
    work(DotFours());
    return;
  }
#endif
  static_cast<void>(unit);
  work(DotPairs());
}

// Four bytes, over and over.
inline U8x16 splat_group(const void* from) {
#ifdef __wasm_simd128__
  return std::bit_cast<U8x16>(wasm_v128_load32_splat(from));
#else
  std::int32_t group;
  std::memcpy(&group, from, sizeof(group));
  return std::bit_cast<U8x16>(I32x4{group, group, group, group});
#endif
}

inline F32x4 to_f32(I32x4 values) { return __builtin_convertvector(values, F32x4); }

// Clamped to low..high; NaN gives low. low <= high.
inline F32x4 clamp_nan_to_low(F32x4 value, F32x4 low, F32x4 high) {
#ifdef __wasm_simd128__
  const v128_t raised = wasm_f32x4_pmax(std::bit_cast<v128_t>(low), std::bit_cast<v128_t>(value));
  return std::bit_cast<F32x4>(wasm_f32x4_pmin(raised, std::bit_cast<v128_t>(high)));
#else
  const F32x4 raised = low < value ? value : low;
  return high < raised ? high : raised;
#endif
}

// low <= high.
inline U8x16 clamp(U8x16 value, U8x16 low, U8x16 high) {
#ifdef __wasm_simd128__
  const v128_t raised = wasm_u8x16_max(std::bit_cast<v128_t>(value), std::bit_cast<v128_t>(low));
  return std::bit_cast<U8x16>(wasm_u8x16_min(raised, std::bit_cast<v128_t>(high)));
#else
  const U8x16 raised = value < low ? low : value;
  return raised > high ? high : raised;
#endif
}

// To the nearest integer, halves to even, plus `offset`, of numbers in -2^22..2^22: next to 1.5 * 2^23 floats are one
// apart, so that the sum is rounded to an integer, which its lowest bits hold.
inline I32x4 round_to_i32(F32x4 value, std::int32_t offset) {
  constexpr float magic = 12582912.0F;
  return std::bit_cast<I32x4>(value + splat(magic)) + (offset - std::bit_cast<std::int32_t>(magic));
}

// Sixteen numbers as bytes: those below 0 as 0, those above 255 as 255.
inline U8x16 narrow_to_u8(I32x4 a, I32x4 b, I32x4 c, I32x4 d) {
#ifdef __wasm_simd128__
  return std::bit_cast<U8x16>(
      wasm_u8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(std::bit_cast<v128_t>(a), std::bit_cast<v128_t>(b)),
                              wasm_i16x8_narrow_i32x4(std::bit_cast<v128_t>(c), std::bit_cast<v128_t>(d))));
#else
  const auto saturated = [](I32x4 values) {
    const I32x4 raised = values < 0 ? I32x4{} : values;
    return std::bit_cast<U8x16>(raised > 255 ? I32x4{} + 255 : raised);
  };
  const auto low =
      __builtin_shufflevector(saturated(a), saturated(b), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
  const auto high =
      __builtin_shufflevector(saturated(c), saturated(d), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
#endif
}

}  // namespace actionscope::engine
