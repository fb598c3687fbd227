// What a file is found to be, and why it is refused.

#include <catch_amalgamated.hpp>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include "corpus.hpp"
#include "files.hpp"
#include "media/video_reader.hpp"
#include "reading.hpp"

namespace {

using actionscope::Error;
using actionscope::media::VideoDescription;
using actionscope::media::VideoReader;
using actionscope::test::Bytes;
using actionscope::test::corpus;
using actionscope::test::corpus_bytes;
using actionscope::test::corpus_file;
using actionscope::test::CorpusFile;
using actionscope::test::following;
using actionscope::test::MemoryFile;
using actionscope::test::open;
using actionscope::test::opened;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Error refusal_of(std::unique_ptr<MemoryFile> file) {
  const auto reader = VideoReader::open(std::move(file));
  REQUIRE_FALSE(reader.has_value());
  return reader.error();
}

Error refusal_of(Bytes bytes) { return refusal_of(std::make_unique<MemoryFile>(std::move(bytes))); }

std::string code_of(const Error& error) { return std::string(name_of(error.code)); }

TEST_CASE("the description of every file of the corpus is as it was made") {
  for (const CorpusFile& file : corpus()) {
    if (!file.error.empty()) continue;
    DYNAMIC_SECTION(file.name) {
      const auto reader = opened(corpus_file(file.name));
      const VideoDescription& found = reader->description();
      CHECK(found.width == file.stored_width);
      CHECK(found.height == file.stored_height);
      CHECK(found.display.width == file.display_width);
      CHECK(found.display.height == file.display_height);
      CHECK(found.turn.rotation == file.rotation);
      CHECK(found.turn.flip == file.flip);
      CHECK(found.decodable == (file.module != "demuxes"));
      CHECK((found.decodable || found.webcodecs.has_value()));
      CHECK(found.container.has_value());
      CHECK(found.codec.has_value());
      REQUIRE(found.duration.has_value());
      if (file.duration) CHECK(std::abs(*found.duration - *file.duration) <= file.duration_tolerance + 1e-9);
    }
  }
}

TEST_CASE("every file of the corpus that cannot be read says why, by its code") {
  for (const CorpusFile& file : corpus()) {
    if (file.error.empty()) continue;
    DYNAMIC_SECTION(file.name) {
      auto [reader, error] = open(corpus_file(file.name));
      if (reader != nullptr && reader->description().decodable) {
        const auto frames = following(*reader);
        REQUIRE(frames.size() == 1);
        error = frames.front().error;
      }
      CHECK(error == file.error);
    }
  }
}

TEST_CASE("what people know a file by: container and codec") {
  const auto words = [](const char* name) {
    const auto reader = opened(corpus_file(name));
    return *reader->description().container + ", " + *reader->description().codec;
  };
  CHECK(words("mpeg4.avi") == "AVI, MPEG-4 Part 2");
  CHECK(words("mpeg1.mpg") == "MPEG, MPEG-1");
  CHECK(words("hit.wmv") == "Windows Media, Windows Media Video 8");
  CHECK(words("flv1.flv") == "Flash Video, Sorenson Spark");
  CHECK(words("av1.webm") == "WebM, AV1");
  CHECK(words("hevc10.mkv") == "Matroska, HEVC (H.265)");
  CHECK(words("h263.3gp") == "3GP, H.263");
  CHECK(words("mjpeg.mov") == "QuickTime, Motion JPEG");
}

TEST_CASE("an empty file is said to be empty") { CHECK(code_of(refusal_of(Bytes{})) == "file-empty"); }

TEST_CASE("a text, a picture, and bytes without meaning are not videos") {
  CHECK(code_of(refusal_of(bytes_of("Dear diary, today I went cycling. It rained.\n"))) == "not-a-video");
  CHECK(code_of(refusal_of(bytes_of(std::string_view("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)))) == "not-a-video");
  CHECK(code_of(refusal_of(Bytes(1, 0))) == "not-a-video");
  CHECK(code_of(refusal_of(Bytes(100'000, 0))) == "not-a-video");
  CHECK(code_of(refusal_of(Bytes(100'000, 0xFF))) == "not-a-video");
}

TEST_CASE("files of sound have no picture") {
  CHECK(code_of(refusal_of(bytes_of(std::string_view("RIFF\x24\0\0\0WAVEfmt ", 16)))) == "no-video-track");
  CHECK(code_of(refusal_of(bytes_of(std::string_view("ID3\x04\0\0\0\0\0\0", 10)))) == "no-video-track");
  CHECK(code_of(refusal_of(bytes_of("fLaC"))) == "no-video-track");
}

TEST_CASE("a container that holds video but is not read here is named") {
  const Error error = refusal_of(bytes_of(std::string_view(".RMF\0\0\0\x12", 8)));
  CHECK(code_of(error) == "codec-unsupported");
  CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring("RealMedia"));
}

TEST_CASE("a codec that nothing reads is named beside its container") {
  Bytes bytes = corpus_bytes("mpeg4.avi");
  for (const char* letters : {"FMP4", "fmp4"}) {
    for (std::size_t at = 0; at + 4 <= std::min<std::size_t>(bytes.size(), 4096); ++at) {
      if (std::equal(letters, letters + 4, bytes.begin() + static_cast<std::ptrdiff_t>(at))) {
        std::copy_n("Zq9x", 4, bytes.begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
  }
  const Error error = refusal_of(std::move(bytes));
  CHECK(code_of(error) == "codec-unsupported");
  CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring("AVI"));
  CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring("Zq9x"));
}

TEST_CASE("an MP4 file whose end was never written is said to be incomplete") {
  Bytes bytes = corpus_bytes("mpeg4.mp4");
  bytes.resize(bytes.size() / 2);
  const Error error = refusal_of(std::move(bytes));
  CHECK(code_of(error) == "file-corrupt");
  CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring("incomplete"));
}

TEST_CASE("a file that cannot be read says so, whenever it begins to fail") {
  for (const char* name :
       {"mpeg4.avi", "mpeg4.mp4", "mpeg1.mpg", "hit.wmv", "flv1.flv", "mpeg4.mkv", "mpeg2.ts", "huffyuv.avi"}) {
    for (std::size_t reads = 0; reads < 4; ++reads) {
      INFO(name << " fails after " << reads << " reads");
      auto file = corpus_file(name);
      file->fail_after(reads);
      auto [reader, error] = open(std::move(file));
      if (reader != nullptr) {
        const auto frames = following(*reader);
        REQUIRE_FALSE(frames.empty());
        error = frames.back().error;
        // Small files are read by fewer calls.
        if (error.empty()) continue;
      }
      CHECK(error == "file-unreadable");
    }
  }
}

TEST_CASE("a file that is shorter than its source claims is read as far as it goes") {
  auto file = corpus_file("mpeg4.avi");
  file->claim_size(std::uint64_t{6} << 30);
  const auto reader = opened(std::move(file));
  CHECK(following(*reader).size() == 50);
}

}  // namespace
