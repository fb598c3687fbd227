#include "image/pixel_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace actionscope::image {
namespace {

// A luma sample lies a quarter of a chroma sample away from the nearest one. The cubic kernel with a = -0.6
// (kernels.hpp) at distances 0.25, 0.75, 1.25 and 1.75:
constexpr float kNearest = 0.871875F;
constexpr float kNear = 0.240625F;
constexpr float kFar = -0.084375F;
constexpr float kFarthest = -0.028125F;

// Rounds to the nearest integer and clamps to 0..255. Adding 1.5 * 2^23 leaves a float no bits for a fraction, and the
// integer in its lowest ones. Unlike comparisons and conversions of floats, compilers turn this into SIMD everywhere.
std::uint32_t to_byte(float value) {
  constexpr float shift = 12582912.0F;
  const std::int32_t integer = std::bit_cast<std::int32_t>(value + shift) - std::bit_cast<std::int32_t>(shift);
  return static_cast<std::uint32_t>(std::min(std::max(integer, 0), 255));
}

using FourRows = std::array<const std::uint8_t*, 4>;
using FourWeights = std::array<float, 4>;

// target[i] = sum over k of weights[k] * rows[k][i * Step].
template <std::size_t Step>
void blend(const FourRows& rows, const FourWeights& weights, float* target, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    target[i] = weights[0] * static_cast<float>(rows[0][i * Step]) +
                weights[1] * static_cast<float>(rows[1][i * Step]) +
                weights[2] * static_cast<float>(rows[2][i * Step]) + weights[3] * static_cast<float>(rows[3][i * Step]);
  }
}

// Twice as wide: chroma[2] is the sample over wide[0] and wide[1].
void widen(const float* chroma, float* wide, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float* c = chroma + i;
    wide[2 * i] = kFarthest * c[0] + kNear * c[1] + kNearest * c[2] + kFar * c[3];
    wide[2 * i + 1] = kFar * c[1] + kNearest * c[2] + kNear * c[3] + kFarthest * c[4];
  }
}

// Fills what of begin .. end lies before and after `count` values with the first and the last of these.
void repeat_edges(float* begin, float* values, std::size_t count, float* end) {
  std::fill(begin, values, values[0]);
  std::fill(values + count, end, values[count - 1]);
}

}  // namespace

PackedRows::PackedRows(std::span<const std::uint8_t> pixels, const FrameLayout& layout)
    : pixels_(pixels.data() + layout.planes[0].offset), stride_(layout.planes[0].stride) {}

const std::uint8_t* PackedRows::row(int y, int first, int) {
  return pixels_ + static_cast<std::size_t>(y) * stride_ + 4 * static_cast<std::size_t>(first);
}

// ITU-R BT.601-7 and BT.709-6: red is Y + 2 (1 - kr) V, blue is Y + 2 (1 - kb) U, and green what is left of
// Y = kr R + (1 - kr - kb) G + kb B.
YuvRows::Matrix YuvRows::matrix_of(ColorMatrix matrix, ColorRange range) {
  const double kr = matrix == ColorMatrix::bt709 ? 0.2126 : 0.299;
  const double kb = matrix == ColorMatrix::bt709 ? 0.0722 : 0.114;
  const double kg = 1 - kr - kb;
  const bool limited = range == ColorRange::limited;
  const double luma = limited ? 255.0 / 219 : 1;
  const double chroma = limited ? 255.0 / 224 : 1;
  const double black = limited ? 16 : 0;
  const double v_to_red = 2 * (1 - kr) * chroma;
  const double u_to_blue = 2 * (1 - kb) * chroma;
  const double u_to_green = -u_to_blue * kb / kg;
  const double v_to_green = -v_to_red * kr / kg;
  const auto offset = [&](double of_chroma) { return static_cast<float>(-black * luma - 128 * of_chroma); };
  return {static_cast<float>(luma),        static_cast<float>(v_to_red),
          static_cast<float>(u_to_green),  static_cast<float>(v_to_green),
          static_cast<float>(u_to_blue),   offset(v_to_red),
          offset(u_to_green + v_to_green), offset(u_to_blue)};
}

