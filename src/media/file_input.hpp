#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "media/byte_source.hpp"
#include "media/ffmpeg.hpp"
#include "result.hpp"

namespace actionscope::media {

// A file as FFmpeg reads it: random access to a ByteSource, in blocks of which the last few used are kept, since a call
// into JavaScript costs as much as copying many kilobytes, and containers that are not interleaved read at two places
// in turn.
class FileInput {
 public:
  // Errors: out_of_memory.
  static Result<std::unique_ptr<FileInput>> create(std::unique_ptr<ByteSource> source);

  AVIOContext* context() { return io_.get(); }
  std::uint64_t size() const { return size_; }

  // Whether the source could not be read; stays so.
  bool failed() const { return failed_; }

  // Grants the coming call a limit of bytes, past which the file reads as if it ended: a demuxer that has lost its way
  // would search to the end of the file for it.
  void begin_call() { granted_ = kBytesPerCall; }

  // The first bytes of the file, at most `most` of them; fewer if it is shorter or cannot be read.
  std::vector<std::uint8_t> head(std::size_t most);
  // Copies the bytes from `offset` on into `into`; how many.
  std::size_t read_at(std::uint64_t offset, std::span<std::uint8_t> into);

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
  static constexpr std::size_t kMostBlocks = 8;
  static constexpr std::uint64_t kBytesPerCall = std::uint64_t{64} << 20;
  static constexpr int kIoBufferBytes = 32 << 10;

  struct Block {
    std::uint64_t index = 0;
    std::uint64_t used = 0;  // when, by clock_
    std::vector<std::uint8_t> bytes;
  };

  explicit FileInput(std::unique_ptr<ByteSource> source);

  static int read_packet(void* opaque, std::uint8_t* buffer, int size);
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence);

  // The block, loaded if need be; null if it cannot be had.
  const Block* block(std::uint64_t index);

  std::unique_ptr<ByteSource> source_;
  std::uint64_t size_;
  std::uint64_t position_ = 0;
  std::uint64_t granted_ = kBytesPerCall;
  std::uint64_t clock_ = 0;
  bool failed_ = false;
  std::vector<Block> blocks_;
  Io io_;
};

}  // namespace actionscope::media
