// Files that were cut off, overwritten, or lie: never a hang, a crash or a leak, and what can be read is read.

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "corpus.hpp"
#include "files.hpp"
#include "reading.hpp"

namespace {

using actionscope::test::at;
using actionscope::test::Bytes;
using actionscope::test::corpus_bytes;
using actionscope::test::following;
using actionscope::test::Found;
using actionscope::test::MemoryFile;
using actionscope::test::near;
using actionscope::test::open;
using actionscope::test::packets;

constexpr std::array kContainers{"mpeg4.avi", "mpeg4_b.avi", "mpeg4.mp4",   "fragments.mp4", "mjpeg.mov",  "mpeg4.mkv",
                                 "live.webm", "mpeg1.mpg",   "mpeg2.ts",    "hit.wmv",       "flv1.flv",   "dv.dv",
                                 "h263.3gp",  "mpeg2.m2v",   "mjpeg.mjpeg", "mpeg4.m4v",     "scene.h264", "hevc.mp4"};

// Asks of a file all that can be asked.
void exercise(Bytes bytes) {
  auto [reader, error] = open(std::make_unique<MemoryFile>(std::move(bytes)));
  if (reader == nullptr) {
    CHECK_FALSE(error.empty());
    CHECK(error != "never measured");
    return;
  }
  const double duration = reader->description().duration.value();
  if (reader->description().decodable) {
    for (const double part : {0.1, 0.9, 0.5}) {
      CHECK(at(*reader, part * duration).error != "never settled");
      CHECK(near(*reader, part * duration).error != "never settled");
    }
    following(*reader);
  }
  reader->seek_packet(duration / 2);
  packets(*reader);
}

TEST_CASE("cut off at 50 places, every container is read as far as it goes, or refused with a reason") {
  constexpr std::size_t kPlaces = 50;
  for (const char* name : kContainers) {
    DYNAMIC_SECTION(name) {
      const Bytes whole = corpus_bytes(name);
      REQUIRE_FALSE(whole.empty());
      for (std::size_t place = 0; place < kPlaces; ++place) {
        const std::size_t length = whole.size() * place / kPlaces;
        INFO("cut at " << length);
        exercise({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
      }
    }
  }
}

TEST_CASE("cut off in the middle, containers with their index in front or none give the first half") {
  for (const char* name : {"mpeg4.avi", "mpeg4.mkv", "mpeg1.mpg", "mpeg2.ts", "hit.wmv", "flv1.flv", "dv.dv"}) {
    DYNAMIC_SECTION(name) {
      Bytes bytes = corpus_bytes(name);
      const auto all = following(*actionscope::test::opened(std::make_unique<MemoryFile>(bytes)));
      bytes.resize(bytes.size() / 2);
      const auto half = following(*actionscope::test::opened(std::make_unique<MemoryFile>(std::move(bytes))));
      CHECK(half.size() > all.size() / 5);
      CHECK(half.size() < all.size());
      // The last frame may be damaged.
      for (std::size_t index = 0; index + 2 < half.size(); ++index) CHECK(half[index] == all[index]);
    }
  }
}

TEST_CASE("overwritten at random places, every container is read as far as it goes, or refused with a reason") {
  std::mt19937 random(20);  // the same places each time
  for (const char* name : kContainers) {
    DYNAMIC_SECTION(name) {
      const Bytes whole = corpus_bytes(name);
      for (int round = 0; round < 20; ++round) {
        Bytes bytes = whole;
        // Half of the hits are where headers are.
        for (int hit = 0; hit < 8; ++hit) {
          const std::size_t within = hit % 2 == 0 ? std::min<std::size_t>(bytes.size(), 2048) : bytes.size();
          bytes[random() % within] = static_cast<std::uint8_t>(random());
        }
        exercise(std::move(bytes));
      }
    }
  }
}

TEST_CASE("a length of hours that the file has no bytes for is not believed, but measured") {
  Bytes bytes = corpus_bytes("mpeg4.avi");
  const std::array<std::uint8_t, 4> letters{'v', 'i', 'd', 's'};
  const auto header = std::ranges::search(bytes, letters);
  REQUIRE_FALSE(header.empty());
  // dwLength of the AVI stream header, which begins with these letters.
  std::fill_n(header.begin() + 32, 4, std::uint8_t{0x7F});
  const auto reader = actionscope::test::opened(std::make_unique<MemoryFile>(std::move(bytes)));
  CHECK(reader->description().duration == Catch::Approx(2.0));
}

}  // namespace
