#pragma once

// Files for the reader's tests: in memory, from the corpus that tests/corpus/make_corpus.py makes, and made to
// misbehave.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/byte_source.hpp"

namespace actionscope::test {

using Bytes = std::vector<std::uint8_t>;

// What reading a file has asked of its source.
struct Reads {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
};

// A file whose bytes are in memory. It may claim another size than it has, and fail after a number of reads.
class MemoryFile : public media::ByteSource {
 public:
  explicit MemoryFile(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)), size_(bytes_->size()) {}
  explicit MemoryFile(Bytes bytes) : MemoryFile(std::make_shared<const Bytes>(std::move(bytes))) {}

  void claim_size(std::uint64_t size) { size_ = size; }
  void fail_after(std::size_t reads) { fail_after_ = reads; }
  void count_in(std::shared_ptr<Reads> reads) { reads_ = std::move(reads); }

  std::uint64_t size() const override { return size_; }

  std::optional<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) override {
    if (reads_->count >= fail_after_) return std::nullopt;
    const std::uint64_t start = std::min<std::uint64_t>(offset, bytes_->size());
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), bytes_->size() - start));
    std::copy_n(bytes_->begin() + static_cast<std::ptrdiff_t>(start), count, into.begin());
    ++reads_->count;
    reads_->bytes += count;
    return count;
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
  std::uint64_t size_;
  std::size_t fail_after_ = static_cast<std::size_t>(-1);
  std::shared_ptr<Reads> reads_ = std::make_shared<Reads>();
};

inline Bytes corpus_bytes(const std::string& name) {
  std::ifstream file(ACTIONSCOPE_CORPUS_DIR "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::unique_ptr<MemoryFile> corpus_file(const std::string& name) {
  return std::make_unique<MemoryFile>(corpus_bytes(name));
}

}  // namespace actionscope::test
