#pragma once

#include <emscripten/val.h>

#include <cstdint>
#include <optional>
#include <span>

#include "media/byte_source.hpp"

namespace actionscope::wasm {

// A file of JavaScript: a ReadableFile of web/media/reader_module.ts.
class JavaScriptFile : public media::ByteSource {
 public:
  explicit JavaScriptFile(emscripten::val file);

  std::uint64_t size() const override { return size_; }
  std::optional<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) override;

 private:
  emscripten::val file_;
  std::uint64_t size_;
};

}  // namespace actionscope::wasm
