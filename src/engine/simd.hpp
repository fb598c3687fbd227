#pragma once

// Vectors of 16 bytes as GCC's and Clang's vector extensions have them: one source for WebAssembly SIMD, relaxed SIMD
// and the native builds of the tests. Arithmetic is written with operators; what those lack is in simd_f32.hpp and
// simd_i8.hpp.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

namespace actionscope::engine {

using F32x4 = float __attribute__((vector_size(16)));
using I64x2 = std::int64_t __attribute__((vector_size(16)));
using I32x4 = std::int32_t __attribute__((vector_size(16)));
using I16x8 = std::int16_t __attribute__((vector_size(16)));
using I8x16 = std::int8_t __attribute__((vector_size(16)));
using U8x16 = std::uint8_t __attribute__((vector_size(16)));

// No alignment is asked for.
template <class Vector>
inline Vector load(const void* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof(vector));
  return vector;
}

template <class Vector>
inline void store(void* to, Vector vector) {
  std::memcpy(to, &vector, sizeof(vector));
}

// Four vectors of four lanes as the rows of a matrix: its columns.
template <class Vector>
inline std::array<Vector, 4> transposed(const std::array<Vector, 4>& rows) {
  const auto& [a, b, c, d] = rows;
  const Vector ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Vector ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Vector cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Vector cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return {__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5), __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
          __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5), __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
}

// The lower half where Half is 0, the upper one where it is 1.
template <std::size_t Half, class Vector>
inline void store_half(void* to, Vector vector) {
#ifdef __wasm_simd128__
  wasm_v128_store64_lane(to, std::bit_cast<v128_t>(vector), Half);
#else
  const std::int64_t half = std::bit_cast<I64x2>(vector)[Half];
  std::memcpy(to, &half, sizeof(half));
#endif
}

// Four bytes: the first where Quarter is 0.
template <std::size_t Quarter, class Vector>
inline void store_quarter(void* to, Vector vector) {
#ifdef __wasm_simd128__
  wasm_v128_store32_lane(to, std::bit_cast<v128_t>(vector), Quarter);
#else
  const std::int32_t quarter = std::bit_cast<I32x4>(vector)[Quarter];
  std::memcpy(to, &quarter, sizeof(quarter));
#endif
}

}  // namespace actionscope::engine
