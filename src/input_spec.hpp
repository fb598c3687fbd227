#pragma once

// What a backbone expects of its input: written by model.json's "input", obeyed by the preprocessor.
// Shared vocabulary like result.hpp, so that the rooms image and model need not know each other.

#include <array>

namespace actionscope {

// stretch: the whole frame, whatever its shape. center_crop: the largest centred part of the tensor's shape, as
// displayed.
enum class ResizeMode { stretch, center_crop };
enum class Filter { bilinear, bicubic };
enum class ChannelOrder { rgb, bgr };

struct InputSpec {
  int width = 0;  // pixels of the tensor
  int height = 0;
  ResizeMode resize = ResizeMode::stretch;
  Filter filter = Filter::bilinear;
  bool antialias = true;  // widen the filter when shrinking (Pillow), or interpolate plainly (OpenCV)
  ChannelOrder channel_order = ChannelOrder::rgb;
  std::array<float, 3> mean{};  // of values scaled to 0..1, in channel_order
  std::array<float, 3> std{};   // > 0
};

}  // namespace actionscope
