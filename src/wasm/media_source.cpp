#include "media_source.hpp"

#include <emscripten/em_js.h>

#include <utility>

// One call a block. What JavaScript throws must not unwind through FFmpeg's code, which would leak all that it holds.
// The bytes written, or -1.
// clang-format off
EM_JS_DEPS(actionscope_media_source, "$Emval");
EM_JS(int, actionscope_read_file, (emscripten::EM_VAL file, double offset, int length, std::uint8_t* into), {
  try {
    const bytes = Emval.toValue(file).read(offset, length);
    if (bytes === null || bytes.length > length) return -1;
    HEAPU8.set(bytes, into);
    return bytes.length;
  } catch {
    return -1;
  }
});
// clang-format on

namespace actionscope::wasm {

namespace {

// The largest whole number that JavaScript counts exactly.
constexpr double kMostBytes = 9007199254740991.0;

std::uint64_t size_of(const emscripten::val& file) {
  const emscripten::val size = file["size"];
  const double bytes = size.isNumber() ? size.as<double>() : 0;
  return bytes > 0 && bytes <= kMostBytes ? static_cast<std::uint64_t>(bytes) : 0;
}

}  // namespace

JavaScriptFile::JavaScriptFile(emscripten::val file) : file_(std::move(file)), size_(size_of(file_)) {}

std::optional<std::size_t> JavaScriptFile::read(std::uint64_t offset, std::span<std::uint8_t> into) {
  const int count =
      actionscope_read_file(file_.as_handle(), static_cast<double>(offset), static_cast<int>(into.size()), into.data());
  if (count < 0) return std::nullopt;
  return static_cast<std::size_t>(count);
}

}  // namespace actionscope::wasm
