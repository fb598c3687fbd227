#include "media/video_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include "media/limits.hpp"

namespace actionscope::media {

namespace {

// Times closer than this, in seconds, are the same moment.
constexpr double kTolerance = 1e-6;
// Seconds that a video track may end before it promised to without counting as broken.
constexpr double kEarlyEnd = 0.5;
// Seconds of decoding that a seek has to spare: by an index, which is exact; and by searching.
constexpr double kWorthASeek = 0.25;
constexpr double kWorthASearch = 1.5;
// Seconds between key frames, where the file has not shown it yet; and the longest gap that seeks reckon with.
constexpr double kUsualGap = 0.6;
constexpr double kLongestGap = 30;
// Seeks after which a frame is reached from the start of the file.
constexpr int kMostAttempts = 12;
constexpr int kScannedPacketsPerStep = 64;
// The largest single allocation that FFmpeg may make: a picture of 8192 x 8192 with 16 bits in each of 4 channels.
constexpr std::size_t kMostBytesAtOnce = std::size_t{576} << 20;

void set_up_ffmpeg() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(kMostBytesAtOnce);
  });
}

struct Size {
  int width = 0;
  int height = 0;
};

// Of containers that leave it to a codec that is not decoded here, it is what FFmpeg's parser finds in the first
// packet.
Size size_of_stream(const AVStream& stream, const AVPacket& first) {
  const AVCodecParameters& codec = *stream.codecpar;
  if (codec.width > 0 && codec.height > 0) return {codec.width, codec.height};
  const Parser parser(av_parser_init(codec.codec_id));
  const CodecContext context(avcodec_alloc_context3(nullptr));
  if (!parser || !context || avcodec_parameters_to_context(context.get(), &codec) < 0) return {};
  parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  std::uint8_t* data = nullptr;
  int bytes = 0;
  av_parser_parse2(parser.get(), context.get(), &data, &bytes, first.data, first.size, kNoTimestamp, kNoTimestamp, -1);
  return {std::max(parser->width, 0), std::max(parser->height, 0)};
}

Turn turn_of_stream(const AVStream& stream) {
  static constexpr std::size_t kNumbers = 9;
  std::size_t bytes = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
  std::array<std::int32_t, kNumbers> matrix{};
  if (data == nullptr || bytes < sizeof matrix) return {};
  std::memcpy(matrix.data(), data, sizeof matrix);
  return turn_of(matrix);
}

bool is_key(const AVFrame& frame) { return frame.key_frame != 0 || frame.pict_type == AV_PICTURE_TYPE_I; }

}  // namespace

Result<std::unique_ptr<VideoReader>> VideoReader::open(std::unique_ptr<ByteSource> source) {
  set_up_ffmpeg();
  if (source->size() == 0) return fail(ErrorCode::file_empty, "This file is empty.");
  auto input = FileInput::create(std::move(source));
  if (!input) return tl::unexpected<Error>(input.error());
  std::unique_ptr<VideoReader> reader(new VideoReader);
  reader->input_ = std::move(*input);
  reader->packet_.reset(av_packet_alloc());
  if (!reader->packet_) return tl::unexpected<Error>(out_of_memory());
  if (const auto opened = reader->rewind(); !opened) return tl::unexpected<Error>(opened.error());
  reader->describe();
  const VideoDescription& description = reader->description_;
  // HEVC may be without the parameters that browsers ask for here, and yet be decoded by the module for it.
  if (!description.decodable && !description.webcodecs &&
      reader->demuxer_->video().codecpar->codec_id != AV_CODEC_ID_HEVC) {
    return fail(ErrorCode::codec_unsupported, "This " + description.container.value_or("video") + " file has " +
                                                  description.codec.value_or("an unknown codec") +
                                                  ", which cannot be read here.");
  }
  return reader;
}

void VideoReader::describe() {
  const AVStream& video = demuxer_->video();
  const AVCodecParameters& codec = *video.codecpar;
  const AVPacket& first = demuxer_->first_packet();
  description_.container = demuxer_->container();
  description_.codec = demuxer_->codec();
  description_.duration = demuxer_->duration();
  description_.video_end = demuxer_->video_end().value_or(0);
  const Size size = size_of_stream(video, first);
  description_.width = size.width;
  description_.height = size.height;
  const AVRational aspect = demuxer_->pixel_aspect(nullptr);
  description_.display = display_size(size.width, size.height, aspect);
  description_.turn = turn_of_stream(video);
  description_.decodable = decoder_ != nullptr;
  description_.webcodecs = webcodecs_stream(codec, {first.data, static_cast<std::size_t>(first.size)});
  description_.reorder = demuxer_->times_of_decoding();
}

