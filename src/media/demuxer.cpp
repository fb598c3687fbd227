#include "media/demuxer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "media/limits.hpp"
#include "media/words.hpp"

namespace actionscope::media {

namespace {

// What is read to learn the tracks: the first key frame of 4K video at a high rate fits.
constexpr std::int64_t kProbeBytes = std::int64_t{4} << 20;
constexpr std::int64_t kProbeMicroseconds = 1'000'000;
constexpr std::size_t kHeadBytes = std::size_t{64} << 10;

// Packets of other tracks that may precede the first of the video track.
constexpr int kMostPacketsBeforeVideo = 20'000;
// Damaged packets in a row after which the rest is given up.
constexpr int kMostErrorsInARow = 16;

bool format_is(const AVFormatContext& format, std::string_view name) {
  return std::string_view(format.iformat->name).starts_with(name);
}

bool is_elementary_stream(const AVFormatContext& format) {
  static constexpr std::array kNames{"mpegvideo", "m4v", "mjpeg", "h264", "hevc"};
  return std::ranges::any_of(kNames,
                             [&format](const char* name) { return std::string_view(format.iformat->name) == name; });
}

bool is_picture_of_sound(const AVStream& stream) {
  return (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
}

bool has_length(const AVStream& stream) {
  const auto type = stream.codecpar->codec_type;
  return (type == AVMEDIA_TYPE_VIDEO && !is_picture_of_sound(stream)) || type == AVMEDIA_TYPE_AUDIO;
}

double in_seconds(const AVStream& stream, std::int64_t timestamp) {
  return static_cast<double>(timestamp) * av_q2d(stream.time_base);
}

constexpr std::uint32_t letters(std::string_view text) {
  std::uint32_t value = 0;
  for (std::size_t index = 4; index > 0; --index) value = value << 8 | static_cast<std::uint8_t>(text[index - 1]);
  return value;
}

bool is_encrypted(const AVFormatContext& format, const AVStream& stream, std::span<const std::uint8_t> head) {
  const std::uint32_t tag = stream.codecpar->codec_tag;
  return tag == letters("encv") || tag == letters("drmi") ||
         av_stream_get_side_data(&stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr) != nullptr ||
         av_dict_get(stream.metadata, "enc_key_id", nullptr, 0) != nullptr ||
         (format_is(format, "asf") && asf_is_encrypted(head));
}

// Matroska keeps the codecs of AVI files in a manner that knows the times of decoding only.
bool is_avi_in_matroska(const AVFormatContext& format, const AVCodecParameters& codec) {
  const std::uint32_t tag = codec.codec_tag;
  const bool of_quicktime =
      tag == letters("avc1") || tag == letters("mp4v") || tag == letters("hvc1") || tag == letters("SVQ3");
  return format_is(format, "matroska") && tag != 0 && !of_quicktime;
}

// A duration as Matroska's tags have it: "00:00:04.200000000".
std::optional<double> tagged_duration(const AVStream& stream) {
  const AVDictionaryEntry* entry = av_dict_get(stream.metadata, "DURATION", nullptr, 0);
  if (entry == nullptr) return std::nullopt;
  int hours = 0;
  int minutes = 0;
  double rest = 0;
  if (std::sscanf(entry->value, "%d:%d:%lf", &hours, &minutes, &rest) != 3) return std::nullopt;
  return hours * 3600.0 + minutes * 60.0 + rest;
}

// Where a track ends, by a length that some writers count from zero of the file's timeline and others from its start.
double end_of_span(double start, double length) { return length > start ? length : start + length; }

Error unreadable() { return {ErrorCode::file_unreadable, "This file can no longer be read."}; }
}  // namespace

Result<std::unique_ptr<Demuxer>> Demuxer::open(FileInput& input, Tracks tracks) {
  std::unique_ptr<Demuxer> demuxer(new Demuxer(input));
  auto opened = demuxer->open_container();
  if (opened) opened = demuxer->choose_track();
  if (!opened) return tl::unexpected<Error>(opened.error());
  const bool skip_others = tracks == Tracks::video_only && demuxer->tracks_tell_their_ends();
  for (unsigned index = 0; skip_others && index < demuxer->format_->nb_streams; ++index) {
    AVStream* stream = demuxer->format_->streams[index];
    if (stream != demuxer->video_) stream->discard = AVDISCARD_ALL;
  }
  const auto found = demuxer->find_first_packet();
  if (!found) return tl::unexpected<Error>(found.error());
  demuxer->read_timeline();
  demuxer->key_frames_are_unknown_ = demuxer->lacks_key_frames();
  return demuxer;
}

bool Demuxer::tracks_tell_their_ends() const { return !format_is(*format_, "asf") && !format_is(*format_, "flv"); }

Result<void> Demuxer::open_container() {
  input_.context()->error = 0;
  avio_seek(input_.context(), 0, SEEK_SET);
  AVFormatContext* format = avformat_alloc_context();
  if (format == nullptr) return tl::unexpected<Error>(out_of_memory());
  format->pb = input_.context();
  format->probesize = kProbeBytes;
  format->max_analyze_duration = kProbeMicroseconds;
  const int opened = avformat_open_input(&format, nullptr, nullptr, nullptr);
  if (opened < 0) return tl::unexpected<Error>(why_not_opened(opened));
  format_.reset(format);
  const int found = avformat_find_stream_info(format, nullptr);
  if (input_.failed()) return tl::unexpected<Error>(unreadable());
  if (found == AVERROR(ENOMEM)) return tl::unexpected<Error>(out_of_memory());
  return {};
}

Error Demuxer::why_not_opened(int error) {
  if (input_.failed()) return unreadable();
  if (error == AVERROR(ENOMEM)) return out_of_memory();
  const auto [kind, name] = identify(input_.head(512));
  switch (kind) {
    case Kind::sound: return {ErrorCode::no_video_track, "This file has sound but no picture."};
    case Kind::unsupported:
      return {ErrorCode::codec_unsupported, "This is a " + name + " file, which cannot be read here."};
    case Kind::mp4:
      return {ErrorCode::file_corrupt,
              "This " + name + " file is incomplete: the index that tells where its pictures lie is missing."};
    case Kind::video: return {ErrorCode::file_corrupt, "This " + name + " file is damaged or incomplete."};
    case Kind::unknown: break;
  }
  return {ErrorCode::not_a_video, "This file is not a video."};
}

Result<void> Demuxer::choose_track() {
  bool has_sound = false;
  for (unsigned index = 0; index < format_->nb_streams; ++index) {
    AVStream* stream = format_->streams[index];
    const auto type = stream->codecpar->codec_type;
    has_sound = has_sound || type == AVMEDIA_TYPE_AUDIO;
    if (video_ == nullptr && type == AVMEDIA_TYPE_VIDEO && !is_picture_of_sound(*stream)) video_ = stream;
  }
  const auto head = input_.head(kHeadBytes);
  container_ = container_words(*format_, head);
  if (video_ == nullptr) {
    if (has_sound) return fail(ErrorCode::no_video_track, "This file has sound but no picture.");
    return fail(ErrorCode::file_corrupt, "This file is damaged or incomplete: it has no tracks.");
  }
  const AVCodecParameters& codec = *video_->codecpar;
  codec_ = codec_words(codec);
  if (is_encrypted(*format_, *video_, head)) return fail(ErrorCode::file_encrypted, "This video is encrypted.");
  if (codec.codec_id == AV_CODEC_ID_NONE) {
    return fail(ErrorCode::codec_unsupported, "This " + container_.value_or("video") +
                                                  " file has a video codec that is not known here (" +
                                                  codec_.value_or("unnamed") + ").");
  }
  if (codec.width > kLargestSide || codec.height > kLargestSide) {
    return fail(ErrorCode::frame_too_large, "The picture is " + std::to_string(codec.width) + " x " +
                                                std::to_string(codec.height) +
                                                " pixels: at most 8192 a side can be read.");
  }
  // Program streams give a time only now and then, which FFmpeg completes for codecs that it decodes itself.
  const bool of_browsers = codec.codec_id == AV_CODEC_ID_H264 || codec.codec_id == AV_CODEC_ID_HEVC;
  const bool sparse = of_browsers && std::string_view(format_->iformat->name) == "mpeg";
  times_of_decoding_ = format_is(*format_, "avi") || format_is(*format_, "asf") || is_elementary_stream(*format_) ||
                       is_avi_in_matroska(*format_, codec) || sparse;
  if (is_elementary_stream(*format_)) next_time_ = 0;
  return {};
}

Result<void> Demuxer::find_first_packet() {
  first_.reset(av_packet_alloc());
  if (!first_) return tl::unexpected<Error>(out_of_memory());
  for (int count = 0; count < kMostPacketsBeforeVideo; ++count) {
    const auto got = read(*first_);
    if (!got) return tl::unexpected<Error>(got.error());
    if (*got == Read::end) break;
    if (*got == Read::video) {
      if (av_packet_get_side_data(first_.get(), AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr) {
        return fail(ErrorCode::file_encrypted, "This video is encrypted.");
      }
      first_is_waiting_ = true;
      return {};
    }
  }
  return fail(ErrorCode::clip_empty, "This video has no pictures.");
}

std::int64_t Demuxer::time_of(const AVPacket& packet) const {
  if (times_of_decoding_ && packet.dts != kNoTimestamp) return packet.dts;
  return packet.pts;
}

double Demuxer::start_of(const AVStream& stream) const {
  if (&stream == video_ && times_of_decoding_ && time_of(*first_) != kNoTimestamp)
    return in_seconds(stream, time_of(*first_));
  const double start = in_seconds(stream, stream.start_time);
  // Sound may begin with samples that only prime the decoder.
  const AVCodecParameters& codec = *stream.codecpar;
  if (start < 0 && codec.sample_rate > 0)
    return std::min(0.0, start + static_cast<double>(codec.initial_padding) / codec.sample_rate);
  return start;
}

bool Demuxer::length_is_guessed() const { return format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE; }

bool Demuxer::lengths_count_from_zero() const {
  static constexpr std::array kNames{"asf", "flv", "matroska"};
  return std::ranges::any_of(kNames, [this](const char* name) { return format_is(*format_, name); });
}

bool Demuxer::lacks_bytes(const AVPacket& packet) const {
  return packet.size == 0 || ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0 && !format_is(*format_, "mpegts"));
}

std::optional<double> Demuxer::announced_end(const AVStream& stream) const {
  if (length_is_guessed()) return std::nullopt;
  const double start = stream.start_time == kNoTimestamp ? clip_start_ : start_of(stream);
  if (const auto tagged = tagged_duration(stream)) return end_of_span(start, *tagged);
  const std::int64_t units = format_is(*format_, "avi") ? avi_length(stream) : stream.duration;
  if (units == kNoTimestamp) return std::nullopt;
  const double length = in_seconds(stream, units);
  return lengths_count_from_zero() ? end_of_span(start, length) : start + length;
}

std::int64_t Demuxer::avi_length(const AVStream& stream) const {
  const std::int64_t announced = std::max<std::int64_t>(stream.nb_frames, 0);
  if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO) return std::max(stream.duration, announced);
  if (stream.duration != kNoTimestamp) return stream.duration;
  // Writers do not agree on what they count of sound: what cannot be in the file is not believed.
  const double bytes = static_cast<double>(announced) * std::max(stream.codecpar->block_align, 1);
  return bytes <= static_cast<double>(input_.size()) ? announced : kNoTimestamp;
}

std::optional<double> Demuxer::whole_file_end() const {
  if (format_->duration != kNoTimestamp && !length_is_guessed()) {
    const double duration = static_cast<double>(format_->duration) / AV_TIME_BASE;
    return lengths_count_from_zero() ? end_of_span(clip_start_, duration) : clip_start_ + duration;
  }
  // FFmpeg does not believe an ASF header whose file is not as long as it should be.
  if (!format_is(*format_, "asf")) return std::nullopt;
  const auto duration = asf_duration(input_.head(kHeadBytes));
  return duration ? std::optional(end_of_span(clip_start_, *duration)) : std::nullopt;
}

bool Demuxer::plausible(double duration) const {
  // A header that promises hours of what the file has no bytes for is believed only after a look at all of it.
  static constexpr double kLong = 3600;
  static constexpr double kFewestBytesASecond = 200;
  static constexpr double kAbsurd = 60.0 * 60 * 24 * 30;
  if (!std::isfinite(duration) || duration <= 0 || duration >= kAbsurd) return false;
  return duration < kLong || static_cast<double>(input_.size()) / duration >= kFewestBytesASecond;
}

void Demuxer::read_timeline() {
  std::optional<double> start;
  for (unsigned index = 0; index < format_->nb_streams; ++index) {
    const AVStream& stream = *format_->streams[index];
    if (!has_length(stream) || (stream.start_time == kNoTimestamp && &stream != video_)) continue;
    if (&stream == video_ && stream.start_time == kNoTimestamp && time_of(*first_) == kNoTimestamp) continue;
    const double own = stream.start_time == kNoTimestamp ? in_seconds(stream, time_of(*first_)) : start_of(stream);
    start = std::min(start.value_or(own), own);
  }
  clip_start_ = start.value_or(0);
  // Edit lists cut what lies before their zero.
  if (format_is(*format_, "mov")) clip_start_ = std::max(0.0, clip_start_);

  std::optional<double> end = clip_start_;
  for (unsigned index = 0; index < format_->nb_streams && end; ++index) {
    const AVStream& stream = *format_->streams[index];
    if (!has_length(stream)) continue;
    const auto own = announced_end(stream);
    end = own ? std::optional(std::max(*end, *own)) : std::nullopt;
  }
  if (!end) end = whole_file_end();
  if (!end || !plausible(*end - clip_start_)) return;
  duration_ = *end - clip_start_;
  const auto video_end = announced_end(*video_);
  video_end_ = video_end ? *video_end - clip_start_ : *duration_;
}

double Demuxer::seconds(std::int64_t timestamp) const { return in_seconds(*video_, timestamp) - clip_start_; }

std::int64_t Demuxer::timestamp(double seconds) const {
  static constexpr double kMost = 9e18;
  const double units = std::floor((seconds + clip_start_) / av_q2d(video_->time_base));
  return static_cast<std::int64_t>(std::clamp(units, -kMost, kMost));
}

AVRational Demuxer::pixel_aspect(AVFrame* frame) const {
  return av_guess_sample_aspect_ratio(format_.get(), video_, frame);
}

double Demuxer::frame_seconds() const {
  static constexpr double kUsual = 1.0 / 25;
  const double rate = video_->avg_frame_rate.den != 0 ? av_q2d(video_->avg_frame_rate) : 0;
  return rate > 0.01 && rate < 1001 ? 1 / rate : kUsual;
}

bool Demuxer::counts(const AVPacket& packet) const { return has_length(*format_->streams[packet.stream_index]); }

double Demuxer::end_of(const AVPacket& packet) const {
  const AVStream& stream = *format_->streams[packet.stream_index];
  const bool by_decoding = packet.pts == kNoTimestamp || (&stream == video_ && times_of_decoding_);
  const std::int64_t time = by_decoding ? packet.dts : packet.pts;
  if (time == kNoTimestamp) return 0;
  const double length = packet.duration > 0 ? in_seconds(stream, packet.duration)
                        : &stream == video_ ? frame_seconds()
                                            : 0;
  return in_seconds(stream, time) - clip_start_ + length;
}

Result<Demuxer::Read> Demuxer::read(AVPacket& packet) {
  av_packet_unref(&packet);
  if (first_is_waiting_) {
    first_is_waiting_ = false;
    if (av_packet_ref(&packet, first_.get()) < 0) return tl::unexpected<Error>(out_of_memory());
    return Read::video;
  }
  for (int errors = 0; errors < kMostErrorsInARow; ++errors) {
    const int got = av_read_frame(format_.get(), &packet);
    if (input_.failed()) return tl::unexpected<Error>(unreadable());
    if (got == AVERROR(ENOMEM)) return tl::unexpected<Error>(out_of_memory());
    if (got == AVERROR_EOF) return Read::end;
    if (got < 0) continue;
    if (packet.stream_index != video_->index) return Read::other;
    complete_time(packet);
    return Read::video;
  }
  return Read::end;
}

void Demuxer::complete_time(AVPacket& packet) {
  if (!times_of_decoding_) return;
  if (packet.dts == kNoTimestamp) packet.dts = next_time_;
  if (packet.dts == kNoTimestamp) return;
  const auto usual = static_cast<std::int64_t>(std::llround(frame_seconds() / av_q2d(video_->time_base)));
  next_time_ = packet.dts + (packet.duration > 0 ? packet.duration : usual);
}

Demuxer::Seeking Demuxer::seeking() const {
  if (is_elementary_stream(*format_) || key_frames_are_unknown_) return Seeking::none;
  const bool searchable = format_is(*format_, "mpeg") || format_is(*format_, "ogg") || format_is(*format_, "asf");
  if (searchable) return Seeking::by_search;
  // Matroska's index is read with the first seek.
  if (format_is(*format_, "matroska") && !sought_) return Seeking::by_search;
  return avformat_index_get_entries_count(video_) > 0 || format_is(*format_, "dv") ? Seeking::by_index : Seeking::none;
}

bool Demuxer::lacks_key_frames() const {
  static constexpr std::array kSilent{AV_CODEC_ID_RPZA,  AV_CODEC_ID_QTRLE,   AV_CODEC_ID_SMC,    AV_CODEC_ID_MSVIDEO1,
                                      AV_CODEC_ID_MSRLE, AV_CODEC_ID_CINEPAK, AV_CODEC_ID_INDEO2, AV_CODEC_ID_INDEO3};
  if (std::ranges::find(kSilent, video_->codecpar->codec_id) == kSilent.end()) return false;
  AVStream* video = video_;
  for (int index = 0; index < avformat_index_get_entries_count(video); ++index) {
    if ((avformat_index_get_entry(video, index)->flags & AVINDEX_KEYFRAME) == 0) return false;
  }
  return true;
}

std::optional<std::int64_t> Demuxer::key_at_or_before(std::int64_t timestamp) const {
  if (format_is(*format_, "dv")) return timestamp;
  const AVIndexEntry* entry = avformat_index_get_entry_from_timestamp(video_, timestamp, AVSEEK_FLAG_BACKWARD);
  return entry == nullptr ? std::nullopt : std::optional(entry->timestamp);
}

std::optional<std::int64_t> Demuxer::key_after(std::int64_t timestamp) const {
  const AVIndexEntry* entry = avformat_index_get_entry_from_timestamp(video_, timestamp, 0);
  return entry == nullptr ? std::nullopt : std::optional(entry->timestamp);
}

bool Demuxer::seek(std::int64_t timestamp) {
  first_is_waiting_ = false;
  next_time_ = kNoTimestamp;
  sought_ = true;
  input_.context()->error = 0;
  return av_seek_frame(format_.get(), video_->index, timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
}

}  // namespace actionscope::media
