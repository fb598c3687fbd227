#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"
#include "result.hpp"

namespace actionscope::media {

// A decoded frame with its time in units of the video track.
struct TimedFrame {
  Frame frame;
  std::int64_t time = 0;
};

// Whether this build of FFmpeg has a decoder for the codec.
bool can_decode(AVCodecID codec);

// FFmpeg's decoder for one video track, on one thread; gives each frame its time.
class Decoder {
 public:
  // Errors: codec_unsupported, file_corrupt (the decoder refuses the track's parameters), out_of_memory.
  static Result<std::unique_ptr<Decoder>> open(const Demuxer& demuxer);

  // Decodes one packet and appends the frames that came of it to `frames`, in the order of presentation. What cannot be
  // decoded is left out, as ffmpeg does. An unwanted packet is decoded only if other frames may build on it. Errors:
  // out_of_memory, frame_too_large.
  Result<void> send(const Demuxer& demuxer, const AVPacket& packet, bool wanted, std::deque<TimedFrame>& frames);
  // Appends the frames that the decoder still holds. Nothing can be sent until reset().
  Result<void> drain(std::deque<TimedFrame>& frames);
  // Whether frames may come in another order than their packets, as far as is known.
  bool reorders() const { return context_->has_b_frames > 0; }
  // Whether send() spares work on unwanted packets.
  bool skips() const { return skips_; }
  // Forgets everything, before packets from another place.
  void reset();

 private:
  Decoder() = default;

  // One contiguous buffer a frame, so that it can cross to JavaScript as one piece.
  static int get_buffer(AVCodecContext* context, AVFrame* frame, int flags);
  int allocate(AVFrame& frame);
  Result<void> receive(std::deque<TimedFrame>& frames);
  std::optional<std::int64_t> time_of(const AVFrame& frame);

  struct Shape {
    int format = -1;
    int width = 0;
    int height = 0;
    bool operator==(const Shape&) const = default;
  };

  CodecContext context_;
  bool times_of_decoding_ = false;
  bool skips_ = false;
  std::int64_t frame_units_ = 1;  // that a frame usually lasts, of the track's time
  // Times of packets that are in the decoder, where the n-th frame takes the n-th smallest.
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> waiting_;
  std::optional<std::int64_t> last_time_;
  BufferPool pool_;
  Shape pool_shape_;
  std::array<int, 4> pool_strides_{};
  std::array<std::optional<std::size_t>, 4> pool_offsets_{};
};

}  // namespace actionscope::media
