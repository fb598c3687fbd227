#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "media/ffmpeg.hpp"
#include "media/file_input.hpp"
#include "result.hpp"

namespace actionscope::media {

// A file opened as the container that it is, with one video track chosen: packets in the order of decoding, and what
// the container says of time.
class Demuxer {
 public:
  // What is read: the video track, and others only where they are needed to know whether the file ends early; or all.
  enum class Tracks { video_only, all };

  // Opens from the first byte; reads no more than it takes to know the tracks and to find the first video packet.
  // `input` must outlive it. Errors: file_unreadable, not_a_video, file_corrupt, no_video_track, file_encrypted,
  // codec_unsupported (no codec that FFmpeg has a name for), frame_too_large, clip_empty, out_of_memory.
  static Result<std::unique_ptr<Demuxer>> open(FileInput& input, Tracks tracks);

  const AVStream& video() const { return *video_; }
  // The first packet of the video track.
  const AVPacket& first_packet() const { return *first_; }
  // Words for a person.
  const std::optional<std::string>& container() const { return container_; }
  const std::optional<std::string>& codec() const { return codec_; }

  // Whether the container knows only when packets are decoded, not when their frames are shown: the n-th frame out of
  // the decoder is then shown at the n-th smallest time.
  bool times_of_decoding() const { return times_of_decoding_; }
  // The packet's time in units of the video track, by that rule, or kNoTimestamp.
  std::int64_t time_of(const AVPacket& packet) const;

  // Seconds from the start of the clip, which is the first presented moment of its earliest video or audio track.
  double seconds(std::int64_t timestamp) const;
  // The last unit of the video track's time that is no later.
  std::int64_t timestamp(double seconds) const;
  // Seconds: from the start of the clip to the end of its longest track, and to that of the video track, as the
  // container announces them. No value: it does not, or what it says cannot be.
  std::optional<double> duration() const { return duration_; }
  std::optional<double> video_end() const { return video_end_; }
  // Whether video_end is the track's own, not that of the whole file.
  bool tracks_tell_their_ends() const;
  // Width of a pixel over its height, by the container or by a decoded frame (null: none yet).
  AVRational pixel_aspect(AVFrame* frame) const;
  // Seconds that a frame usually lasts.
  double frame_seconds() const;
  // Whether the track is one whose length counts; and the end of a packet of it, in seconds from the start of the clip.
  bool counts(const AVPacket& packet) const;
  double end_of(const AVPacket& packet) const;

  enum class Read { video, other, end };
  // The next packet of any track. Damaged ones are skipped; past the place where nothing can be found any more it is
  // the end. Errors: file_unreadable, out_of_memory.
  Result<Read> read(AVPacket& packet);

  // Whether the packet is empty or known to be cut short. (In MPEG-TS, FFmpeg calls those damaged that follow a gap.)
  bool lacks_bytes(const AVPacket& packet) const;

  // How the container is sought in: by an index that names its key frames; by searching; or not at all.
  enum class Seeking { by_index, by_search, none };
  Seeking seeking() const;
  // The key frames that the index names next to a time of the video track.
  std::optional<std::int64_t> key_at_or_before(std::int64_t timestamp) const;
  std::optional<std::int64_t> key_after(std::int64_t timestamp) const;
  // Goes on reading at, or a little before or after, the last key frame at or before `timestamp`. False if it could
  // not.
  bool seek(std::int64_t timestamp);

 private:
  explicit Demuxer(FileInput& input) : input_(input) {}

  Result<void> open_container();
  Result<void> choose_track();
  Result<void> find_first_packet();
  void read_timeline();
  Error why_not_opened(int error);
  double start_of(const AVStream& stream) const;
  // Whether FFmpeg knows the length from the bit rate only.
  bool length_is_guessed() const;
  // Whether the container's lengths are, or may be, times of ends on its timeline.
  bool lengths_count_from_zero() const;
  // In seconds of the container's timeline.
  std::optional<double> announced_end(const AVStream& stream) const;
  std::optional<double> whole_file_end() const;
  // Of an AVI file FFmpeg gives the length that it finds, or none for sound, and beside it what the header announced:
  // in units of the track's time.
  std::int64_t avi_length(const AVStream& stream) const;
  // Gives a packet the time of decoding that its container leaves out: that after the one before.
  void complete_time(AVPacket& packet);
  // Whether every frame is called a key frame in a codec whose frames build on one another and do not tell: which of
  // them stand alone is then not known.
  bool lacks_key_frames() const;
  bool plausible(double duration) const;

  FileInput& input_;
  FormatContext format_;
  AVStream* video_ = nullptr;
  Packet first_;
  bool first_is_waiting_ = false;
  std::optional<std::string> container_;
  std::optional<std::string> codec_;
  bool times_of_decoding_ = false;
  bool sought_ = false;
  bool key_frames_are_unknown_ = false;
  std::int64_t next_time_ = kNoTimestamp;  // of decoding, after the last packet
  double clip_start_ = 0;
  std::optional<double> duration_;
  std::optional<double> video_end_;
};

}  // namespace actionscope::media
