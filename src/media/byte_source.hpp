#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace actionscope::media {

// The bytes of a file, wherever they are. Read in slices; never held whole.
class ByteSource {
 public:
  ByteSource() = default;
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ByteSource(ByteSource&&) = delete;
  ByteSource& operator=(ByteSource&&) = delete;

  // Bytes.
  virtual std::uint64_t size() const = 0;

  // Writes the bytes from `offset` on, at most into.size() and fewer only at the end of the file; how many they are. No
  // value: the file cannot be read.
  virtual std::optional<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) = 0;
};

}  // namespace actionscope::media
