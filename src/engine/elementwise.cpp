#include "engine/elementwise.hpp"

#include <cstring>
#include <type_traits>

namespace actionscope::engine {
namespace {

// Calls `work(offsets...)` for each index of `shape`, row-major, with where it lies under each of the strides.
template <class Work>
void walk(const Shape& shape, const Shape& strides_a, const Shape& strides_b, Work work) {
  const std::size_t count = element_count(shape);
  Shape index(shape.size(), 0);
  std::int64_t a = 0;
  std::int64_t b = 0;
  for (std::size_t done = 0; done < count; ++done) {
    work(a, b);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      a += strides_a[axis];
      b += strides_b[axis];
      if (++index[axis] < shape[axis]) break;
      a -= strides_a[axis] * shape[axis];
      b -= strides_b[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

template <class T>
T sum(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a + b;
  } else {
    // Unsigned and wide, since signed overflow is undefined.
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
}

}  // namespace

template <class T>
void clamp(const T* input, std::size_t count, T low, T high, T* output) {
  for (std::size_t index = 0; index < count; ++index) {
    const T raised = input[index] < low ? low : input[index];
    output[index] = high < raised ? high : raised;
  }
}

template <class T>
void add(const T* a, const T* b, std::size_t count, T* output) {
  for (std::size_t index = 0; index < count; ++index) output[index] = sum(a[index], b[index]);
}

template <class T>
void add_broadcast(const T* a, const Shape& strides_a, const T* b, const Shape& strides_b, const Shape& shape,
                   T* output) {
  walk(shape, strides_a, strides_b, [&](std::int64_t at_a, std::int64_t at_b) { *output++ = sum(a[at_a], b[at_b]); });
}

void affine(const float* input, std::size_t outer, std::span<const float> scale, std::span<const float> shift,
            std::size_t inner, float* output) {
  for (std::size_t block = 0; block < outer; ++block) {
    for (std::size_t channel = 0; channel < scale.size(); ++channel) {
      for (std::size_t index = 0; index < inner; ++index) *output++ = *input++ * scale[channel] + shift[channel];
    }
  }
}

void gather(const std::byte* input, std::size_t size, const Shape& shape, const Shape& strides, std::byte* output) {
  walk(shape, strides, strides, [&](std::int64_t at, std::int64_t) {
    std::memcpy(output, input + static_cast<std::size_t>(at) * size, size);
    output += size;
  });
}

void mean(const float* input, const Shape& shape, const Shape& strides, const Shape& reduced,
          const Shape& reduced_strides, float* output) {
  const auto count = static_cast<double>(element_count(reduced));
  walk(shape, strides, strides, [&](std::int64_t start, std::int64_t) {
    double total = 0;
    walk(reduced, reduced_strides, reduced_strides,
         [&](std::int64_t at, std::int64_t) { total += static_cast<double>(input[start + at]); });
    *output++ = static_cast<float>(total / count);
  });
}

template void clamp(const float*, std::size_t, float, float, float*);
template void clamp(const std::uint8_t*, std::size_t, std::uint8_t, std::uint8_t, std::uint8_t*);
template void clamp(const std::int8_t*, std::size_t, std::int8_t, std::int8_t, std::int8_t*);
template void clamp(const std::int32_t*, std::size_t, std::int32_t, std::int32_t, std::int32_t*);
template void clamp(const std::int64_t*, std::size_t, std::int64_t, std::int64_t, std::int64_t*);

template void add(const float*, const float*, std::size_t, float*);
template void add(const std::uint8_t*, const std::uint8_t*, std::size_t, std::uint8_t*);
template void add(const std::int8_t*, const std::int8_t*, std::size_t, std::int8_t*);
template void add(const std::int32_t*, const std::int32_t*, std::size_t, std::int32_t*);
template void add(const std::int64_t*, const std::int64_t*, std::size_t, std::int64_t*);

template void add_broadcast(const float*, const Shape&, const float*, const Shape&, const Shape&, float*);
template void add_broadcast(const std::uint8_t*, const Shape&, const std::uint8_t*, const Shape&, const Shape&,
                            std::uint8_t*);
template void add_broadcast(const std::int8_t*, const Shape&, const std::int8_t*, const Shape&, const Shape&,
                            std::int8_t*);
template void add_broadcast(const std::int32_t*, const Shape&, const std::int32_t*, const Shape&, const Shape&,
                            std::int32_t*);
template void add_broadcast(const std::int64_t*, const Shape&, const std::int64_t*, const Shape&, const Shape&,
                            std::int64_t*);

}  // namespace actionscope::engine
