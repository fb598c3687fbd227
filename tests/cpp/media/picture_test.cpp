// How a decoded frame becomes a picture for the core: planes as they are, or RGBA.

#include "media/picture.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdint>

#include "media/ffmpeg.hpp"

namespace {

using actionscope::media::ColorMatrix;
using actionscope::media::ColorRange;
using actionscope::media::display_size;
using actionscope::media::Frame;
using actionscope::media::Picture;
using actionscope::media::PictureMaker;
using actionscope::media::PixelFormat;
using actionscope::media::Turn;
using actionscope::media::turn_of;

constexpr AVRational kSquare{1, 1};

// A frame of one colour, given in 8 bits a channel and stored in as many as the format has.
Frame plain_frame(AVPixelFormat format, int width, int height, std::array<int, 3> colour) {
  Frame frame(av_frame_alloc());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  REQUIRE(av_frame_get_buffer(frame.get(), 0) == 0);
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : descriptor->log2_chroma_h;
    const int rows = -(-height >> shift);
    for (int row = 0; row < rows; ++row) {
      std::uint8_t* start = frame->data[plane] + row * frame->linesize[plane];
      for (int column = 0; column < width; ++column) {
        const int depth = descriptor->comp[0].depth;
        const int value = colour[static_cast<std::size_t>(plane)] << (depth - 8);
        if (depth == 8) {
          start[column] = static_cast<std::uint8_t>(value);
        } else {
          start[2 * column] = static_cast<std::uint8_t>(value);
          start[2 * column + 1] = static_cast<std::uint8_t>(value >> 8);
        }
      }
    }
  }
  return frame;
}

std::array<int, 4> first_pixel(const Picture& picture) {
  return {picture.pixels[0], picture.pixels[1], picture.pixels[2], picture.pixels[3]};
}

// The formula of every matrix that is named by its weights of red and blue, from limited range to RGB of 0..255.
std::array<double, 3> rgb(std::array<int, 3> colour, double red_weight, double blue_weight) {
  const double luma = (colour[0] - 16) / 219.0;
  const double blue = (colour[1] - 128) / 224.0;
  const double red = (colour[2] - 128) / 224.0;
  const double r = luma + 2 * (1 - red_weight) * red;
  const double b = luma + 2 * (1 - blue_weight) * blue;
  const double g = (luma - red_weight * r - blue_weight * b) / (1 - red_weight - blue_weight);
  return {255 * r, 255 * g, 255 * b};
}

void check_colour(const Picture& picture, std::array<double, 3> expected) {
  const auto pixel = first_pixel(picture);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    INFO("channel " << channel);
    CHECK(std::abs(pixel[channel] - expected[channel]) <= 1.5);
  }
  CHECK(pixel[3] == 255);
}

constexpr std::array kColour{120, 110, 150};

TEST_CASE("8-bit 4:2:0 crosses as it is, its planes one after another") {
  PictureMaker maker;
  const Frame frame = plain_frame(AV_PIX_FMT_YUV420P, 7, 5, kColour);
  const auto picture = maker.picture(*frame, kSquare, Turn{90, true});
  REQUIRE(picture.has_value());
  const auto& layout = picture->layout;
  CHECK(layout.format == PixelFormat::i420);
  CHECK(layout.width == 7);
  CHECK(layout.height == 5);
  CHECK(layout.turn.rotation == 90);
  CHECK(layout.turn.flip);
  CHECK(layout.plane_count == 3);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const std::size_t width = plane == 0 ? 7 : 4;
    const std::size_t height = plane == 0 ? 5 : 3;
    const std::size_t last = layout.planes[plane].offset + (height - 1) * layout.planes[plane].stride + width - 1;
    REQUIRE(last < picture->pixels.size());
    CHECK(picture->pixels[layout.planes[plane].offset] == kColour[plane]);
    CHECK(picture->pixels[last] == kColour[plane]);
  }
}

TEST_CASE("a matrix that is not named is that of pictures of the size; one that is named counts") {
  PictureMaker maker;
  const auto matrix_of = [&maker](int height, AVColorSpace space) {
    const Frame frame = plain_frame(AV_PIX_FMT_YUV420P, 16, height, kColour);
    frame->colorspace = space;
    return maker.picture(*frame, kSquare, {})->layout.matrix;
  };
  CHECK(matrix_of(718, AVCOL_SPC_UNSPECIFIED) == ColorMatrix::bt601);
  CHECK(matrix_of(720, AVCOL_SPC_UNSPECIFIED) == ColorMatrix::bt709);
  CHECK(matrix_of(480, AVCOL_SPC_BT709) == ColorMatrix::bt709);
  CHECK(matrix_of(1080, AVCOL_SPC_SMPTE170M) == ColorMatrix::bt601);
}

