#pragma once

// Pictures made by a formula, the same as in scripts/lib/reference/image_goldens.py: slopes, hard edges, saturated
// patches and noise.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/frame.hpp"
#include "input_spec.hpp"

namespace actionscope::image::testing {

struct Frame {
  FrameLayout layout;
  std::vector<std::uint8_t> pixels;
};

inline int noise(std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
  std::uint32_t h = x * 0x9E3779B1U + y * 0x85EBCA77U + channel * 0xC2B2AE3DU;
  h = (h ^ (h >> 15U)) * 0x2C1B3C6DU;
  h = (h ^ (h >> 12U)) * 0x297A2D39U;
  h ^= h >> 15U;
  return static_cast<int>(h % 33U);
}

inline std::uint8_t sample(int x, int y, int channel, int width, int height) {
  const int patch = ((x / 5) ^ (y / 5)) % 11;
  if (patch == 0) return channel == 1 ? 255 : 0;
  if (patch == 1) return channel == 1 ? 0 : 255;
  const int slope = channel == 0 ? 255 * x / width : channel == 1 ? 255 * y / height : 255 * (x + y) / (width + height);
  const int edged = (x / 9 + y / 7) % 3 == channel ? 255 - slope : slope;
  const int noisy =
      edged + noise(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(channel)) -
      16;
  return static_cast<std::uint8_t>(std::clamp(noisy, 0, 255));
}

inline FrameLayout layout_of_size(PixelFormat format, int width, int height) {
  FrameLayout layout;
  layout.format = format;
  layout.width = layout.display_width = width;
  layout.height = layout.display_height = height;
  return layout;
}

// Four bytes a pixel; the fourth is noise, so that a test fails if it counts.
inline Frame packed_frame(PixelFormat format, int width, int height) {
  Frame frame{layout_of_size(format, width, height), {}};
  frame.layout.planes[0] = {0, 4 * static_cast<std::size_t>(width)};
  const bool blue_first = format == PixelFormat::bgra || format == PixelFormat::bgrx;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) frame.pixels.push_back(sample(x, y, blue_first ? 2 - c : c, width, height));
      frame.pixels.push_back(static_cast<std::uint8_t>(7 * noise(static_cast<std::uint32_t>(x), 0, 3)));
    }
  }
  return frame;
}

// Chroma of the range that footage has: from 80 to 175. (Full-range noise would hold colours so far out of gamut that
// ffmpeg's 32-bit sums overflow and turn them over.)
inline std::uint8_t chroma_sample(int x, int y, int channel, int width, int height) {
  return static_cast<std::uint8_t>(80 + 3 * sample(x, y, channel, width, height) / 8);
}

// 4:2:0 without gaps; the three planes are the three channels of the formula at their sizes.
inline Frame planar_frame(PixelFormat format, int width, int height) {
  Frame frame{layout_of_size(format, width, height), {}};
  const int chroma_width = (width + 1) / 2;
  const int chroma_height = (height + 1) / 2;
  const auto luma_size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  const auto chroma_stride = static_cast<std::size_t>(chroma_width);
  const std::size_t chroma_size = chroma_stride * static_cast<std::size_t>(chroma_height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) frame.pixels.push_back(sample(x, y, 0, width, height));
  }
  frame.layout.planes[0] = {0, static_cast<std::size_t>(width)};
  if (format == PixelFormat::nv12) {
    frame.layout.planes[1] = {luma_size, 2 * chroma_stride};
    for (int y = 0; y < chroma_height; ++y) {
      for (int x = 0; x < chroma_width; ++x) {
        for (int c : {1, 2}) frame.pixels.push_back(chroma_sample(x, y, c, chroma_width, chroma_height));
      }
    }
    return frame;
  }
  frame.layout.planes[1] = {luma_size, chroma_stride};
  frame.layout.planes[2] = {luma_size + chroma_size, chroma_stride};
  for (int c : {1, 2}) {
    for (int y = 0; y < chroma_height; ++y) {
      for (int x = 0; x < chroma_width; ++x)
        frame.pixels.push_back(chroma_sample(x, y, c, chroma_width, chroma_height));
    }
  }
  return frame;
}

inline Frame frame_of(PixelFormat format, int width, int height) {
  return plane_count(format) == 1 ? packed_frame(format, width, height) : planar_frame(format, width, height);
}

// Values stay 0..1: mean 0 and std 1.
inline InputSpec plain_spec(int width, int height) {
  InputSpec spec;
  spec.width = width;
  spec.height = height;
  spec.mean = {0, 0, 0};
  spec.std = {1, 1, 1};
  return spec;
}

inline std::size_t tensor_size(const InputSpec& spec) {
  return 3 * static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height);
}

}  // namespace actionscope::image::testing
