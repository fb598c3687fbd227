#include "image/frame.hpp"

#include <catch_amalgamated.hpp>
#include <limits>

#include "picture.hpp"

namespace actionscope::image::testing {
namespace {

constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();

const auto every_format = {PixelFormat::rgba, PixelFormat::rgbx, PixelFormat::bgra,
                           PixelFormat::bgrx, PixelFormat::i420, PixelFormat::nv12};

ErrorCode error_of(const FrameLayout& layout, std::size_t bytes) {
  const auto checked = check(layout, bytes);
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().message.ends_with("."));
  return checked.error().code;
}

}  // namespace

TEST_CASE("a frame that fills its buffer to the last byte is accepted", "[frame]") {
  const PixelFormat format = GENERATE(values(every_format));
  const auto [width, height] = GENERATE(table<int, int>({{1, 1}, {2, 2}, {5, 3}, {64, 48}}));
  const Frame frame = frame_of(format, width, height);
  CHECK(check(frame.layout, frame.pixels.size()).has_value());
}

TEST_CASE("a frame one byte longer than its buffer is refused", "[frame]") {
  const PixelFormat format = GENERATE(values(every_format));
  const Frame frame = frame_of(format, 5, 3);
  CHECK(error_of(frame.layout, frame.pixels.size() - 1) == ErrorCode::frame_invalid);
  CHECK(error_of(frame.layout, 0) == ErrorCode::frame_invalid);
}

TEST_CASE("the padding after the last row need not be there", "[frame]") {
  FrameLayout layout = layout_of_size(PixelFormat::rgba, 5, 3);
  layout.planes[0] = {8, 64};
  CHECK(check(layout, 8 + 2 * 64 + 20).has_value());
  CHECK(error_of(layout, 8 + 2 * 64 + 19) == ErrorCode::frame_invalid);
}

TEST_CASE("each plane is checked", "[frame]") {
  const std::size_t plane = GENERATE(0U, 1U, 2U);
  Frame frame = planar_frame(PixelFormat::i420, 6, 4);
  SECTION("a plane that begins past the end") { frame.layout.planes[plane].offset = frame.pixels.size() + 1; }
  SECTION("an offset that wraps around") { frame.layout.planes[plane].offset = kHuge - 1; }
  SECTION("rows closer together than they are long") { frame.layout.planes[plane].stride -= 1; }
  SECTION("no distance between rows") { frame.layout.planes[plane].stride = 0; }
  SECTION("rows that run past the end") { frame.layout.planes[plane].stride = frame.pixels.size(); }
  SECTION("a distance that wraps around") { frame.layout.planes[plane].stride = kHuge / 2 + 1; }
  CHECK(error_of(frame.layout, frame.pixels.size()) == ErrorCode::frame_invalid);
}

TEST_CASE("a frame without pixels is refused", "[frame]") {
  const auto [width, height] = GENERATE(table<int, int>({{0, 4}, {4, 0}, {-4, 4}, {4, -4}}));
  Frame frame = packed_frame(PixelFormat::rgba, 4, 4);
  frame.layout.width = width;
  frame.layout.height = height;
  CHECK(error_of(frame.layout, frame.pixels.size()) == ErrorCode::frame_invalid);
}

TEST_CASE("a side of 8192 pixels is accepted, a longer one is too large", "[frame]") {
  FrameLayout layout = layout_of_size(PixelFormat::rgba, 8192, 1);
  layout.planes[0] = {0, kHuge / 4};
  CHECK(check(layout, 4 * 8192).has_value());
  layout.width = 8193;
  CHECK(error_of(layout, kHuge) == ErrorCode::frame_too_large);
  layout.width = 1;
  layout.height = std::numeric_limits<int>::max();
  CHECK(error_of(layout, kHuge) == ErrorCode::frame_too_large);
}

TEST_CASE("a display size of nothing, or beyond 65535, is refused", "[frame]") {
  const int side = GENERATE(0, -1, 65536);
  Frame frame = packed_frame(PixelFormat::rgba, 4, 4);
  SECTION("width") { frame.layout.display_width = side; }
  SECTION("height") { frame.layout.display_height = side; }
  CHECK(error_of(frame.layout, frame.pixels.size()) == ErrorCode::frame_invalid);
}

TEST_CASE("a number that is no format, matrix, range or quarter turn is refused", "[frame]") {
  Frame frame = packed_frame(PixelFormat::rgba, 4, 4);
  SECTION("format") { frame.layout.format = static_cast<PixelFormat>(6); }
  SECTION("matrix") { frame.layout.matrix = static_cast<ColorMatrix>(2); }
  SECTION("range") { frame.layout.range = static_cast<ColorRange>(-1); }
  SECTION("rotation") { frame.layout.rotation = static_cast<Rotation>(45); }
  CHECK(error_of(frame.layout, frame.pixels.size()) == ErrorCode::frame_invalid);
}

TEST_CASE("formats have one, two or three planes", "[frame]") {
  CHECK(plane_count(PixelFormat::bgrx) == 1);
  CHECK(plane_count(PixelFormat::nv12) == 2);
  CHECK(plane_count(PixelFormat::i420) == 3);
}

}  // namespace actionscope::image::testing