Result<void> VideoReader::rewind() {
  forget_position();
  demuxer_.reset();
  auto demuxer = Demuxer::open(*input_, Demuxer::Tracks::video_only);
  if (!demuxer) return tl::unexpected<Error>(demuxer.error());
  demuxer_ = std::move(*demuxer);
  if (!decoder_ && can_decode(demuxer_->video().codecpar->codec_id)) {
    auto decoder = Decoder::open(*demuxer_);
    if (!decoder) return tl::unexpected<Error>(decoder.error());
    decoder_ = std::move(*decoder);
  }
  from_start_ = true;
  wait_for_key_ = false;
  checked_ = true;
  return {};
}

void VideoReader::forget_position() {
  if (decoder_) decoder_->reset();
  ready_.clear();
  current_.reset();
  current_is_first_ = false;
  found_ = false;
  has_packet_ = false;
  packet_waits_ = false;
  in_sequence_ = true;
  from_start_ = false;
  ended_ = false;
  wait_for_key_ = true;
  checked_ = false;
  earliest_ = kNoTimestamp;
  reached_ = kNoTimestamp;
  latest_ = kNoTimestamp;
  left_out_ = false;
  last_key_.reset();
}

Result<bool> VideoReader::measure() {
  if (description_.duration) return true;
  input_->begin_call();
  if (!scanned_end_) {
    forget_position();
    demuxer_.reset();
    auto demuxer = Demuxer::open(*input_, Demuxer::Tracks::all);
    if (!demuxer) return tl::unexpected<Error>(demuxer.error());
    demuxer_ = std::move(*demuxer);
    scanned_end_ = 0;
    scanned_video_end_ = 0;
    return false;
  }
  for (int count = 0; count < kScannedPacketsPerStep; ++count) {
    const auto got = demuxer_->read(*packet_);
    if (!got) return tl::unexpected<Error>(got.error());
    if (*got == Demuxer::Read::end) {
      if (const auto opened = rewind(); !opened) return tl::unexpected<Error>(opened.error());
      description_.duration = scanned_end_;
      description_.video_end = *scanned_video_end_;
      return true;
    }
    if (!demuxer_->counts(*packet_)) continue;
    scanned_end_ = std::max(*scanned_end_, demuxer_->end_of(*packet_));
    if (*got == Demuxer::Read::video) scanned_video_end_ = std::max(*scanned_video_end_, demuxer_->end_of(*packet_));
  }
  return false;
}

void VideoReader::set_goal(Goal goal, double time) {
  // On the way to a goal that is given up, frames may have been left out, or passed, that the new one needs.
  if (!settled_ && (left_out_ || goal == Goal::next)) in_sequence_ = false;
  // A time that is no number is met by the first frame.
  goal_ = goal;
  goal_time_ = std::isnan(time) ? 0 : time;
  under_way_ = false;
  attempts_ = 0;
  landed_ = kNoTimestamp;
}

void VideoReader::aim(double time) { set_goal(Goal::exact, time); }
void VideoReader::aim_near(double time) { set_goal(Goal::near, time); }
void VideoReader::aim_next() { set_goal(Goal::next, last_found_.value_or(-std::numeric_limits<double>::infinity())); }
void VideoReader::seek_packet(double time) { set_goal(Goal::packets, time); }

Result<VideoReader::Step> VideoReader::step() {
  if (!decoder_) return fail(ErrorCode::order_violated, "This video cannot be decoded here.");
  if (goal_ == Goal::none || goal_ == Goal::packets) return fail(ErrorCode::order_violated, "No frame was asked for.");
  input_->begin_call();
  if (!under_way_) {
    found_ = false;
    settled_ = false;
    under_way_ = true;
    if (const auto started = start_towards_goal(); !started) return tl::unexpected<Error>(started.error());
  }
  if (const auto settled = settle()) return *settled;
  if (const auto advanced = advance(); !advanced) return tl::unexpected<Error>(advanced.error());
  if (const auto settled = settle()) return *settled;
  return Step::working;
}

