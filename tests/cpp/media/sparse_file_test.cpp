// An AVI file of 6 GB, of which only the headers, the index and the frames that are asked for may be read.

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "files.hpp"
#include "media/video_reader.hpp"
#include "reading.hpp"

namespace {

using actionscope::media::ByteSource;
using actionscope::media::VideoReader;
using actionscope::test::Bytes;
using actionscope::test::opened;
using actionscope::test::Reads;

constexpr std::uint64_t kSize = std::uint64_t{6} << 30;
constexpr int kFrames = 1000;
constexpr int kSide = 8;
constexpr std::uint32_t kFrameBytes = kSide * kSide * 3;
// Frames lie 5 MB apart from the first gigabyte on.
constexpr std::uint64_t kFirstFrame = std::uint64_t{1} << 30;
constexpr std::uint64_t kFrameStep = std::uint64_t{5} << 20;
// The index comes after them.
constexpr std::uint64_t kIndex = kSize - (std::uint64_t{1} << 20);

class Writer {
 public:
  Writer& text(std::string_view letters) {
    for (const char letter : letters) bytes_.push_back(static_cast<std::uint8_t>(letter));
    return *this;
  }
  Writer& number(std::uint64_t value, int bytes = 4) {
    for (int byte = 0; byte < bytes; ++byte) bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * byte));
    return *this;
  }
  Writer& chunk(std::string_view name, const Bytes& content) {
    text(name).number(content.size());
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    return *this;
  }
  Writer& list(std::string_view kind, const Bytes& content) {
    text("LIST").number(content.size() + 4).text(kind);
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

// The headers of an OpenDML AVI file of uncompressed 24-bit pictures, 25 a second, up to where its pictures begin.
Bytes headers() {
  const Bytes main = Writer()
                         .number(40'000)
                         .number(0)
                         .number(0)
                         .number(0x10)
                         .number(kFrames)
                         .number(0)
                         .number(1)
                         .number(0)
                         .number(kSide)
                         .number(kSide)
                         .number(0)
                         .number(0)
                         .number(0)
                         .number(0)
                         .bytes();
  const Bytes stream = Writer()
                           .text("vids")
                           .text("DIB ")
                           .number(0)
                           .number(0)
                           .number(0)
                           .number(1)
                           .number(25)
                           .number(0)
                           .number(kFrames)
                           .number(kFrameBytes)
                           .number(0xFFFFFFFF)
                           .number(0)
                           .number(0)
                           .number(0)
                           .bytes();
  const Bytes format = Writer()
                           .number(40)
                           .number(kSide)
                           .number(kSide)
                           .number(1, 2)
                           .number(24, 2)
                           .number(0)
                           .number(kFrameBytes)
                           .number(0)
                           .number(0)
                           .number(0)
                           .number(0)
                           .bytes();
  // "Super index": one entry, the chunk of the whole index; 4 longs an entry, of kind 0.
  const Bytes super = Writer()
                          .number(4, 2)
                          .number(0, 1)
                          .number(0, 1)
                          .number(1)
                          .text("00db")
                          .number(0)
                          .number(0)
                          .number(0)
                          .number(kIndex, 8)
                          .number(32 + 8 * kFrames)
                          .number(kFrames)
                          .bytes();
  const Bytes track = Writer().chunk("strh", stream).chunk("strf", format).chunk("indx", super).bytes();
  const Bytes header = Writer().chunk("avih", main).list("strl", track).bytes();
  return Writer()
      .text("RIFF")
      .number(0xFFFFFFF0)
      .text("AVI ")
      .list("hdrl", header)
      .text("LIST")
      .number(0xFFFFFF00)
      .text("movi")
      .bytes();
}

// The index: offset of each frame's data, from a base, and its size.
Bytes index() {
  Writer content;
  content.number(2, 2).number(0, 1).number(1, 1).number(kFrames).text("00db").number(kFirstFrame, 8).number(0);
  for (std::uint64_t frame = 0; frame < kFrames; ++frame)
    content.number(frame * kFrameStep % (std::uint64_t{1} << 32)).number(kFrameBytes);
  return Writer().chunk("ix00", content.bytes()).bytes();
}

// Zeros but for a few pieces; frames are grey, of the brightness of their number.
class SparseFile : public ByteSource {
 public:
  explicit SparseFile(std::shared_ptr<Reads> reads) : reads_(std::move(reads)) {
    pieces_[0] = headers();
    pieces_[kIndex] = index();
    // What 32 bits of offset reach.
    for (std::uint64_t frame = 0; frame < kFrames && frame * kFrameStep < (std::uint64_t{1} << 32); ++frame) {
      const Bytes grey(kFrameBytes, static_cast<std::uint8_t>(frame % 256));
      pieces_[kFirstFrame + frame * kFrameStep - 8] = Writer().chunk("00db", grey).bytes();
    }
  }

  std::uint64_t size() const override { return kSize; }

  std::optional<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) override {
    ++reads_->count;
    reads_->bytes += into.size();
    std::ranges::fill(into, std::uint8_t{0});
    for (const auto& [start, piece] : pieces_) {
      const std::uint64_t from = std::max(start, offset);
      const std::uint64_t to = std::min(start + piece.size(), offset + into.size());
      if (from >= to) continue;
      std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(from - start), to - from,
                  into.begin() + static_cast<std::ptrdiff_t>(from - offset));
    }
    return into.size();
  }

 private:
  std::shared_ptr<Reads> reads_;
  std::map<std::uint64_t, Bytes> pieces_;
};

TEST_CASE("an AVI file of 6 GB opens, and gives any frame, with a handful of reads") {
  const auto reads = std::make_shared<Reads>();
  const auto reader = opened(std::make_unique<SparseFile>(reads));
  CHECK(reader->description().duration == Catch::Approx(kFrames / 25.0));
  CHECK(reads->count < 16);
  for (const double time : {30.0, 1.0, 12.0, 0.0}) {
    const std::size_t before = reads->count;
    reader->aim(time);
    auto step = reader->step();
    while (step.has_value() && *step == VideoReader::Step::working) step = reader->step();
    REQUIRE(step.has_value());
    REQUIRE(*step == VideoReader::Step::found);
    const auto frame = reader->frame();
    REQUIRE(frame.has_value());
    CHECK(frame->timestamp == Catch::Approx(time));
    CHECK(static_cast<int>(frame->picture.pixels[0]) == static_cast<int>(time * 25) % 256);
    CHECK(reads->count - before < 10);
  }
}

}  // namespace
