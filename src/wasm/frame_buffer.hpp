#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/frame.hpp"
#include "values.hpp"

namespace actionscope::wasm {

// The memory that JavaScript writes a frame's pixels into. Kept from frame to frame.
class FrameBuffer {
 public:
  // {value: Uint8Array} of `bytes` bytes, a view that is good until the module's memory next grows; or {error}:
  // frame_too_large.
  emscripten::val view(double bytes) {
    if (!(bytes >= 0 && bytes <= kMostBytes)) {
      return error_value({ErrorCode::frame_too_large, "The picture is too large: at most 8192 pixels a side."});
    }
    bytes_.resize(static_cast<std::size_t>(bytes));
    return object_with("value", emscripten::val(emscripten::typed_memory_view(bytes_.size(), bytes_.data())));
  }

  std::span<const std::uint8_t> pixels() const { return bytes_; }

 private:
  static constexpr double kMostBytes = 4.0 * image::kLargestSide * image::kLargestSide;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace actionscope::wasm