Result<void> VideoReader::start_towards_goal() {
  if (goal_ == Goal::near) {
    if (!seeks_mislead_ && demuxer_->seeking() != Demuxer::Seeking::none) return seek_to_goal();
    goal_ = Goal::exact;
  }
  if (!in_sequence_) return seek_to_goal();
  if (goal_ == Goal::next) {
    // In sequence, the next frame is the next whatever its time.
    goal_time_ = -std::numeric_limits<double>::infinity();
    return {};
  }
  const bool passed = current_ && !current_is_first_ && time_of(*current_) > goal_time_ + kTolerance;
  return passed || seek_spares_decoding() ? seek_to_goal() : Result<void>{};
}

bool VideoReader::seek_spares_decoding() const {
  if (seeks_mislead_ || ended_) return false;
  const double reached = reached_ == kNoTimestamp ? 0 : demuxer_->seconds(reached_);
  switch (demuxer_->seeking()) {
    case Demuxer::Seeking::none: return false;
    case Demuxer::Seeking::by_search: return goal_time_ - reached > std::max(kWorthASearch, 2 * longest_gap_);
    case Demuxer::Seeking::by_index: break;
  }
  const auto key = demuxer_->key_at_or_before(demuxer_->timestamp(goal_time_ + kTolerance));
  return key && demuxer_->seconds(*key) > reached + kWorthASeek;
}

std::int64_t VideoReader::seek_target() const {
  const std::int64_t goal = demuxer_->timestamp(goal_time_ + kTolerance);
  if (attempts_ > 0) {
    const double back = std::ldexp(1.0, attempts_ - 1);
    const std::int64_t target = demuxer_->timestamp(goal_time_ - back);
    return landed_ == kNoTimestamp ? target : std::min(target, landed_ - 1);
  }
  const bool by_index = demuxer_->seeking() == Demuxer::Seeking::by_index;
  if (goal_ == Goal::near && by_index) {
    const auto before = demuxer_->key_at_or_before(goal);
    const auto after = demuxer_->key_after(goal);
    if (before && after) {
      const bool later = demuxer_->seconds(*after) - goal_time_ < goal_time_ - demuxer_->seconds(*before);
      return later ? *after : *before;
    }
  }
  // What is found by searching is some packet, and its key frame is to come before the goal.
  if (goal_ != Goal::near && !by_index) return demuxer_->timestamp(goal_time_ - std::max(longest_gap_, kUsualGap));
  return goal;
}

Result<void> VideoReader::seek_to_goal() {
  if (attempts_ >= kMostAttempts) seeks_mislead_ = true;
  const std::int64_t target = seek_target();
  const bool possible = !seeks_mislead_ && demuxer_->seeking() != Demuxer::Seeking::none;
  const bool after_start = demuxer_->seconds(target) > 0;
  forget_position();
  ++attempts_;
  if (possible && after_start && demuxer_->seek(target)) return {};
  return rewind();
}

Result<void> VideoReader::advance() {
  if (ended_) return {};
  if (packet_waits_) return take_packet();
  const auto got = demuxer_->read(*packet_);
  if (!got) return tl::unexpected<Error>(got.error());
  note_track_end(*got);
  switch (*got) {
    case Demuxer::Read::other: return {};
    case Demuxer::Read::video: return take_packet();
    case Demuxer::Read::end: break;
  }
  if (wait_for_key_ && !from_start_) return seek_to_goal();
  ended_ = true;
  const auto drained = decoder_->drain(ready_);
  drop_undecodable();
  return drained;
}

void VideoReader::note_track_end(Demuxer::Read read) {
  if (read != Demuxer::Read::end) {
    if (!demuxer_->counts(*packet_)) return;
    double& track = read == Demuxer::Read::video ? video_read_ : others_read_;
    track = std::max(track, demuxer_->end_of(*packet_));
    return;
  }
  // Where the file tells only its own end, sound that reaches it shows that the pictures were to end before.
  const bool whole = others_read_ + kEarlyEnd >= description_.video_end;
  if (!demuxer_->tracks_tell_their_ends() && whole)
    description_.video_end = std::min(description_.video_end, video_read_);
}

Result<bool> VideoReader::passes_as_start() {
  if (!wait_for_key_) return true;
  const std::int64_t time = demuxer_->time_of(*packet_);
  if ((packet_->flags & AV_PKT_FLAG_KEY) == 0 || time == kNoTimestamp) return false;
  landed_ = time;
  if (goal_ != Goal::near && demuxer_->seconds(time) > goal_time_ + kTolerance) {
    if (const auto sought = seek_to_goal(); !sought) return tl::unexpected<Error>(sought.error());
    return false;
  }
  wait_for_key_ = false;
  if (!demuxer_->times_of_decoding()) earliest_ = time;
  return true;
}

