#include "image/frame.hpp"

#include <string>

namespace actionscope::image {
namespace {

struct PlaneSize {
  std::size_t row_bytes;
  std::size_t rows;
};

PlaneSize size_of_plane(const FrameLayout& layout, int plane) {
  const auto width = static_cast<std::size_t>(layout.width);
  const auto height = static_cast<std::size_t>(layout.height);
  switch (layout.format) {
    case PixelFormat::rgba:
    case PixelFormat::rgbx:
    case PixelFormat::bgra:
    case PixelFormat::bgrx: return {4 * width, height};
    case PixelFormat::i420: return plane == 0 ? PlaneSize{width, height} : PlaneSize{(width + 1) / 2, (height + 1) / 2};
    case PixelFormat::nv12:
      return plane == 0 ? PlaneSize{width, height} : PlaneSize{2 * ((width + 1) / 2), (height + 1) / 2};
  }
  return {0, 0};
}

std::string size_text(int width, int height) { return std::to_string(width) + " x " + std::to_string(height); }

std::string plane_text(int plane) { return "Plane " + std::to_string(plane) + " of the frame"; }

// The border casts numbers from outside to these enumerations, so they may hold anything.
bool is_known(PixelFormat format) { return plane_count(format) != 0; }
bool is_known(ColorMatrix matrix) { return matrix == ColorMatrix::bt601 || matrix == ColorMatrix::bt709; }
bool is_known(ColorRange range) { return range == ColorRange::limited || range == ColorRange::full; }
bool is_known(Rotation rotation) {
  return rotation == Rotation::none || rotation == Rotation::clockwise_90 || rotation == Rotation::clockwise_180 ||
         rotation == Rotation::clockwise_270;
}

Result<void> check_description(const FrameLayout& layout) {
  if (!is_known(layout.format)) {
    return fail(ErrorCode::frame_invalid, "The frame's pixel format is not one that can be read.");
  }
  if (!is_known(layout.matrix) || !is_known(layout.range)) {
    return fail(ErrorCode::frame_invalid, "The frame's colour matrix or range is not one that can be read.");
  }
  if (!is_known(layout.rotation)) {
    return fail(ErrorCode::frame_invalid, "The frame's rotation is not a quarter turn.");
  }
  if (layout.width < 1 || layout.height < 1) {
    return fail(ErrorCode::frame_invalid,
                "The frame is " + size_text(layout.width, layout.height) + " pixels: there is no picture in it.");
  }
  if (layout.width > kLargestSide || layout.height > kLargestSide) {
    return fail(ErrorCode::frame_too_large, "The frame is " + size_text(layout.width, layout.height) +
                                                " pixels; the largest side that can be read is " +
                                                std::to_string(kLargestSide) + ".");
  }
  if (layout.display_width < 1 || layout.display_height < 1 || layout.display_width > kLargestDisplaySide ||
      layout.display_height > kLargestDisplaySide) {
    return fail(ErrorCode::frame_invalid, "The frame's display size of " +
                                              size_text(layout.display_width, layout.display_height) +
                                              " is not between 1 and " + std::to_string(kLargestDisplaySide) + ".");
  }
  return {};
}

}  // namespace

int plane_count(PixelFormat format) {
  switch (format) {
    case PixelFormat::rgba:
    case PixelFormat::rgbx:
    case PixelFormat::bgra:
    case PixelFormat::bgrx: return 1;
    case PixelFormat::nv12: return 2;
    case PixelFormat::i420: return 3;
  }
  return 0;
}

Result<void> check(const FrameLayout& layout, std::size_t bytes) {
  if (const auto description = check_description(layout); !description) return description;
  for (int plane = 0; plane < plane_count(layout.format); ++plane) {
    const auto [row_bytes, rows] = size_of_plane(layout, plane);
    const auto [offset, stride] = layout.planes[static_cast<std::size_t>(plane)];
    if (stride < row_bytes) {
      return fail(ErrorCode::frame_invalid, plane_text(plane) + " has rows of " + std::to_string(row_bytes) +
                                                " bytes, but only " + std::to_string(stride) +
                                                " bytes from row to row.");
    }
    // Written as differences and a quotient, so that no lying offset or stride can overflow.
    const bool fits =
        offset <= bytes && row_bytes <= bytes - offset && rows - 1 <= (bytes - offset - row_bytes) / stride;
    if (!fits) {
      return fail(ErrorCode::frame_invalid,
                  plane_text(plane) + " does not fit into the frame's " + std::to_string(bytes) + " bytes.");
    }
  }
  return {};
}

}  // namespace actionscope::image
