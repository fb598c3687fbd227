#include "image/preprocess.hpp"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>

#include "picture.hpp"

namespace actionscope::image::testing {
namespace {

constexpr float kUntouched = -77;

std::vector<float> tensor_of(const InputSpec& spec, const Frame& frame) {
  Preprocessor preprocessor(spec);
  std::vector<float> tensor(tensor_size(spec), kUntouched);
  const auto done = preprocessor.run(frame.pixels, frame.layout, tensor);
  if (!done) FAIL(done.error().message);
  return tensor;
}

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// The pixels of a packed frame as they are to be shown, so that neither turn nor flip is left to do.
Frame upright(const Frame& stored) {
  const int width = stored.layout.width;
  const int height = stored.layout.height;
  const bool turned =
      stored.layout.rotation == Rotation::clockwise_90 || stored.layout.rotation == Rotation::clockwise_270;
  Frame shown{layout_of_size(stored.layout.format, turned ? height : width, turned ? width : height), {}};
  shown.layout.planes[0] = {0, 4 * static_cast<std::size_t>(shown.layout.width)};
  for (int y = 0; y < shown.layout.height; ++y) {
    for (int column = 0; column < shown.layout.width; ++column) {
      const int x = stored.layout.flip ? shown.layout.width - 1 - column : column;
      int from_x = x;
      int from_y = y;
      if (stored.layout.rotation == Rotation::clockwise_90) {
        from_x = y;
        from_y = height - 1 - x;
      } else if (stored.layout.rotation == Rotation::clockwise_180) {
        from_x = width - 1 - x;
        from_y = height - 1 - y;
      } else if (stored.layout.rotation == Rotation::clockwise_270) {
        from_x = width - 1 - y;
        from_y = x;
      }
      const auto pixel = stored.pixels.begin() + 4 * (from_y * width + from_x);
      shown.pixels.insert(shown.pixels.end(), pixel, pixel + 4);
    }
  }
  return shown;
}

// The same frame with a gap before each plane and after each row, filled with bytes that must not count.
Frame spread_out(const Frame& frame) {
  Frame spread{frame.layout, {}};
  for (std::size_t p = 0; p < static_cast<std::size_t>(plane_count(frame.layout.format)); ++p) {
    const Plane& plane = frame.layout.planes[p];
    const std::size_t rows = static_cast<std::size_t>(p == 0 ? frame.layout.height : (frame.layout.height + 1) / 2);
    spread.pixels.insert(spread.pixels.end(), 13 + p, 0x5A);
    spread.layout.planes[p] = {spread.pixels.size(), plane.stride + 7};
    for (std::size_t y = 0; y < rows; ++y) {
      const auto row = frame.pixels.begin() + static_cast<std::ptrdiff_t>(plane.offset + y * plane.stride);
      spread.pixels.insert(spread.pixels.end(), row, row + static_cast<std::ptrdiff_t>(plane.stride));
      if (y + 1 < rows) spread.pixels.insert(spread.pixels.end(), 7, 0xA5);
    }
  }
  return spread;
}

const auto every_format = {PixelFormat::rgba, PixelFormat::rgbx, PixelFormat::bgra,
                           PixelFormat::bgrx, PixelFormat::i420, PixelFormat::nv12};

}  // namespace

TEST_CASE("a tensor of the frame's own size holds the pixels, planar, divided by 255", "[preprocess]") {
  const bool antialias = GENERATE(true, false);
  const Filter filter = GENERATE(Filter::bilinear, Filter::bicubic);
  const Frame frame = packed_frame(PixelFormat::rgba, 12, 9);
  InputSpec spec = plain_spec(12, 9);
  spec.antialias = antialias;
  spec.filter = filter;
  const std::vector<float> tensor = tensor_of(spec, frame);
  std::size_t i = 0;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 9; ++y) {
      for (int x = 0; x < 12; ++x) {
        REQUIRE(std::abs(tensor[i++] - static_cast<float>(sample(x, y, c, 12, 9)) / 255.0F) < 1e-6F);
      }
    }
  }
}

TEST_CASE("mean and std apply to each channel after the division by 255", "[preprocess]") {
  const Frame frame = packed_frame(PixelFormat::rgba, 40, 30);
  InputSpec spec = plain_spec(8, 6);
  const std::vector<float> plain = tensor_of(spec, frame);
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.std = {0.229F, 0.224F, 0.225F};
  const std::vector<float> normalised = tensor_of(spec, frame);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::size_t channel = i / 48;
    REQUIRE(std::abs(normalised[i] - (plain[i] - spec.mean[channel]) / spec.std[channel]) < 1e-6F);
  }
}

