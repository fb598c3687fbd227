#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/tensor.hpp"

namespace actionscope::engine {

// What neither multiplies matrices nor convolves. These are bound by memory, not by arithmetic: a line of plain loops
// that the compiler vectorises. `count`: elements; output may be the input itself unless it says otherwise.

// min(max(element, low), high), the upper bound where both change places. NaN stays NaN.
template <class T>
void clamp(const T* input, std::size_t count, T low, T high, T* output);

// Sums of two tensors of one shape. Integers wrap around.
template <class T>
void add(const T* a, const T* b, std::size_t count, T* output);

// Sums over `shape`, to which a and b broadcast with these strides in elements. Output is neither of them.
template <class T>
void add_broadcast(const T* a, const Shape& strides_a, const T* b, const Shape& strides_b, const Shape& shape,
                   T* output);

// element * scale[channel] + shift[channel] over [outer][channels][inner].
void affine(const float* input, std::size_t outer, std::span<const float> scale, std::span<const float> shift,
            std::size_t inner, float* output);

// Copies elements of `size` bytes: the output is row-major of `shape`, and its element at indices i comes from
// sum(i * strides), in elements. Output and input do not overlap.
void gather(const std::byte* input, std::size_t size, const Shape& shape, const Shape& strides, std::byte* output);

// Means of float elements: the output is row-major of `shape`; each of its elements is the mean of those that
// `reduced_strides` over `reduced` reach from where `strides` lead. Sums are kept in double. No size of `reduced` is 0.
void mean(const float* input, const Shape& shape, const Shape& strides, const Shape& reduced,
          const Shape& reduced_strides, float* output);

}  // namespace actionscope::engine
