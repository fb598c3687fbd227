#pragma once

// Driving a VideoReader to the end of what was asked of it.

#include <catch_amalgamated.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "corpus.hpp"
#include "media/video_reader.hpp"

namespace actionscope::test {

using Reader = std::unique_ptr<media::VideoReader>;

// What a request ended in: a frame (its time and the number drawn in it), the end of the file, or an error's code.
struct Found {
  std::optional<double> time;
  std::optional<int> number;
  std::string error;

  bool ended() const { return !time && error.empty(); }
  bool operator==(const Found&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Found& found) {
  if (!found.error.empty()) return out << found.error;
  if (!found.time) return out << "the end";
  out << "frame ";
  if (found.number)
    out << *found.number;
  else
    out << "unreadable";
  return out << " at " << *found.time;
}

// Steps until the request is settled; no request of the corpus takes a hundred thousand steps.
inline Found settle(media::VideoReader& reader) {
  for (int steps = 0; steps < 100'000; ++steps) {
    const auto step = reader.step();
    if (!step) return {std::nullopt, std::nullopt, std::string(name_of(step.error().code))};
    if (*step == media::VideoReader::Step::end) return {};
    if (*step != media::VideoReader::Step::found) continue;
    const auto frame = reader.frame();
    if (!frame) return {std::nullopt, std::nullopt, std::string(name_of(frame.error().code))};
    return {frame->timestamp, drawn_number(frame->picture), ""};
  }
  return {std::nullopt, std::nullopt, "never settled"};
}

inline Found at(media::VideoReader& reader, double time) {
  reader.aim(time);
  return settle(reader);
}

inline Found near(media::VideoReader& reader, double time) {
  reader.aim_near(time);
  return settle(reader);
}

// Every frame from where the reader stands to the end, or to an error, which is the last.
inline std::vector<Found> following(media::VideoReader& reader) {
  std::vector<Found> frames;
  while (frames.size() < 10'000) {
    reader.aim_next();
    Found found = settle(reader);
    if (found.ended()) break;
    frames.push_back(std::move(found));
    if (!frames.back().error.empty()) break;
  }
  return frames;
}

struct PacketFound {
  double time = 0;
  bool key = false;
  std::size_t bytes = 0;
};

inline std::vector<PacketFound> packets(media::VideoReader& reader) {
  std::vector<PacketFound> found;
  for (int steps = 0; steps < 100'000; ++steps) {
    const auto step = reader.next_packet();
    if (!step || *step == media::VideoReader::Step::end) break;
    if (*step != media::VideoReader::Step::found) continue;
    const auto packet = reader.packet();
    found.push_back({packet.timestamp, packet.key, packet.data.size()});
  }
  return found;
}

// Measures to the end; the error's code, or empty.
inline std::string measure(media::VideoReader& reader) {
  for (int steps = 0; steps < 100'000; ++steps) {
    const auto known = reader.measure();
    if (!known) return std::string(name_of(known.error().code));
    if (*known) return "";
  }
  return "never measured";
}

// Opens and measures; an error's code instead of a reader where that fails.
inline std::pair<Reader, std::string> open(std::unique_ptr<media::ByteSource> source) {
  auto reader = media::VideoReader::open(std::move(source));
  if (!reader) return {nullptr, std::string(name_of(reader.error().code))};
  if (std::string error = measure(**reader); !error.empty()) return {nullptr, std::move(error)};
  return {std::move(*reader), ""};
}

inline Reader opened(std::unique_ptr<media::ByteSource> source) {
  auto [reader, error] = open(std::move(source));
  INFO(error);
  REQUIRE(reader != nullptr);
  return std::move(reader);
}

}  // namespace actionscope::test
