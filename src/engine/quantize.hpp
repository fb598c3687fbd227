#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/gemm_i8.hpp"

namespace actionscope::engine {

// All of these follow ONNX's QuantizeLinear, with a true division by the scale: round-half-even(real / scale) +
// zero_point, clamped to what the type holds. NaN gives the lowest quantum. scale > 0 and finite; the zero point is one
// of the type's values. Arrays are contiguous; input and output do not overlap.

// To 0..127.
void quantize_u7(const float* input, std::size_t count, const Quantization& quantization, std::uint8_t* output);
// To 0..255 and -128..127.
void quantize_u8(const float* input, std::size_t count, float scale, std::uint8_t zero_point, std::uint8_t* output);
void quantize_i8(const float* input, std::size_t count, float scale, std::int8_t zero_point, std::int8_t* output);

// From [batch][channels][pixels] to 0..127 in [batch][pixels][channels].
void quantize_planes_u7(const float* input, std::size_t batch, std::size_t channels, std::size_t pixels,
                        const Quantization& quantization, std::uint8_t* output);

// And back, as DequantizeLinear has it: (quantum - zero_point) * scale. u8 serves 7-bit quanta as well.
void dequantize_u8(const std::uint8_t* input, std::size_t count, float scale, std::uint8_t zero_point, float* output);
void dequantize_i8(const std::int8_t* input, std::size_t count, float scale, std::int8_t zero_point, float* output);

}  // namespace actionscope::engine
