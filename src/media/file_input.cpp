#include "media/file_input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace actionscope::media {

FileInput::FileInput(std::unique_ptr<ByteSource> source) : source_(std::move(source)), size_(source_->size()) {}

Result<std::unique_ptr<FileInput>> FileInput::create(std::unique_ptr<ByteSource> source) {
  std::unique_ptr<FileInput> input(new FileInput(std::move(source)));
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBufferBytes));
  if (buffer != nullptr) {
    input->io_.reset(avio_alloc_context(buffer, kIoBufferBytes, 0, input.get(), &read_packet, nullptr, &seek));
    if (!input->io_) av_free(buffer);
  }
  if (!input->io_) return fail(ErrorCode::out_of_memory, "There is not enough memory to read this file.");
  return input;
}

const FileInput::Block* FileInput::block(std::uint64_t index) {
  const auto found = std::ranges::find(blocks_, index, &Block::index);
  if (found != blocks_.end()) {
    found->used = ++clock_;
    return &*found;
  }
  const std::uint64_t offset = index * kBlockBytes;
  const std::uint64_t wanted = std::min<std::uint64_t>(kBlockBytes, size_ - offset);
  if (wanted > granted_) return nullptr;
  granted_ -= wanted;
  if (blocks_.size() < kMostBlocks) blocks_.emplace_back();
  Block& block = blocks_.size() < kMostBlocks ? blocks_.back() : *std::ranges::min_element(blocks_, {}, &Block::used);
  block.bytes.resize(static_cast<std::size_t>(wanted));
  const auto count = source_->read(offset, block.bytes);
  block.bytes.resize(std::min(count.value_or(0), block.bytes.size()));
  block.index = index;
  block.used = ++clock_;
  if (!count) {
    failed_ = true;
    return nullptr;
  }
  return &block;
}

std::size_t FileInput::read_at(std::uint64_t offset, std::span<std::uint8_t> into) {
  std::size_t copied = 0;
  while (copied < into.size() && offset < size_ && !failed_) {
    const Block* from = block(offset / kBlockBytes);
    const auto start = static_cast<std::size_t>(offset % kBlockBytes);
    if (from == nullptr || start >= from->bytes.size()) break;
    const std::size_t count = std::min(into.size() - copied, from->bytes.size() - start);
    std::copy_n(from->bytes.begin() + static_cast<std::ptrdiff_t>(start), count,
                into.begin() + static_cast<std::ptrdiff_t>(copied));
    copied += count;
    offset += count;
  }
  return copied;
}

std::vector<std::uint8_t> FileInput::head(std::size_t most) {
  std::vector<std::uint8_t> bytes(most);
  bytes.resize(read_at(0, bytes));
  return bytes;
}

int FileInput::read_packet(void* opaque, std::uint8_t* buffer, int size) {
  auto& input = *static_cast<FileInput*>(opaque);
  const std::size_t count = input.read_at(input.position_, {buffer, static_cast<std::size_t>(std::max(size, 0))});
  input.position_ += count;
  if (count > 0) return static_cast<int>(count);
  return input.failed_ ? AVERROR(EIO) : AVERROR_EOF;
}

std::int64_t FileInput::seek(void* opaque, std::int64_t offset, int whence) {
  auto& input = *static_cast<FileInput*>(opaque);
  const auto size = static_cast<std::int64_t>(input.size_);
  std::int64_t from = 0;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return size;
    case SEEK_SET: break;
    case SEEK_CUR: from = static_cast<std::int64_t>(input.position_); break;
    case SEEK_END: from = size; break;
    default: return AVERROR(EINVAL);
  }
  if (offset < -from || offset > std::numeric_limits<std::int64_t>::max() - from) return AVERROR(EINVAL);
  input.position_ = static_cast<std::uint64_t>(from + offset);
  return from + offset;
}

}  // namespace actionscope::media
