// Between floats and 8 bits, sixteen numbers at a time. Bound by the division, and where planes become channels last by
// the stores of single bytes.

#include "engine/quantize.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/simd_i8.hpp"

namespace actionscope::engine {
namespace {

constexpr std::size_t kBlock = 16;
constexpr std::size_t kLanes = 4;
constexpr std::int32_t kSignBit = 128;

// To bytes 0..highest.
class Quantizer {
 public:
  Quantizer(float scale, std::int32_t zero_point, std::int32_t highest)
      : scale_(splat(scale)),
        zero_point_(zero_point),
        low_(splat(static_cast<float>(-zero_point))),
        high_(splat(static_cast<float>(highest - zero_point))) {}

  U8x16 block(const float* from) const {
    return narrow_to_u8(four(from), four(from + kLanes), four(from + 2 * kLanes), four(from + 3 * kLanes));
  }

  // Calls put(index of the first, bytes, how many) block after block.
  template <class Put>
  void each_block(const float* input, std::size_t count, const Put& put) const {
    std::size_t i = 0;
    for (; i + kBlock <= count; i += kBlock) put(i, block(input + i), kBlock);
    if (i == count) return;
    std::array<float, kBlock> rest = {};
    std::copy(input + i, input + count, rest.data());
    put(i, block(rest.data()), count - i);
  }

 private:
  // Clamped before it is rounded: the bounds are integers.
  I32x4 four(const float* from) const {
    return round_to_i32(clamp_nan_to_low(load<F32x4>(from) / scale_, low_, high_), zero_point_);
  }

  F32x4 scale_;
  std::int32_t zero_point_;
  F32x4 low_, high_;
};

void quantize(const Quantizer& quantizer, const float* input, std::size_t count, std::uint8_t flipped, void* output) {
  auto* to = static_cast<std::uint8_t*>(output);
  quantizer.each_block(input, count, [&](std::size_t first, U8x16 bytes, std::size_t filled) {
    bytes ^= flipped;
    if (filled == kBlock) {
      store(to + first, bytes);
    } else {
      std::memcpy(to + first, &bytes, filled);
    }
  });
}

template <class Quantum>
void dequantize(const Quantum* input, std::size_t count, float scale, std::int32_t zero_point, float* output) {
  for (std::size_t i = 0; i < count; ++i) output[i] = static_cast<float>(input[i] - zero_point) * scale;
}

// Sixteen pixels of three channels.
void store_interleaved(U8x16 red, U8x16 green, U8x16 blue, std::uint8_t* to) {
  // Red and green first, with any byte where blue is to go.
  const U8x16 first = __builtin_shufflevector(red, green, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  const U8x16 second = __builtin_shufflevector(red, green, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
  const U8x16 third = __builtin_shufflevector(red, green, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
  store(to, __builtin_shufflevector(first, blue, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  store(to + kBlock, __builtin_shufflevector(second, blue, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
  store(to + 2 * kBlock,
        __builtin_shufflevector(third, blue, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
}

}  // namespace

void quantize_u7(const float* input, std::size_t count, const Quantization& quantization, std::uint8_t* output) {
  quantize(Quantizer(quantization.scale, quantization.zero_point, 127), input, count, 0, output);
}

void quantize_u8(const float* input, std::size_t count, float scale, std::uint8_t zero_point, std::uint8_t* output) {
  quantize(Quantizer(scale, zero_point, 255), input, count, 0, output);
}

void quantize_i8(const float* input, std::size_t count, float scale, std::int8_t zero_point, std::int8_t* output) {
  // Signed bytes are unsigned ones 128 higher, whose highest bit says the contrary.
  quantize(Quantizer(scale, zero_point + kSignBit, 255), input, count, kSignBit, output);
}

void quantize_planes_u7(const float* input, std::size_t batch, std::size_t channels, std::size_t pixels,
                        const Quantization& quantization, std::uint8_t* output) {
  const Quantizer quantizer(quantization.scale, quantization.zero_point, 127);
  for (std::size_t image = 0; image < batch; ++image, input += channels * pixels, output += channels * pixels) {
    std::size_t done = 0;
    if (channels == 3) {
      for (; done + kBlock <= pixels; done += kBlock) {
        const float* from = input + done;
        store_interleaved(quantizer.block(from), quantizer.block(from + pixels), quantizer.block(from + 2 * pixels),
                          output + 3 * done);
      }
    }
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const float* plane = input + channel * pixels;
      quantizer.each_block(plane + done, pixels - done, [&](std::size_t first, U8x16 bytes, std::size_t filled) {
        std::uint8_t* to = output + (done + first) * channels + channel;
        for (std::size_t i = 0; i < filled; ++i) to[i * channels] = bytes[i];
      });
    }
  }
}

void dequantize_u8(const std::uint8_t* input, std::size_t count, float scale, std::uint8_t zero_point, float* output) {
  dequantize(input, count, scale, zero_point, output);
}

void dequantize_i8(const std::int8_t* input, std::size_t count, float scale, std::int8_t zero_point, float* output) {
  dequantize(input, count, scale, zero_point, output);
}

}  // namespace actionscope::engine
