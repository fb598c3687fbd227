// The one place where stb_image_resize2 is compiled.

// The system headers that stb includes, before a name of theirs is changed below.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

// stb's SIMD routines read a few floats beyond the last one written and multiply them by zero. In memory that begins as
// zeros no NaN can lie there. And where it repeats a pattern of fewer than four weights
// (stbir_overlapping_memcpy, 2.12) it writes up to 12 bytes beyond them, for which there is room here. Taken from
// operator new, as all memory of this room, so that tests can count it.
void* allocate_zeros(std::size_t size) {
  constexpr std::size_t slack = 16;
  void* memory = ::operator new(size + slack, std::nothrow);
  if (memory != nullptr) std::memset(memory, 0, size + slack);
  return memory;
}

void release(void* memory) { ::operator delete(memory); }

// stb moves floats as integers, two at a time and at any address. Integers that may alias and need no alignment make
// that well defined.
using AliasingUint32 [[gnu::may_alias]] = std::uint32_t;
using AliasingUint64 [[gnu::may_alias, gnu::aligned(4)]] = std::uint64_t;

}  // namespace

#define uint32_t AliasingUint32
#define uint64_t AliasingUint64
#define STBIR_MALLOC(size, user_data) ((void)(user_data), allocate_zeros(size))
#define STBIR_FREE(memory, user_data) ((void)(user_data), release(memory))
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb_image_resize2.h>