TEST_CASE("the byte order of a frame makes no difference", "[preprocess]") {
  const InputSpec spec = plain_spec(8, 6);
  const std::vector<float> expected = tensor_of(spec, packed_frame(PixelFormat::rgba, 40, 30));
  CHECK(tensor_of(spec, packed_frame(PixelFormat::rgbx, 40, 30)) == expected);
  CHECK(tensor_of(spec, packed_frame(PixelFormat::bgra, 40, 30)) == expected);
  CHECK(tensor_of(spec, packed_frame(PixelFormat::bgrx, 40, 30)) == expected);
  CHECK(tensor_of(spec, planar_frame(PixelFormat::nv12, 41, 31)) ==
        tensor_of(spec, planar_frame(PixelFormat::i420, 41, 31)));
}

TEST_CASE("a model may want blue first", "[preprocess]") {
  const Frame frame = packed_frame(PixelFormat::bgra, 40, 30);
  InputSpec spec = plain_spec(8, 6);
  const std::vector<float> rgb = tensor_of(spec, frame);
  spec.channel_order = ChannelOrder::bgr;
  const std::vector<float> bgr = tensor_of(spec, frame);
  for (std::size_t i = 0; i < 48; ++i) {
    REQUIRE(bgr[i] == rgb[96 + i]);
    REQUIRE(bgr[48 + i] == rgb[48 + i]);
    REQUIRE(bgr[96 + i] == rgb[i]);
  }
}

TEST_CASE("alpha counts for nothing", "[preprocess]") {
  Frame frame = packed_frame(PixelFormat::rgba, 40, 30);
  const InputSpec spec = plain_spec(8, 6);
  const std::vector<float> noisy_alpha = tensor_of(spec, frame);
  for (std::size_t i = 3; i < frame.pixels.size(); i += 4) frame.pixels[i] = 0;
  CHECK(tensor_of(spec, frame) == noisy_alpha);
}

TEST_CASE("offsets and strides make no difference", "[preprocess]") {
  const PixelFormat format = GENERATE(values(every_format));
  const bool antialias = GENERATE(true, false);
  const Frame frame = frame_of(format, 43, 29);
  InputSpec spec = plain_spec(16, 12);
  spec.antialias = antialias;
  CHECK(tensor_of(spec, spread_out(frame)) == tensor_of(spec, frame));
}

TEST_CASE("a turned or flipped frame gives what its upright pixels give", "[preprocess]") {
  const Rotation rotation =
      GENERATE(Rotation::none, Rotation::clockwise_90, Rotation::clockwise_180, Rotation::clockwise_270);
  const bool flip = GENERATE(false, true);
  Frame frame = packed_frame(PixelFormat::rgba, 42, 30);
  frame.layout.rotation = rotation;
  frame.layout.flip = flip;
  const Frame shown = upright(frame);

  SECTION("exactly where nothing is resized") {
    const InputSpec spec = plain_spec(shown.layout.width, shown.layout.height);
    CHECK(tensor_of(spec, frame) == tensor_of(spec, shown));
  }
  SECTION("but for the order of float additions where it is") {
    InputSpec spec = plain_spec(16, 14);
    spec.resize = GENERATE(ResizeMode::stretch, ResizeMode::center_crop);
    spec.antialias = GENERATE(true, false);
    spec.filter = GENERATE(Filter::bilinear, Filter::bicubic);
    CHECK(largest_difference(tensor_of(spec, frame), tensor_of(spec, shown)) < 2e-6F);
  }
}

TEST_CASE("center_crop takes the middle of the frame as displayed", "[preprocess]") {
  InputSpec spec = plain_spec(20, 20);
  spec.antialias = false;
  // Shrinking by two, plain interpolation never reaches beyond its own two pixels, so the crop can be cut by hand.
  const auto cut = [](Frame frame, std::size_t x, std::size_t y, int width, int height) {
    frame.layout.planes[0].offset += y * frame.layout.planes[0].stride + 4 * x;
    frame.layout.width = frame.layout.display_width = width;
    frame.layout.height = frame.layout.display_height = height;
    return frame;
  };
  SECTION("a wide frame loses its sides") {
    const Frame frame = packed_frame(PixelFormat::rgba, 80, 40);
    const std::vector<float> expected = tensor_of(spec, cut(frame, 20, 0, 40, 40));
    spec.resize = ResizeMode::center_crop;
    CHECK(tensor_of(spec, frame) == expected);
  }
  SECTION("a tall frame loses its top and bottom") {
    const Frame frame = packed_frame(PixelFormat::rgba, 40, 80);
    const std::vector<float> expected = tensor_of(spec, cut(frame, 0, 20, 40, 40));
    spec.resize = ResizeMode::center_crop;
    CHECK(tensor_of(spec, frame) == expected);
  }
  SECTION("pixels that are twice as wide as high make a square of twice as many rows") {
    Frame frame = packed_frame(PixelFormat::rgba, 80, 40);
    frame.layout.display_width = 160;
    const std::vector<float> expected = tensor_of(spec, cut(frame, 30, 0, 20, 40));
    spec.resize = ResizeMode::center_crop;
    CHECK(tensor_of(spec, frame) == expected);
  }
}

