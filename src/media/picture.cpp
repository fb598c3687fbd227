#include "media/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>

#include "media/limits.hpp"

namespace actionscope::media {

namespace {

// What a picture without a named matrix mostly uses; by the height of the stored picture.
ColorMatrix usual_matrix(int height) { return height < 720 ? ColorMatrix::bt601 : ColorMatrix::bt709; }

// The matrix if it is one that the core knows, or not named at all.
std::optional<ColorMatrix> known_matrix(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709: return ColorMatrix::bt709;
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_BT470BG: return ColorMatrix::bt601;
    case AVCOL_SPC_FCC:
    case AVCOL_SPC_SMPTE240M:
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return std::nullopt;
    default: return usual_matrix(frame.height);
  }
}

int scaler_matrix(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_FCC: return SWS_CS_FCC;
    case AVCOL_SPC_SMPTE240M: return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return SWS_CS_BT2020;
    default: return known_matrix(frame) == ColorMatrix::bt709 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

bool is_full_range(const AVFrame& frame) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P: return true;
    default: return frame.color_range == AVCOL_RANGE_JPEG;
  }
}

std::optional<PixelFormat> direct_format(int format) {
  switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P: return PixelFormat::i420;
    case AV_PIX_FMT_NV12: return PixelFormat::nv12;
    default: return std::nullopt;
  }
}

bool resize(std::vector<std::uint8_t>& pixels, std::size_t bytes) {
  try {
    pixels.resize(bytes);
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

}  // namespace

Turn turn_of(std::span<const std::int32_t> display_matrix) {
  const std::int64_t a = display_matrix[0];
  const std::int64_t b = display_matrix[1];
  const std::int64_t c = display_matrix[3];
  const std::int64_t d = display_matrix[4];
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) return {d < 0 ? 180 : 0, (a < 0) != (d < 0)};
  return {b < 0 ? 270 : 90, (c < 0) == (b < 0)};
}

DisplaySize display_size(int width, int height, AVRational aspect) {
  static constexpr double kLargest = 65535;
  static constexpr double kWidest = 100;
  const double ratio = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
  const bool sane = ratio <= kWidest && ratio >= 1 / kWidest;
  const double shown = std::clamp(std::round(width * (sane ? ratio : 1)), 1.0, kLargest);
  return {static_cast<int>(shown), height};
}

Result<Picture> PictureMaker::picture(const AVFrame& frame, AVRational aspect, Turn turn) {
  PictureLayout layout;
  layout.width = frame.width;
  layout.height = frame.height;
  layout.display = display_size(frame.width, frame.height, aspect);
  layout.turn = turn;
  const auto format = direct_format(frame.format);
  const auto matrix = known_matrix(frame);
  if (!format || !matrix) return converted(frame, layout);
  layout.format = *format;
  layout.matrix = *matrix;
  layout.range = is_full_range(frame) ? ColorRange::full : ColorRange::limited;
  layout.plane_count = *format == PixelFormat::i420 ? 3 : 2;
  return as_it_is(frame, layout);
}

Result<Picture> PictureMaker::as_it_is(const AVFrame& frame, PictureLayout layout) {
  const auto chroma_width = static_cast<std::size_t>((frame.width + 1) / 2);
  const auto width_of = [&](std::size_t plane) {
    if (plane == 0) return static_cast<std::size_t>(frame.width);
    return layout.format == PixelFormat::i420 ? chroma_width : 2 * chroma_width;
  };
  const auto height_of = [&](std::size_t plane) {
    return static_cast<std::size_t>(plane == 0 ? frame.height : (frame.height + 1) / 2);
  };
  const std::uint8_t* first = frame.data[0];
  const std::uint8_t* last = first;
  bool in_one_piece = frame.buf[0] != nullptr && frame.buf[1] == nullptr;
  for (std::size_t plane = 0; plane < layout.plane_count; ++plane) {
    in_one_piece = in_one_piece && frame.linesize[plane] > 0 && frame.data[plane] >= last;
    if (!in_one_piece) break;
    const auto stride = static_cast<std::size_t>(frame.linesize[plane]);
    layout.planes[plane] = {static_cast<std::size_t>(frame.data[plane] - first), stride};
    last = frame.data[plane] + (height_of(plane) - 1) * stride + width_of(plane);
  }
  if (in_one_piece) return Picture{layout, {first, last}};

  std::size_t total = 0;
  for (std::size_t plane = 0; plane < layout.plane_count; ++plane) {
    layout.planes[plane] = {total, width_of(plane)};
    total += width_of(plane) * height_of(plane);
  }
  if (!resize(pixels_, total)) return tl::unexpected<Error>(out_of_memory());
  for (std::size_t plane = 0; plane < layout.plane_count; ++plane) {
    const auto width = static_cast<int>(width_of(plane));
    av_image_copy_plane(pixels_.data() + layout.planes[plane].offset, width, frame.data[plane], frame.linesize[plane],
                        width, static_cast<int>(height_of(plane)));
  }
  return Picture{layout, pixels_};
}

Result<Picture> PictureMaker::converted(const AVFrame& frame, PictureLayout layout) {
  static constexpr int kFlags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
  const auto format = static_cast<AVPixelFormat>(frame.format);
  if (sws_isSupportedInput(format) == 0) {
    const char* name = av_get_pix_fmt_name(format);
    return fail(ErrorCode::file_corrupt, "This video's pictures have a format that cannot be shown (" +
                                             std::string(name == nullptr ? "unknown" : name) + ").");
  }
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, format, frame.width, frame.height,
                                     AV_PIX_FMT_RGBA, kFlags, nullptr, nullptr, nullptr));
  if (!scaler_) return tl::unexpected<Error>(out_of_memory());
  const int* matrix = sws_getCoefficients(scaler_matrix(frame));
  static constexpr int kOne = 1 << 16;
  sws_setColorspaceDetails(scaler_.get(), matrix, is_full_range(frame) ? 1 : 0, matrix, 1, 0, kOne, kOne);
  // FFmpeg may write a little past the last row.
  static constexpr std::size_t kPadding = 64;
  const auto stride = static_cast<std::size_t>(frame.width) * 4;
  const std::size_t bytes = stride * static_cast<std::size_t>(frame.height);
  if (!resize(pixels_, bytes + kPadding)) return tl::unexpected<Error>(out_of_memory());
  const std::array<std::uint8_t*, 4> into{pixels_.data()};
  const std::array<int, 4> strides{static_cast<int>(stride)};
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, into.data(), strides.data()) < 0) {
    return tl::unexpected<Error>(out_of_memory());
  }
  layout.format = PixelFormat::rgba;
  layout.planes[0] = {0, stride};
  return Picture{layout, std::span(pixels_).first(bytes)};
}

}  // namespace actionscope::media