Result<void> VideoReader::take_packet() {
  const auto passes = passes_as_start();
  if (!passes) return tl::unexpected<Error>(passes.error());
  if (!*passes) return {};
  packet_waits_ = settles_goal();
  if (packet_waits_) return {};
  const std::int64_t time = demuxer_->time_of(*packet_);
  reached_ = packet_->dts != kNoTimestamp ? packet_->dts : time;
  if ((packet_->flags & AV_PKT_FLAG_KEY) != 0 && time != kNoTimestamp) {
    const double seconds = demuxer_->seconds(time);
    if (last_key_) longest_gap_ = std::max(longest_gap_, std::min(seconds - *last_key_, kLongestGap));
    last_key_ = seconds;
  }
  // A key frame that an edit list cuts off is decoded for those after it.
  if ((packet_->flags & AV_PKT_FLAG_DISCARD) != 0 && goal_ == Goal::near) goal_ = Goal::exact;
  const bool wanted = !is_passed_over(time);
  left_out_ = left_out_ || !wanted;
  if (time != kNoTimestamp && (packet_->flags & AV_PKT_FLAG_DISCARD) == 0) latest_ = std::max(latest_, time);
  auto sent = decoder_->send(*demuxer_, *packet_, wanted, ready_);
  // Nothing but this one packet is to be decoded, unless the time of its frame is known only with what follows it.
  if (sent && goal_ == Goal::near && !(demuxer_->times_of_decoding() && decoder_->reorders())) {
    if (ready_.empty()) sent = decoder_->drain(ready_);
    decoder_->reset();
    wait_for_key_ = true;
  }
  if (goal_ == Goal::near) in_sequence_ = false;
  drop_undecodable();
  return sent;
}

bool VideoReader::settles_goal() const {
  const std::int64_t time = demuxer_->time_of(*packet_);
  return goal_ == Goal::exact && current_ && ready_.empty() && !decoder_->reorders() && time != kNoTimestamp &&
         demuxer_->seconds(time) > goal_time_ + kTolerance;
}

bool VideoReader::is_passed_over(std::int64_t time) const {
  if (goal_ != Goal::exact || !decoder_->skips() || time == kNoTimestamp || latest_ == kNoTimestamp) return false;
  return time < latest_ && demuxer_->seconds(latest_) <= goal_time_ + kTolerance;
}

void VideoReader::drop_undecodable() {
  if (earliest_ == kNoTimestamp) return;
  std::erase_if(ready_, [this](const TimedFrame& frame) { return frame.time < earliest_; });
}

std::optional<Result<VideoReader::Step>> VideoReader::settle() {
  switch (goal_) {
    case Goal::exact: return settle_exact();
    case Goal::near: return settle_near();
    default: return settle_next();
  }
}

std::optional<Result<VideoReader::Step>> VideoReader::settle_exact() {
  while (true) {
    if (current_ && time_of(*current_) > goal_time_ + kTolerance) return found();
    if (ready_.empty()) break;
    if (current_ && time_of(ready_.front()) > goal_time_ + kTolerance) return found();
    const auto taken = take_ready();
    if (!taken) return tl::unexpected<Error>(taken.error());
    if (!*taken) return std::nullopt;
  }
  if (packet_waits_ && settles_goal()) return found();
  if (!ended_) return std::nullopt;
  if (!current_) return nothing_decoded();
  const double end = time_of(*current_) + demuxer_->frame_seconds();
  const bool broken = end + kEarlyEnd < description_.video_end;
  settled_ = true;
  if (broken && goal_time_ >= end) return Step::end;
  return found();
}

std::optional<Result<VideoReader::Step>> VideoReader::settle_near() {
  if (ready_.empty()) return ended_ ? nothing_decoded() : std::nullopt;
  current_ = std::move(ready_.front());
  current_is_first_ = false;
  ready_.clear();
  return found();
}

std::optional<Result<VideoReader::Step>> VideoReader::settle_next() {
  while (!ready_.empty()) {
    const auto taken = take_ready();
    if (!taken) return tl::unexpected<Error>(taken.error());
    if (!*taken) return std::nullopt;
    if (time_of(*current_) > goal_time_ + kTolerance) return found();
  }
  if (!ended_) return std::nullopt;
  if (!current_) return nothing_decoded();
  return Step::end;
}

VideoReader::Step VideoReader::found() {
  found_ = true;
  settled_ = true;
  last_found_ = time_of(*current_);
  return Step::found;
}