TEST_CASE("the last column and row of an odd-sized frame have chroma of their own", "[preprocess]") {
  const PixelFormat format = GENERATE(PixelFormat::i420, PixelFormat::nv12);
  Frame frame = planar_frame(format, 48, 34);
  const std::vector<float> even = tensor_of(plain_spec(48, 34), frame);
  frame.layout.width = 47;
  frame.layout.height = 33;
  const std::vector<float> odd = tensor_of(plain_spec(47, 33), frame);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t y = 0; y < 33; ++y) {
      for (std::size_t x = 0; x < 47; ++x) REQUIRE(odd[(c * 33 + y) * 47 + x] == even[(c * 34 + y) * 48 + x]);
    }
  }
}

TEST_CASE("one colour stays that colour at every size and with every filter", "[preprocess]") {
  const PixelFormat format = GENERATE(PixelFormat::rgba, PixelFormat::i420);
  const auto [width, height] =
      GENERATE(table<int, int>({{1, 1}, {2, 1}, {3, 5}, {224, 224}, {640, 7}, {31, 900}, {1920, 1080}}));
  InputSpec spec = plain_spec(12, 9);
  spec.antialias = GENERATE(true, false);
  spec.filter = GENERATE(Filter::bilinear, Filter::bicubic);
  Frame frame = frame_of(format, width, height);
  const bool packed = format == PixelFormat::rgba;
  // Y 126 without chroma is (126 - 16) * 255 / 219 = 128.08, which is rounded.
  std::fill(frame.pixels.begin(), frame.pixels.end(), static_cast<std::uint8_t>(128));
  if (!packed) std::fill_n(frame.pixels.begin(), width * height, static_cast<std::uint8_t>(126));
  for (const float value : tensor_of(spec, frame)) REQUIRE(std::abs(value - 128.0F / 255) < 2e-6F);
}

TEST_CASE("every number of a tensor is written, finite and within 0 to 1", "[preprocess]") {
  const PixelFormat format = GENERATE(PixelFormat::bgrx, PixelFormat::i420, PixelFormat::nv12);
  const auto [width, height] =
      GENERATE(table<int, int>({{1, 1}, {1, 300}, {7, 2}, {33, 65}, {300, 1}, {500, 400}, {97, 8192}}));
  InputSpec spec = plain_spec(9, 13);
  spec.antialias = GENERATE(true, false);
  spec.filter = GENERATE(Filter::bilinear, Filter::bicubic);
  spec.resize = GENERATE(ResizeMode::stretch, ResizeMode::center_crop);
  for (const float value : tensor_of(spec, frame_of(format, width, height))) {
    REQUIRE((value >= 0.0F && value <= 1.0F));
  }
}

TEST_CASE("a preprocessor takes frames of changing layouts", "[preprocess]") {
  const InputSpec spec = plain_spec(16, 12);
  Preprocessor preprocessor(spec);
  std::vector<float> tensor(tensor_size(spec));
  for (const PixelFormat format : {PixelFormat::i420, PixelFormat::rgba, PixelFormat::nv12, PixelFormat::i420}) {
    for (const int width : {64, 20, 333}) {
      const Frame frame = frame_of(format, width, 48);
      REQUIRE(preprocessor.run(frame.pixels, frame.layout, tensor).has_value());
      REQUIRE(tensor == tensor_of(spec, frame));
    }
  }
}

TEST_CASE("a frame that cannot be read leaves the tensor as it was, and the next frame is read", "[preprocess]") {
  const InputSpec spec = plain_spec(8, 6);
  Preprocessor preprocessor(spec);
  const Frame frame = packed_frame(PixelFormat::rgba, 40, 30);
  std::vector<float> tensor(tensor_size(spec), kUntouched);

  FrameLayout layout = frame.layout;
  SECTION("too short a buffer") { layout.height += 1; }
  SECTION("an offset that wraps around") { layout.planes[0].offset = std::numeric_limits<std::size_t>::max(); }
  const auto refused = preprocessor.run(frame.pixels, layout, tensor);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::frame_invalid);
  CHECK(tensor == std::vector<float>(tensor.size(), kUntouched));

  REQUIRE(preprocessor.run(frame.pixels, frame.layout, tensor).has_value());
  CHECK(tensor == tensor_of(spec, frame));
}

TEST_CASE("a tensor of another size is refused", "[preprocess]") {
  const InputSpec spec = plain_spec(8, 6);
  Preprocessor preprocessor(spec);
  const Frame frame = packed_frame(PixelFormat::rgba, 40, 30);
  std::vector<float> tensor(tensor_size(spec) - 1, kUntouched);
  const auto refused = preprocessor.run(frame.pixels, frame.layout, tensor);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::model_shape);
  CHECK(tensor == std::vector<float>(tensor.size(), kUntouched));
}

}  // namespace actionscope::image::testing
