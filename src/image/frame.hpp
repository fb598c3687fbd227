#pragma once

#include <array>
#include <cstddef>

#include "result.hpp"

namespace actionscope::image {

// Byte order in memory. rgbx and bgrx ignore their fourth byte; rgba and bgra ignore alpha too, since video is opaque.
// i420: planes Y, U, V. nv12: planes Y, UV interleaved. Chroma planes are ceil(width / 2) x ceil(height / 2).
enum class PixelFormat { rgba, rgbx, bgra, bgrx, i420, nv12 };

// Applies to i420 and nv12 only.
enum class ColorMatrix { bt601, bt709 };
enum class ColorRange { limited, full };

// Clockwise turn that brings the stored picture upright.
enum class Rotation { none = 0, clockwise_90 = 90, clockwise_180 = 180, clockwise_270 = 270 };

// Where a plane begins in the frame's buffer, and the distance between its rows, both in bytes.
struct Plane {
  std::size_t offset = 0;
  std::size_t stride = 0;
};

// How a frame's pixels lie in memory and how they are to be shown. The pixels themselves are owned by the caller.
struct FrameLayout {
  PixelFormat format = PixelFormat::rgba;
  int width = 0;  // stored pixels, 1..8192
  int height = 0;
  int display_width = 0;  // 1..65535, after pixel aspect ratio, before rotation; what center_crop looks at
  int display_height = 0;
  std::array<Plane, 3> planes{};
  Rotation rotation = Rotation::none;
  bool flip = false;  // mirrored left to right, after rotation
  ColorMatrix matrix = ColorMatrix::bt601;
  ColorRange range = ColorRange::limited;
};

inline constexpr int kLargestSide = 8192;
inline constexpr int kLargestDisplaySide = 65535;

// Number of planes that a format has: 1, 2 or 3.
int plane_count(PixelFormat format);

// Checks that every row of every plane lies within a buffer of `bytes` bytes and that the sizes are sane.
// Errors: frame_invalid, frame_too_large.
Result<void> check(const FrameLayout& layout, std::size_t bytes);

}  // namespace actionscope::image