TEST_CASE("the full range is told by the format or by the frame") {
  PictureMaker maker;
  Frame frame = plain_frame(AV_PIX_FMT_YUVJ420P, 8, 8, kColour);
  CHECK(maker.picture(*frame, kSquare, {})->layout.range == ColorRange::full);
  frame = plain_frame(AV_PIX_FMT_YUV420P, 8, 8, kColour);
  CHECK(maker.picture(*frame, kSquare, {})->layout.range == ColorRange::limited);
  frame->color_range = AVCOL_RANGE_JPEG;
  CHECK(maker.picture(*frame, kSquare, {})->layout.range == ColorRange::full);
}

TEST_CASE("4:2:2, 4:4:4 and 10 bits become RGBA by the matrix of the picture") {
  PictureMaker maker;
  for (const AVPixelFormat format : {AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV420P10LE}) {
    INFO(av_get_pix_fmt_name(format));
    const Frame frame = plain_frame(format, 16, 16, kColour);
    auto picture = maker.picture(*frame, kSquare, {});
    REQUIRE(picture.has_value());
    CHECK(picture->layout.format == PixelFormat::rgba);
    CHECK(picture->layout.plane_count == 1);
    CHECK(picture->pixels.size() == 16 * 16 * 4);
    check_colour(*picture, rgb(kColour, 0.299, 0.114));
    frame->colorspace = AVCOL_SPC_BT709;
    picture = maker.picture(*frame, kSquare, {});
    REQUIRE(picture.has_value());
    check_colour(*picture, rgb(kColour, 0.2126, 0.0722));
  }
}

TEST_CASE("a matrix that the core does not know is applied here") {
  PictureMaker maker;
  const Frame frame = plain_frame(AV_PIX_FMT_YUV420P, 16, 16, kColour);
  frame->colorspace = AVCOL_SPC_BT2020_NCL;
  const auto picture = maker.picture(*frame, kSquare, {});
  REQUIRE(picture.has_value());
  CHECK(picture->layout.format == PixelFormat::rgba);
  check_colour(*picture, rgb(kColour, 0.2627, 0.0593));
}

TEST_CASE("the size may change from frame to frame") {
  PictureMaker maker;
  for (const int side : {16, 48, 17, 16}) {
    const Frame frame = plain_frame(AV_PIX_FMT_YUV444P, side, side, kColour);
    const auto picture = maker.picture(*frame, kSquare, {});
    REQUIRE(picture.has_value());
    CHECK(picture->layout.width == side);
    check_colour(*picture, rgb(kColour, 0.299, 0.114));
  }
}

TEST_CASE("a display matrix is a quarter turn and a flip") {
  constexpr std::int32_t kOne = 1 << 16;
  const auto turn = [](int a, int b, int c, int d) {
    const std::array<std::int32_t, 9> matrix{a * kOne, b * kOne, 0, c * kOne, d * kOne, 0, 0, 0, 1 << 30};
    const Turn found = turn_of(matrix);
    return std::pair(found.rotation, found.flip);
  };
  CHECK(turn(1, 0, 0, 1) == std::pair(0, false));
  CHECK(turn(0, 1, -1, 0) == std::pair(90, false));
  CHECK(turn(-1, 0, 0, -1) == std::pair(180, false));
  CHECK(turn(0, -1, 1, 0) == std::pair(270, false));
  CHECK(turn(-1, 0, 0, 1) == std::pair(0, true));
  CHECK(turn(1, 0, 0, -1) == std::pair(180, true));
  CHECK(turn(0, 1, 1, 0) == std::pair(90, true));
  CHECK(turn(0, -1, -1, 0) == std::pair(270, true));
}

TEST_CASE("the pixel aspect widens the picture; one that is absurd is ignored") {
  const auto size = [](AVRational aspect) {
    const auto shown = display_size(720, 576, aspect);
    return std::pair(shown.width, shown.height);
  };
  CHECK(size({16, 15}) == std::pair(768, 576));
  CHECK(size({8, 9}) == std::pair(640, 576));
  CHECK(size({0, 1}) == std::pair(720, 576));
  CHECK(size({1, 0}) == std::pair(720, 576));
  CHECK(size({100'000, 1}) == std::pair(720, 576));
}

}  // namespace
