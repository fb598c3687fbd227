// Which frame is found at which time, in every file of the corpus that is decoded here.

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "files.hpp"
#include "reading.hpp"

namespace {

using actionscope::test::at;
using actionscope::test::corpus;
using actionscope::test::corpus_bytes;
using actionscope::test::corpus_file;
using actionscope::test::CorpusFile;
using actionscope::test::following;
using actionscope::test::Found;
using actionscope::test::MemoryFile;
using actionscope::test::near;
using actionscope::test::opened;
using actionscope::test::Reader;
using actionscope::test::settle;

bool is_decoded(const CorpusFile& file) {
  return file.error.empty() && (file.module == "decodes" || file.module == "hevc");
}

// Times in an order that seeks forward, backward, near and far.
std::vector<double> scattered_times(double duration) {
  constexpr int kCount = 40;
  std::vector<double> times;
  for (int index = 0; index < kCount; ++index) times.push_back((index * 17 % kCount + 0.3) / kCount * duration);
  return times;
}

// The last frame that starts no later, or the first.
const Found& expected_at(const std::vector<Found>& frames, double time) {
  const auto later =
      std::find_if(frames.begin(), frames.end(), [time](const Found& frame) { return *frame.time > time + 1e-6; });
  return later == frames.begin() ? frames.front() : *(later - 1);
}

TEST_CASE("the corpus has been made, by tests/corpus/make_corpus.py") {
  CHECK(std::count_if(corpus().begin(), corpus().end(), is_decoded) > 40);
}

TEST_CASE("read one after the other, every frame comes once, at its time") {
  for (const CorpusFile& file : corpus()) {
    if (!is_decoded(file)) continue;
    DYNAMIC_SECTION(file.name) {
      const Reader reader = opened(corpus_file(file.name));
      const std::vector<Found> frames = following(*reader);
      REQUIRE(frames.size() == file.times.size());
      for (std::size_t index = 0; index < frames.size(); ++index) {
        INFO("frame " << index);
        REQUIRE(frames[index].error.empty());
        CHECK(std::abs(*frames[index].time - file.times[index]) <= file.time_tolerance + 1e-9);
        if (file.codes[index]) CHECK(frames[index].number == file.codes[index]);
      }
    }
  }
}

TEST_CASE("a frame is the same, whether it was reached by decoding all before it or by a seek") {
  for (const CorpusFile& file : corpus()) {
    // What a damaged stream shows depends on where decoding began.
    if (!is_decoded(file) || file.has("garbage")) continue;
    DYNAMIC_SECTION(file.name) {
      const Reader reader = opened(corpus_file(file.name));
      const std::vector<Found> frames = following(*reader);
      REQUIRE_FALSE(frames.empty());
      REQUIRE(frames.back().error.empty());
      std::vector<double> times = scattered_times(reader->description().duration.value());
      std::vector<double> ascending = times;
      std::ranges::sort(ascending);
      times.insert(times.end(), ascending.begin(), ascending.end());
      for (const double time : times) {
        INFO("at " << time);
        const Found found = at(*reader, time);
        if (found.ended() && file.may_end_early) continue;
        REQUIRE(found == expected_at(frames, time));
      }
    }
  }
}

TEST_CASE(
    "a frame near a time is one of the file's, at its own time, and a key frame where the file can be sought in") {
  for (const CorpusFile& file : corpus()) {
    if (!is_decoded(file) || file.has("garbage")) continue;
    DYNAMIC_SECTION(file.name) {
      const Reader reader = opened(corpus_file(file.name));
      const std::vector<Found> frames = following(*reader);
      for (const double time : scattered_times(reader->description().duration.value())) {
        INFO("near " << time);
        const Found found = near(*reader, time);
        if (found.ended() && file.may_end_early) continue;
        REQUIRE(std::ranges::find(frames, found) != frames.end());
      }
    }
  }
}

TEST_CASE("after a frame near a time, the next is the one that follows it") {
  const Reader reader = opened(corpus_file("long.avi"));
  const std::vector<Found> frames = following(*reader);
  const Found found = near(*reader, 31);
  const auto place = std::ranges::find(frames, found);
  REQUIRE(place != frames.end());
  reader->aim_next();
  CHECK(settle(*reader) == *(place + 1));
}

TEST_CASE("a goal that is given up on the way does not change what is found next") {
  for (const char* name : {"mpeg2.mpg", "mpeg2.ts", "later.mpg", "mpeg4_b.avi"}) {
    DYNAMIC_SECTION(name) {
      const Reader reader = opened(corpus_file(name));
      const std::vector<Found> frames = following(*reader);
      // Fewer steps than it takes.
      for (int steps = 0; steps < 20; steps += 3) {
        INFO("after " << steps << " steps");
        CHECK(at(*reader, 0.1) == expected_at(frames, 0.1));
        reader->aim(1.9);
        for (int step = 0; step < steps; ++step) REQUIRE(reader->step().has_value());
        const double time = 0.1 + steps * 0.03;
        REQUIRE(at(*reader, time) == expected_at(frames, time));
        reader->aim(1.9);
        for (int step = 0; step < steps; ++step) REQUIRE(reader->step().has_value());
        reader->aim_next();
        REQUIRE(settle(*reader) == *(&expected_at(frames, time) + 1));
      }
    }
  }
}

TEST_CASE("a time before the first frame, and one that is no number, give the first; one at a frame's start gives it") {
  const Reader reader = opened(corpus_file("mpeg4.avi"));
  const Found first = at(*reader, 0);
  CHECK(first.number == 0);
  CHECK(at(*reader, -5) == first);
  CHECK(at(*reader, std::numeric_limits<double>::quiet_NaN()) == first);
  CHECK(at(*reader, 0.04).number == 1);
  CHECK(at(*reader, 0.04 - 1e-7).number == 1);
  CHECK(at(*reader, 0.04 - 1e-5).number == 0);
  CHECK(at(*reader, 1e300).number == 49);
}

TEST_CASE("the last frame stands to the end of longer sound; past the place where a file breaks off there is none") {
  const Reader longer = opened(corpus_file("sound_longer.avi"));
  CHECK(longer->description().duration.value() > 2.9);
  CHECK(at(*longer, 2.9).number == 49);
  const Reader longer_asf = opened(corpus_file("sound_longer.wmv"));
  CHECK(at(*longer_asf, 2.9).number == 49);
  const Reader broken = opened(corpus_file("truncated.wmv"));
  CHECK(at(*broken, 1.9).ended());
  CHECK(at(*broken, 0.5).number == 12);
}

TEST_CASE("the end of what can be read is found again after going back") {
  const Reader reader = opened(corpus_file("lies.avi"));
  CHECK(at(*reader, 15).ended());
  CHECK(at(*reader, 1).number == 25);
  CHECK(at(*reader, 15).ended());
}

TEST_CASE("a frame tells how long it is shown") {
  const Reader reader = opened(corpus_file("mpeg4.avi"));
  at(*reader, 1);
  CHECK(reader->frame()->duration == Catch::Approx(0.04));
  at(*reader, 1.99);
  CHECK(reader->frame()->duration == Catch::Approx(0.04));
}

TEST_CASE("a frame is asked for before it is stepped towards, and found before it is taken") {
  const Reader reader = opened(corpus_file("mpeg4.avi"));
  CHECK(reader->step().error().code == actionscope::ErrorCode::order_violated);
  reader->aim(1);
  CHECK(reader->frame().error().code == actionscope::ErrorCode::order_violated);
}

}  // namespace
