// The whole way of a video file through the reader: opened, measured, frames by time, by key frame and in order,
// packets. The input is the file; what is asked of it follows from the input's last bytes.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>

#include "media/ffmpeg.hpp"
#include "media/video_reader.hpp"

namespace {

using actionscope::Result;
using actionscope::media::ByteSource;
using actionscope::media::VideoReader;

// FFmpeg's decoders take long for large pictures: a fuzzer learns no more from them than from small ones.
constexpr std::size_t kMostBytesAtOnce = std::size_t{8} << 20;
constexpr int kMostPixels = 512 * 512;
// Larger files teach no more than small ones.
constexpr std::size_t kMostBytes = std::size_t{128} << 10;
constexpr int kMeasureSteps = 8;
constexpr int kStepsPerAim = 40;

class Input : public ByteSource {
 public:
  explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::optional<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) override {
    const auto start = static_cast<std::size_t>(std::min<std::uint64_t>(offset, bytes_.size()));
    const std::size_t count = std::min(into.size(), bytes_.size() - start);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(start), count, into.begin());
    return count;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

void require(bool holds) {
  if (!holds) std::abort();
}

// Every plane lies within the pixels, which are read from end to end.
void look_at(const actionscope::media::DecodedFrame& frame) {
  const auto& [layout, pixels] = frame.picture;
  require(std::isfinite(frame.timestamp) && frame.duration >= 0);
  require(layout.width > 0 && layout.height > 0 && layout.display.width > 0 && layout.display.height > 0);
  const bool planar = layout.format != actionscope::media::PixelFormat::rgba;
  for (std::size_t plane = 0; plane < layout.plane_count; ++plane) {
    const auto height = static_cast<std::size_t>(plane == 0 ? layout.height : (layout.height + 1) / 2);
    const auto width =
        static_cast<std::size_t>(planar ? (plane == 0 ? layout.width : (layout.width + 1) / 2) : 4 * layout.width);
    require(layout.planes[plane].offset + (height - 1) * layout.planes[plane].stride + width <= pixels.size());
  }
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : pixels) sum = static_cast<std::uint8_t>(sum + byte);
  volatile std::uint8_t seen = sum;
  static_cast<void>(seen);
}

// False once the file has failed.
bool settle(VideoReader& reader) {
  for (int steps = 0; steps < kStepsPerAim; ++steps) {
    const Result<VideoReader::Step> step = reader.step();
    if (!step) return false;
    if (*step == VideoReader::Step::working) continue;
    if (*step == VideoReader::Step::found) {
      if (const auto frame = reader.frame()) look_at(*frame);
    }
    return true;
  }
  return true;
}

void read_frames(VideoReader& reader, std::span<const std::uint8_t> choices) {
  const double duration = std::min(reader.description().duration.value_or(1), 1e6);
  for (const std::uint8_t choice : choices) {
    const double time = (choice >> 2) / 60.0 * duration;
    switch (choice & 3) {
      case 0: reader.aim_near(time); break;
      case 1: reader.aim_next(); break;
      default: reader.aim(time); break;
    }
    if (!settle(reader)) return;
  }
}

void read_packets(VideoReader& reader, double time) {
  reader.seek_packet(time);
  for (int steps = 0; steps < kStepsPerAim; ++steps) {
    const Result<VideoReader::Step> step = reader.next_packet();
    if (!step || *step == VideoReader::Step::end) return;
    if (*step == VideoReader::Step::found) {
      const auto packet = reader.packet();
      require(std::isfinite(packet.timestamp) && !packet.data.empty());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Not to be kept among the inputs that others are made of.
  if (size > kMostBytes) return -1;
  const std::span<const std::uint8_t> bytes(data, size);
  const auto choices = bytes.last(std::min<std::size_t>(size, 6));
  auto reader = VideoReader::open(std::make_unique<Input>(bytes));
  // The reader sets a limit of its own when it first opens a file.
  av_max_alloc(kMostBytesAtOnce);
  if (!reader) return 0;
  for (int steps = 0; steps < kMeasureSteps; ++steps) {
    const auto known = (*reader)->measure();
    if (!known) return 0;
    if (*known) break;
  }
  const auto& description = (*reader)->description();
  require(std::isfinite(description.duration.value_or(0)));
  if (std::int64_t{description.width} * description.height > kMostPixels) return 0;
  if (description.decodable) read_frames(**reader, choices);
  read_packets(**reader, choices.empty() ? 0 : choices.front() / 60.0);
  return 0;
}
