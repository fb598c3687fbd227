#include "engine/scales.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/quantize.hpp"

namespace actionscope::engine {
namespace {

// Calls `work(element, scale)` with the index of each element and of its scale.
template <class Work>
void for_each(const Scales& scales, Work work) {
  std::size_t element = 0;
  for (std::size_t outer = 0; outer < scales.outer; ++outer) {
    for (std::size_t channel = 0; channel < scales.channels; ++channel) {
      for (std::size_t inner = 0; inner < scales.inner; ++inner) work(element++, scales.index(outer, channel, inner));
    }
  }
}

template <class Element>
void dequantize_as(std::span<const std::byte> input, const Scales& scales, float* output) {
  for_each(scales, [&](std::size_t index, std::size_t scale) {
    Element element{};
    std::memcpy(&element, input.data() + index * sizeof(Element), sizeof(Element));
    // The difference is exact in 64 bits; ONNX Runtime rounds it to float in the same way.
    const std::int64_t steps = static_cast<std::int64_t>(element) - scales.zero_points[scale];
    output[index] = static_cast<float>(steps) * scales.scales[scale];
  });
}

}  // namespace

std::int32_t quantized(float number, float scale, std::int32_t zero_point, ElementType type) {
  const float low = type == ElementType::int8 ? -128.0F : 0.0F;
  const float high = type == ElementType::int8 ? 127.0F : 255.0F;
  const float steps = std::nearbyint(number / scale);
  if (std::isnan(steps)) return static_cast<std::int32_t>(low);
  // Steps are saturated before the zero point is added, so that the sum is exact.
  const auto zero = static_cast<float>(zero_point);
  return static_cast<std::int32_t>(std::clamp(steps, low - zero, high - zero)) + zero_point;
}

void quantize(std::span<const float> input, const Scales& scales, ElementType type, std::byte* output) {
  if (scales.is_uniform()) {
    void* quanta = output;
    const float scale = scales.scales.front();
    const std::int32_t zero_point = scales.zero_points.front();
    if (type == ElementType::int8) {
      quantize_i8(input.data(), input.size(), scale, static_cast<std::int8_t>(zero_point),
                  static_cast<std::int8_t*>(quanta));
    } else {
      quantize_u8(input.data(), input.size(), scale, static_cast<std::uint8_t>(zero_point),
                  static_cast<std::uint8_t*>(quanta));
    }
    return;
  }
  for_each(scales, [&](std::size_t index, std::size_t scale) {
    const std::int32_t element = quantized(input[index], scales.scales[scale], scales.zero_points[scale], type);
    output[index] = static_cast<std::byte>(element & 0xFF);
  });
}

void dequantize(std::span<const std::byte> input, const Scales& scales, ElementType type, float* output) {
  const void* quanta = input.data();
  if (scales.is_uniform() && type == ElementType::uint8) {
    dequantize_u8(static_cast<const std::uint8_t*>(quanta), input.size(), scales.scales.front(),
                  static_cast<std::uint8_t>(scales.zero_points.front()), output);
  } else if (scales.is_uniform() && type == ElementType::int8) {
    dequantize_i8(static_cast<const std::int8_t*>(quanta), input.size(), scales.scales.front(),
                  static_cast<std::int8_t>(scales.zero_points.front()), output);
  } else if (type == ElementType::uint8) {
    dequantize_as<std::uint8_t>(input, scales, output);
  } else if (type == ElementType::int8) {
    dequantize_as<std::int8_t>(input, scales, output);
  } else {
    // ONNX has no other quantised elements.
    dequantize_as<std::int32_t>(input, scales, output);
  }
}

}  // namespace actionscope::engine
