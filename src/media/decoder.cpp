#include "media/decoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "media/limits.hpp"

namespace actionscope::media {

namespace {

// Bytes past the planes that FFmpeg's C code may read or write.
constexpr std::size_t kPadding = 64;

// Whether no frame ever builds on a B-frame. (In HEVC some may, in layers that FFmpeg does not tell apart.)
bool has_disposable_frames(AVCodecID codec) {
  static constexpr std::array kCodecs{AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4,
                                      AV_CODEC_ID_VC1, AV_CODEC_ID_WMV3};
  return std::ranges::find(kCodecs, codec) != kCodecs.end();
}

}  // namespace

bool can_decode(AVCodecID codec) { return avcodec_find_decoder(codec) != nullptr; }

Result<std::unique_ptr<Decoder>> Decoder::open(const Demuxer& demuxer) {
  const AVStream& video = demuxer.video();
  const AVCodec* codec = avcodec_find_decoder(video.codecpar->codec_id);
  if (codec == nullptr)
    return fail(ErrorCode::codec_unsupported,
                "There is no decoder for " + demuxer.codec().value_or("this codec") + ".");
  std::unique_ptr<Decoder> decoder(new Decoder);
  decoder->context_.reset(avcodec_alloc_context3(codec));
  AVCodecContext* context = decoder->context_.get();
  if (context == nullptr || avcodec_parameters_to_context(context, video.codecpar) < 0)
    return tl::unexpected<Error>(out_of_memory());
  context->pkt_timebase = video.time_base;
  context->thread_count = 1;
  context->max_pixels = std::int64_t{kLargestSide} * kLargestSide;
  context->opaque = decoder.get();
  if ((codec->capabilities & AV_CODEC_CAP_DR1) != 0) context->get_buffer2 = &get_buffer;
  const int opened = avcodec_open2(context, codec, nullptr);
  if (opened == AVERROR(ENOMEM)) return tl::unexpected<Error>(out_of_memory());
  if (opened < 0) return fail(ErrorCode::file_corrupt, "This video is damaged: its decoder cannot be set up.");
  decoder->times_of_decoding_ = demuxer.times_of_decoding();
  decoder->skips_ = !decoder->times_of_decoding_ && has_disposable_frames(codec->id);
  decoder->frame_units_ = std::max<std::int64_t>(1, std::llround(demuxer.frame_seconds() / av_q2d(video.time_base)));
  return decoder;
}

int Decoder::get_buffer(AVCodecContext* context, AVFrame* frame, int /*flags*/) {
  return static_cast<Decoder*>(context->opaque)->allocate(*frame);
}

int Decoder::allocate(AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const Shape shape{frame.format, frame.width, frame.height};
  if (!pool_ || shape != pool_shape_) {
    int width = frame.width;
    int height = frame.height;
    std::array<int, AV_NUM_DATA_POINTERS> alignment{};
    avcodec_align_dimensions2(context_.get(), &width, &height, alignment.data());
    // Rows are widened until those of every plane are aligned.
    std::array<int, 4> strides{};
    for (bool aligned = false; !aligned;) {
      const int filled = av_image_fill_linesizes(strides.data(), format, width);
      if (filled < 0) return filled;
      width += width & ~(width - 1);
      aligned = true;
      for (std::size_t plane = 0; plane < strides.size(); ++plane)
        aligned = aligned && strides[plane] % alignment[plane] == 0;
    }
    std::array<std::ptrdiff_t, 4> steps{};
    std::ranges::copy(strides, steps.begin());
    std::array<std::size_t, 4> sizes{};
    if (const int filled = av_image_fill_plane_sizes(sizes.data(), format, height, steps.data()); filled < 0)
      return filled;
    std::size_t total = 0;
    for (std::size_t plane = 0; plane < sizes.size(); ++plane) {
      // A palette is a plane without rows.
      pool_offsets_[plane] = sizes[plane] > 0 ? std::optional(total) : std::nullopt;
      total += (sizes[plane] + kPadding - 1) / kPadding * kPadding;
    }
    pool_.reset(av_buffer_pool_init(total + kPadding, &av_buffer_allocz));
    if (!pool_) return AVERROR(ENOMEM);
    pool_shape_ = shape;
    pool_strides_ = strides;
  }
  frame.buf[0] = av_buffer_pool_get(pool_.get());
  if (frame.buf[0] == nullptr) return AVERROR(ENOMEM);
  for (std::size_t plane = 0; plane < pool_offsets_.size() && pool_offsets_[plane]; ++plane) {
    frame.data[plane] = frame.buf[0]->data + *pool_offsets_[plane];
    frame.linesize[plane] = pool_strides_[plane];
  }
  frame.extended_data = frame.data;
  return 0;
}

Result<void> Decoder::send(const Demuxer& demuxer, const AVPacket& packet, bool wanted,
                           std::deque<TimedFrame>& frames) {
  if (packet.size == 0) return {};
  const std::int64_t time = demuxer.time_of(packet);
  if (times_of_decoding_ && time != kNoTimestamp) waiting_.push(time);
  context_->skip_frame = wanted || !skips_ ? AVDISCARD_DEFAULT : AVDISCARD_NONREF;
  const std::size_t before = frames.size();
  if (avcodec_send_packet(context_.get(), &packet) == AVERROR(ENOMEM)) return tl::unexpected<Error>(out_of_memory());
  auto received = receive(frames);
  if (!received) return received;
  // A packet of which no frame will ever come (damaged, or "as before") must not lend its time to a later one. Before
  // the first frame it is those that lead a key frame and cannot be decoded: they would have come before it.
  const auto held = static_cast<std::size_t>(std::max(context_->has_b_frames, 0));
  const bool skipped = frames.size() == before && waiting_.size() > held;
  if (skipped && context_->codec_id != AV_CODEC_ID_HEVC) {
    if (!last_time_) {
      waiting_.pop();
    } else {
      std::vector<std::int64_t> kept;
      for (; !waiting_.empty(); waiting_.pop()) {
        if (waiting_.top() != time) kept.push_back(waiting_.top());
      }
      for (const std::int64_t one : kept) waiting_.push(one);
    }
  }
  return {};
}

Result<void> Decoder::drain(std::deque<TimedFrame>& frames) {
  if (avcodec_send_packet(context_.get(), nullptr) == AVERROR(ENOMEM)) return tl::unexpected<Error>(out_of_memory());
  return receive(frames);
}

void Decoder::reset() {
  avcodec_flush_buffers(context_.get());
  waiting_ = {};
  last_time_.reset();
}

Result<void> Decoder::receive(std::deque<TimedFrame>& frames) {
  static constexpr int kMostErrors = 64;
  for (int errors = 0; errors < kMostErrors;) {
    Frame frame(av_frame_alloc());
    if (!frame) return tl::unexpected<Error>(out_of_memory());
    const int got = avcodec_receive_frame(context_.get(), frame.get());
    if (got == AVERROR(ENOMEM)) return tl::unexpected<Error>(out_of_memory());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return {};
    if (got < 0) {
      if (context_->width > kLargestSide || context_->height > kLargestSide) {
        return fail(ErrorCode::frame_too_large, "The picture is too large: at most 8192 pixels a side can be read.");
      }
      ++errors;
      continue;
    }
    if (frame->width > kLargestSide || frame->height > kLargestSide) {
      return fail(ErrorCode::frame_too_large, "The picture is too large: at most 8192 pixels a side can be read.");
    }
    const auto time = time_of(*frame);
    if (!time) continue;
    last_time_ = time;
    frames.push_back({std::move(frame), *time});
  }
  return {};
}

std::optional<std::int64_t> Decoder::time_of(const AVFrame& frame) {
  const std::optional<std::int64_t> next = last_time_ ? std::optional(*last_time_ + frame_units_) : std::nullopt;
  if (!times_of_decoding_) return frame.pts != kNoTimestamp ? std::optional(frame.pts) : next;
  if (waiting_.empty()) return next;
  const std::int64_t time = waiting_.top();
  waiting_.pop();
  return time;
}

}  // namespace actionscope::media
