#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor.hpp"

namespace actionscope::engine {

// Quantised elements as numbers: (element - zero point) * scale. The elements are seen as [outer][channels][inner],
// with one scale and zero point a channel, or one for all. Where blocks are quantised on their own, `block` neighbours
// on the middle axis share them: [outer][channels / block][inner].
struct Scales {
  std::size_t outer = 1;
  std::size_t channels = 1;
  std::size_t inner = 1;
  std::size_t block = 0;      // 0: not by block
  std::vector<float> scales;  // positive, finite
  std::vector<std::int32_t> zero_points;

  bool is_uniform() const { return block == 0 && scales.size() == 1; }

  // Which scale the element of these indices has.
  std::size_t index(std::size_t outer_index, std::size_t channel, std::size_t inner_index) const {
    if (block != 0) return (outer_index * (channels / block) + channel / block) * inner + inner_index;
    return scales.size() == 1 ? 0 : channel;
  }
};

// ONNX's QuantizeLinear of one number: round-half-even(number / scale) + zero_point, saturated to the type's range. NaN
// gives the lowest quantum. `type`: uint8 or int8.
std::int32_t quantized(float number, float scale, std::int32_t zero_point, ElementType type);

// ONNX's QuantizeLinear to uint8 or int8; `output` has as many bytes as `input` has floats.
void quantize(std::span<const float> input, const Scales& scales, ElementType type, std::byte* output);

// ONNX's DequantizeLinear from uint8, int8 or int32, whose elements need no alignment; `output` has one float an
// element.
void dequantize(std::span<const std::byte> input, const Scales& scales, ElementType type, float* output);

}  // namespace actionscope::engine