std::optional<Result<VideoReader::Step>> VideoReader::nothing_decoded() {
  if (goal_ == Goal::near)
    goal_ = Goal::exact;
  else if (from_start_)
    return fail(ErrorCode::file_corrupt, "No picture of this video could be decoded.");
  if (const auto sought = seek_to_goal(); !sought) return tl::unexpected<Error>(sought.error());
  return std::nullopt;
}

Result<bool> VideoReader::take_ready() {
  if (!checked_) {
    // An index may call frames key frames that are none: what follows them is not what the file shows.
    if (!is_key(*ready_.front().frame)) seeks_mislead_ = true;
    if (seeks_mislead_ || time_of(ready_.front()) > goal_time_ + kTolerance) {
      if (const auto sought = seek_to_goal(); !sought) return tl::unexpected<Error>(sought.error());
      return false;
    }
    checked_ = true;
  }
  current_is_first_ = from_start_ && !current_ && !left_out_;
  current_ = std::move(ready_.front());
  ready_.pop_front();
  return true;
}

Result<DecodedFrame> VideoReader::frame() {
  if (!found_ || !current_) return fail(ErrorCode::order_violated, "No frame has been found yet.");
  AVFrame& frame = *current_->frame;
  const AVRational aspect = demuxer_->pixel_aspect(&frame);
  auto picture = pictures_.picture(frame, aspect, description_.turn);
  if (!picture) return tl::unexpected<Error>(picture.error());
  const double start = time_of(*current_);
  const double waiting = packet_waits_ ? demuxer_->seconds(demuxer_->time_of(*packet_)) : start;
  const double next = ready_.empty() ? waiting : time_of(ready_.front());
  return DecodedFrame{start, next > start ? next - start : demuxer_->frame_seconds(), *picture};
}

Result<VideoReader::Step> VideoReader::next_packet() {
  input_->begin_call();
  has_packet_ = false;
  if (goal_ != Goal::packets) set_goal(Goal::packets, 0);
  if (!under_way_) {
    under_way_ = true;
    if (const auto sought = seek_to_goal(); !sought) return tl::unexpected<Error>(sought.error());
    in_sequence_ = false;
    return Step::working;
  }
  const auto got = demuxer_->read(*packet_);
  if (!got) return tl::unexpected<Error>(got.error());
  note_track_end(*got);
  if (*got == Demuxer::Read::end) {
    if (!wait_for_key_) return Step::end;
    const auto sought = seek_to_goal();
    in_sequence_ = false;
    if (!sought) return tl::unexpected<Error>(sought.error());
    return Step::working;
  }
  // A packet of which a part is missing would end a browser's decoder.
  if (*got == Demuxer::Read::other || demuxer_->lacks_bytes(*packet_)) return Step::working;
  const auto passes = passes_as_start();
  in_sequence_ = false;
  if (!passes) return tl::unexpected<Error>(passes.error());
  has_packet_ = *passes;
  if (!has_packet_) return Step::working;
  return prepare_packet() ? Result<Step>(Step::found) : tl::unexpected<Error>(out_of_memory());
}

bool VideoReader::prepare_packet() {
  packet_data_.clear();
  const auto& stream = description_.webcodecs;
  const bool key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
  const std::span<const std::uint8_t> data(packet_->data, static_cast<std::size_t>(packet_->size));
  if (!key || !stream || stream->parameter_sets.empty() ||
      has_parameter_sets(demuxer_->video().codecpar->codec_id, data)) {
    return true;
  }
  try {
    packet_data_.reserve(stream->parameter_sets.size() + data.size());
  } catch (const std::bad_alloc&) {
    return false;
  }
  packet_data_.insert(packet_data_.end(), stream->parameter_sets.begin(), stream->parameter_sets.end());
  packet_data_.insert(packet_data_.end(), data.begin(), data.end());
  return true;
}

CodedPacket VideoReader::packet() const {
  if (!has_packet_) return {};
  const std::int64_t time = demuxer_->time_of(*packet_);
  const std::int64_t known = time != kNoTimestamp ? time : packet_->dts;
  CodedPacket packet;
  packet.timestamp = known == kNoTimestamp ? 0 : demuxer_->seconds(known);
  packet.duration =
      static_cast<double>(std::max<std::int64_t>(packet_->duration, 0)) * av_q2d(demuxer_->video().time_base);
  packet.key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
  packet.data = packet_data_.empty()
                    ? std::span<const std::uint8_t>(packet_->data, static_cast<std::size_t>(packet_->size))
                    : packet_data_;
  return packet;
}

}  // namespace actionscope::media
