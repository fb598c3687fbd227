#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/frame.hpp"
#include "image/resampler.hpp"

namespace actionscope::image {

// Rows of a frame whose format has four bytes a pixel, as they lie in memory.
class PackedRows final : public RowSource {
 public:
  // `layout` must have passed check() for `pixels`. Both must outlive this object.
  PackedRows(std::span<const std::uint8_t> pixels, const FrameLayout& layout);

  const std::uint8_t* row(int y, int first, int count) override;

 private:
  const std::uint8_t* pixels_;
  std::size_t stride_;
};

// Rows of an i420 or nv12 frame, turned to R, G, B, 0 bytes one row at a time.
//
// Chroma is brought to luma's size by cubic interpolation (a = -0.6), each chroma sample taken to lie in the middle of
// its four luma samples, and the result is clamped and rounded to bytes: the same choices as ffmpeg's swscale with
// accurate_rnd, full_chroma_int and full_chroma_inp. On real frames it differs from that by at most 2/255, and by more
// than 1/255 at one sample in a million. (Where width or height is odd, ffmpeg stretches chroma over the edge; we do
// not.) Clamping has to come before the resize: chroma at half resolution leaves colours out of gamut along edges, and
// averaging these unclamped is off by 13/255 at the worst pixel of a usual frame. Most H.264 files say that chroma lies
// at the left pair of the four samples instead; ffmpeg's default ignores that, and so do we, to see the same colours.
class YuvRows final : public RowSource {
 public:
  // Takes memory for frames of this many columns.
  void reserve(int width);

  // `layout` must have passed check() for `pixels`, and its width be the reserved one; `pixels` must stay until the
  // last row is read.
  void begin(std::span<const std::uint8_t> pixels, const FrameLayout& layout);

  const std::uint8_t* row(int y, int first, int count) override;

 private:
  // Bytes to bytes: red = luma * Y + v_to_red * V + red, and so on.
  struct Matrix {
    float luma;
    float v_to_red, u_to_green, v_to_green, u_to_blue;
    float red, green, blue;
  };

  static Matrix matrix_of(ColorMatrix matrix, ColorRange range);
  void blend_chroma(int y, int first, int last);

  const std::uint8_t* pixels_ = nullptr;
  FrameLayout layout_;
  Matrix matrix_{};
  // A stretch of chroma at the height of one luma row, with two samples more at each end, then at luma's width too.
  std::vector<float> u_, v_, wide_u_, wide_v_;
  std::vector<std::uint8_t> rgbx_;
};

}  // namespace actionscope::image
