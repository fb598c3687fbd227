#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/ffmpeg.hpp"
#include "result.hpp"

namespace actionscope::media {

// Byte order in memory: rgba; planes Y, U, V; or planes Y and UV interleaved.
enum class PixelFormat { rgba, i420, nv12 };
enum class ColorMatrix { bt601, bt709 };
enum class ColorRange { limited, full };

// In bytes, from the start of the pixels, and from row to row.
struct Plane {
  std::size_t offset = 0;
  std::size_t stride = 0;
};

// How a stored picture is to be turned: first clockwise by 0, 90, 180 or 270 degrees, then mirrored left to right.
struct Turn {
  int rotation = 0;
  bool flip = false;
};

// Of a display matrix of FFmpeg, 9 numbers in 3 rows, which maps stored (x, y) to shown (a x + c y, b x + d y), where
// a, b, c, d are its first, second, fourth and fifth number. Other angles become the nearest quarter turn.
Turn turn_of(std::span<const std::int32_t> display_matrix);

// Pixels after pixel aspect ratio, before rotation: 1..65535 a side.
struct DisplaySize {
  int width = 0;
  int height = 0;
};
// `aspect`: width of a pixel over its height; one that is unset or absurd counts as 1.
DisplaySize display_size(int width, int height, AVRational aspect);

struct PictureLayout {
  PixelFormat format = PixelFormat::rgba;
  int width = 0;  // stored pixels, 1..8192
  int height = 0;
  DisplaySize display;
  std::array<Plane, 3> planes{};
  std::size_t plane_count = 1;
  Turn turn;
  ColorMatrix matrix = ColorMatrix::bt709;
  ColorRange range = ColorRange::full;
};

struct Picture {
  PictureLayout layout;
  std::span<const std::uint8_t> pixels;
};

// Makes pictures of decoded frames: those in 8-bit 4:2:0 with a matrix that the core knows as they are, all others
// converted to RGBA.
class PictureMaker {
 public:
  // The pixels belong to `frame` or to this maker, and are good until either changes. Errors: out_of_memory,
  // file_corrupt (a frame that no conversion is known for).
  Result<Picture> picture(const AVFrame& frame, AVRational aspect, Turn turn);

 private:
  Result<Picture> as_it_is(const AVFrame& frame, PictureLayout layout);
  Result<Picture> converted(const AVFrame& frame, PictureLayout layout);

  Scaler scaler_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace actionscope::media