void YuvRows::reserve(int width) {
  const std::size_t chroma_width = (static_cast<std::size_t>(width) + 1) / 2;
  u_.resize(chroma_width + 4);
  v_.resize(chroma_width + 4);
  wide_u_.resize(2 * chroma_width);
  wide_v_.resize(2 * chroma_width);
  rgbx_.resize(8 * chroma_width);
}

void YuvRows::begin(std::span<const std::uint8_t> pixels, const FrameLayout& layout) {
  pixels_ = pixels.data();
  layout_ = layout;
  matrix_ = matrix_of(layout.matrix, layout.range);
}

// Fills u_ and v_ with chroma samples first - 2 .. last + 2 of the luma row y, edges repeated.
void YuvRows::blend_chroma(int y, int first, int last) {
  const int width = (layout_.width + 1) / 2;
  const int height = (layout_.height + 1) / 2;
  const bool upper = y % 2 == 0;
  const FourWeights weights =
      upper ? FourWeights{kFarthest, kNear, kNearest, kFar} : FourWeights{kFar, kNearest, kNear, kFarthest};
  const int top = y / 2 - (upper ? 2 : 1);
  const int left = std::max(first - 2, 0);
  const int right = std::min(last + 2, width - 1);

  const auto start = static_cast<std::size_t>(left);
  const auto rows_at = [&](const Plane& plane, std::size_t column) {
    FourRows rows;
    for (int k = 0; k < 4; ++k) {
      const auto row = static_cast<std::size_t>(std::clamp(top + k, 0, height - 1));
      rows[static_cast<std::size_t>(k)] = pixels_ + plane.offset + row * plane.stride + column;
    }
    return rows;
  };
  float* u = u_.data() + (left - first + 2);
  float* v = v_.data() + (left - first + 2);
  const std::size_t count = static_cast<std::size_t>(right) - start + 1;
  if (layout_.format == PixelFormat::nv12) {
    blend<2>(rows_at(layout_.planes[1], 2 * start), weights, u, count);
    blend<2>(rows_at(layout_.planes[1], 2 * start + 1), weights, v, count);
  } else {
    blend<1>(rows_at(layout_.planes[1], start), weights, u, count);
    blend<1>(rows_at(layout_.planes[2], start), weights, v, count);
  }
  repeat_edges(u_.data(), u, count, u_.data() + (last - first + 5));
  repeat_edges(v_.data(), v, count, v_.data() + (last - first + 5));
}

const std::uint8_t* YuvRows::row(int y, int first, int count) {
  static_assert(std::endian::native == std::endian::little, "R, G, B, 0 are packed into a number's bytes.");
  const int first_chroma = first / 2;
  const int last_chroma = (first + count - 1) / 2;
  blend_chroma(y, first_chroma, last_chroma);
  const auto chroma_count = static_cast<std::size_t>(last_chroma) - static_cast<std::size_t>(first_chroma) + 1;
  widen(u_.data(), wide_u_.data(), chroma_count);
  widen(v_.data(), wide_v_.data(), chroma_count);

  const Plane& luma = layout_.planes[0];
  const std::uint8_t* luma_row =
      pixels_ + luma.offset + static_cast<std::size_t>(y) * luma.stride + static_cast<std::size_t>(first);
  const float* u = wide_u_.data() + first % 2;
  const float* v = wide_v_.data() + first % 2;
  const Matrix m = matrix_;
  std::uint8_t* rgbx = rgbx_.data();
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const float l = m.luma * static_cast<float>(luma_row[i]);
    const float red = l + m.v_to_red * v[i] + m.red;
    const float green = l + m.u_to_green * u[i] + m.v_to_green * v[i] + m.green;
    const float blue = l + m.u_to_blue * u[i] + m.blue;
    const std::uint32_t pixel = to_byte(red) | to_byte(green) << 8 | to_byte(blue) << 16;
    std::memcpy(rgbx + 4 * i, &pixel, 4);
  }
  return rgbx;
}

}  // namespace actionscope::image
