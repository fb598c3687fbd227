// The packets of codecs that browsers decode, for VideoDecoder.

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "files.hpp"
#include "reading.hpp"

namespace {

using actionscope::media::VideoReader;
using actionscope::test::corpus;
using actionscope::test::corpus_file;
using actionscope::test::CorpusFile;
using actionscope::test::opened;
using actionscope::test::PacketFound;
using actionscope::test::packets;

// The times at which frames are presented, by the rule for each kind of stream: ascending.
std::vector<double> presented_times(const std::vector<PacketFound>& found) {
  std::vector<double> times;
  for (const PacketFound& packet : found) {
    // What an edit list cuts off is decoded, not shown.
    if (packet.time > -1e-6) times.push_back(packet.time);
  }
  std::ranges::sort(times);
  return times;
}

bool is_demuxed(const CorpusFile& file) { return file.error.empty() && file.module == "demuxes" && !file.has("fault"); }

TEST_CASE("the packets of every file that browsers decode come once, with the times of its frames") {
  for (const CorpusFile& file : corpus()) {
    if (!is_demuxed(file)) continue;
    DYNAMIC_SECTION(file.name) {
      const auto reader = opened(corpus_file(file.name));
      const auto found = packets(*reader);
      REQUIRE_FALSE(found.empty());
      CHECK(found.front().key);
      CHECK(std::ranges::all_of(found, [](const PacketFound& packet) { return packet.bytes > 0; }));
      const auto times = presented_times(found);
      REQUIRE(times.size() >= file.times.size());
      for (std::size_t index = 0; index < file.times.size(); ++index) {
        INFO("frame " << index);
        CHECK(std::abs(times[index] - file.times[index]) <= file.time_tolerance + 1e-9);
      }
    }
  }
}

TEST_CASE("a seek leads to the key packet at or before a time, in every container") {
  for (const CorpusFile& file : corpus()) {
    if (!is_demuxed(file)) continue;
    DYNAMIC_SECTION(file.name) {
      const auto reader = opened(corpus_file(file.name));
      const auto all = packets(*reader);
      for (const double time : {1.5, 0.7, 1.9, 0.0}) {
        INFO("to " << time);
        reader->seek_packet(time);
        const auto rest = packets(*reader);
        REQUIRE_FALSE(rest.empty());
        CHECK(rest.front().key);
        CHECK((rest.front().time <= time + 1e-6 || rest.front().time == all.front().time));
        CHECK(rest.back().time == all.back().time);
      }
    }
  }
}

TEST_CASE("frames can be read after packets and packets after frames") {
  const auto reader = opened(corpus_file("mpeg4.avi"));
  CHECK(packets(*reader).size() == 50);
  CHECK(actionscope::test::at(*reader, 1).number == 25);
  reader->seek_packet(0);
  CHECK(packets(*reader).size() == 50);
  CHECK(actionscope::test::at(*reader, 0.4).number == 10);
}

TEST_CASE("the key packets of a stream in Annex B carry its parameter sets") {
  for (const char* name : {"scene.h264", "scene.ts", "scene.avi"}) {
    DYNAMIC_SECTION(name) {
      const auto reader = opened(corpus_file(name));
      const auto& stream = reader->description().webcodecs;
      REQUIRE(stream.has_value());
      if (!stream->description.empty()) continue;
      int keys = 0;
      for (int steps = 0; steps < 1000; ++steps) {
        const auto step = reader->next_packet();
        REQUIRE(step.has_value());
        if (*step == VideoReader::Step::end) break;
        if (*step != VideoReader::Step::found || !reader->packet().key) continue;
        ++keys;
        CHECK(actionscope::media::has_parameter_sets(AV_CODEC_ID_H264, reader->packet().data));
      }
      CHECK(keys > 0);
    }
  }
}

TEST_CASE("before a packet has been found there is an empty one") {
  const auto reader = opened(corpus_file("scene.mp4"));
  CHECK(reader->packet().data.empty());
}

}  // namespace
