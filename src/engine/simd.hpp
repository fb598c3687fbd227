#pragma once

// Vectors of 16 bytes as GCC's and Clang's vector extensions have them: one source for WebAssembly SIMD, relaxed SIMD
// and the native builds of the tests. Arithmetic is written with operators; what those lack is in simd_f32.hpp and
// simd_i8.hpp.

#include <cstdint>
#include <cstring>

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

}  // namespace actionscope::engine
