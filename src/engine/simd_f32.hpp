#pragma once

// What fp32 kernels do with F32x4 beyond operators. Native builds and plain WebAssembly SIMD give the same bits;
// relaxed SIMD may round a product and a sum once instead of twice.

#include <cstddef>
#include <cstring>

#include "engine/simd.hpp"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

#include <bit>
#endif

namespace actionscope::engine {

inline constexpr std::size_t kLanesF32 = 4;

inline F32x4 splat(float value) { return F32x4{value, value, value, value}; }

// a * b + c
inline F32x4 multiply_add(F32x4 a, F32x4 b, F32x4 c) {
#ifdef __wasm_relaxed_simd__
  return std::bit_cast<F32x4>(
      wasm_f32x4_relaxed_madd(std::bit_cast<v128_t>(a), std::bit_cast<v128_t>(b), std::bit_cast<v128_t>(c)));
#else
  return a * b + c;
#endif
}

// low <= high. A NaN among the values stays NaN.
inline F32x4 clamp(F32x4 values, F32x4 low, F32x4 high) {
#ifdef __wasm_simd128__
  return std::bit_cast<F32x4>(wasm_f32x4_pmin(
      wasm_f32x4_pmax(std::bit_cast<v128_t>(values), std::bit_cast<v128_t>(low)), std::bit_cast<v128_t>(high)));
#else
  values = values < low ? low : values;
  return high < values ? high : values;
#endif
}

// Four values from from[start] on, of which those at `end` and beyond are not read but 0.
inline F32x4 load_lanes(const float* from, std::size_t start, std::size_t end) {
  if (start + kLanesF32 <= end) return load<F32x4>(from + start);
  F32x4 vector{};
  if (start < end) std::memcpy(&vector, from + start, (end - start) * sizeof(float));
  return vector;
}

// Stores to to[start] and on, but nothing at `end` and beyond.
inline void store_lanes(float* to, std::size_t start, std::size_t end, F32x4 vector) {
  if (start + kLanesF32 <= end)
    store(to + start, vector);
  else if (start < end)
    std::memcpy(to + start, &vector, (end - start) * sizeof(float));
}

}  // namespace actionscope::engine
