#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/byte_source.hpp"
#include "media/decoder.hpp"
#include "media/demuxer.hpp"
#include "media/file_input.hpp"
#include "media/picture.hpp"
#include "media/webcodecs.hpp"
#include "result.hpp"

namespace actionscope::media {

struct VideoDescription {
  std::optional<std::string> container;  // words for a person: "AVI"
  std::optional<std::string> codec;      // "MPEG-4 Part 2"
  std::optional<double> duration;        // seconds, from the start of the earliest track to the end of the longest
  // Seconds from the start of the clip: where the video track says that it ends, or the whole file where only that is
  // known; once the end has been read, and the file turned out to be whole, where the track did end.
  double video_end = 0;
  int width = 0;  // stored pixels
  int height = 0;
  DisplaySize display;
  Turn turn;
  bool decodable = false;  // whether this build decodes it; else its packets can be had
  std::optional<WebCodecsStream> webcodecs;
  bool reorder = false;  // whether packets have times of decoding only: see Demuxer::times_of_decoding
};

struct DecodedFrame {
  double timestamp = 0;  // seconds from the start of the clip
  double duration = 0;   // seconds
  Picture picture;
};

struct CodedPacket {
  double timestamp = 0;  // seconds from the start of the clip
  double duration = 0;   // seconds; 0 where not known
  bool key = false;
  std::span<const std::uint8_t> data;
};

// Reads the frames of one video file by their time, or its packets. Every call is bounded: it reads about one packet,
// or seeks once. What it hands out is good until its next call that is not const. Seeks are taken only where they spare
// decoding, are checked by what comes of them, and are given up for a file where they mislead, so a frame is the same
// however it was reached.
class VideoReader {
 public:
  // Errors: those of Demuxer::open; file_empty; codec_unsupported (a codec that is neither decoded here nor by
  // browsers).
  static Result<std::unique_ptr<VideoReader>> open(std::unique_ptr<ByteSource> source);

  // A step towards the clip's duration, for files that tell it only by being read whole; true once it is known. To be
  // called until then before anything else. Errors: file_unreadable, out_of_memory, clip_empty.
  Result<bool> measure();

  const VideoDescription& description() const { return description_; }

  // What step() is to find. The last frame that starts no later than `time` + 1e-6, or the first; seconds.
  void aim(double time);
  // The key frame nearest to `time` that can be had without decoding others; as aim() where none can.
  void aim_near(double time);
  // The frame after the one that was found last; at first, the first.
  void aim_next();

  enum class Step { working, found, end };
  // `end`: the file ended, at least half a second earlier than announced, before the time that was aimed at; or there
  // is no next frame. Errors: order_violated (nothing was aimed at; not decodable), file_unreadable, out_of_memory,
  // frame_too_large, file_corrupt (no frame could be decoded), clip_empty.
  Result<Step> step();
  // The frame that step() has found. Errors: order_violated (it has found none), out_of_memory, file_corrupt.
  Result<DecodedFrame> frame();

  // Goes on with the key packet at or before `time`.
  void seek_packet(double time);
  // A step to the next packet of the video track, in the order of decoding. Errors: file_unreadable, out_of_memory.
  Result<Step> next_packet();
  // The packet that next_packet() has found; empty before.
  CodedPacket packet() const;

 private:
  enum class Goal { none, exact, near, next, packets };

  VideoReader() = default;

  void describe();
  // Opens the file anew, at its first packet.
  Result<void> rewind();

  void set_goal(Goal goal, double time);
  Result<void> start_towards_goal();
  bool seek_spares_decoding() const;
  // Seeks to where the goal can be decoded from: with each call for one goal further back, at last to the start.
  Result<void> seek_to_goal();
  std::int64_t seek_target() const;
  void forget_position();

  Result<void> advance();
  Result<void> take_packet();
  // Whether packet_ may be decoded where it stands: after a seek this is so from a key packet on that is early enough.
  Result<bool> passes_as_start();
  // Whether packet_, not yet decoded, shows that current_ is what was aimed at: frames come in the order of packets,
  // and its time is past the goal.
  bool settles_goal() const;
  // Whether a frame of that time is not the answer to the goal, nor to any later one, since a later frame is on its
  // way.
  bool is_passed_over(std::int64_t time) const;
  void drop_undecodable();
  void note_track_end(Demuxer::Read read);

  // What has become of the goal: nothing yet, a step, or an error.
  std::optional<Result<Step>> settle();
  std::optional<Result<Step>> settle_exact();
  std::optional<Result<Step>> settle_near();
  std::optional<Result<Step>> settle_next();
  Step found();
  std::optional<Result<Step>> nothing_decoded();
  // Makes the first of ready_ current. False if it cannot be trusted, and another seek has been made.
  Result<bool> take_ready();
  bool prepare_packet();
  double time_of(const TimedFrame& frame) const { return demuxer_->seconds(frame.time); }

  std::unique_ptr<FileInput> input_;
  std::unique_ptr<Demuxer> demuxer_;
  std::unique_ptr<Decoder> decoder_;  // none if the codec is not decodable
  Packet packet_;
  VideoDescription description_;
  // Seconds: how far the tracks go, as far as they have been read.
  double video_read_ = 0;
  double others_read_ = 0;
  std::optional<double> scanned_end_;
  std::optional<double> scanned_video_end_;

  Goal goal_ = Goal::none;
  double goal_time_ = 0;
  bool under_way_ = false;            // towards goal_: the seek, if any, has been chosen
  bool found_ = false;                // current_ is what was aimed at
  std::optional<double> last_found_;  // seconds

  std::deque<TimedFrame> ready_;  // decoded, after current_
  std::optional<TimedFrame> current_;
  bool current_is_first_ = false;         // of the file
  bool in_sequence_ = true;               // ready_ and what is decoded next follow current_ without a gap
  bool from_start_ = true;                // decoding began with the file's first packet
  bool ended_ = false;                    // every packet has been decoded
  bool wait_for_key_ = false;             // since the last seek
  bool checked_ = true;                   // the first frame since the last seek has been looked at
  std::int64_t earliest_ = kNoTimestamp;  // frames before the key frame that was sought cannot be decoded rightly
  std::int64_t reached_ = kNoTimestamp;   // time of the packet that was decoded last
  double longest_gap_ = 0;                // seconds between key packets, as met so far
  std::optional<double> last_key_;

  bool packet_waits_ = false;           // packet_ is still to be decoded
  bool settled_ = true;                 // step() has told what became of the goal
  bool left_out_ = false;               // frames that were passed over, since decoding began
  std::int64_t latest_ = kNoTimestamp;  // frame on its way, since decoding began

  int attempts_ = 0;                    // seeks for this goal
  std::int64_t landed_ = kNoTimestamp;  // key packet that the last seek led to
  bool seeks_mislead_ = false;

  PictureMaker pictures_;
  std::vector<std::uint8_t> packet_data_;  // where a packet has to be preceded by parameter sets
  bool has_packet_ = false;
};

}  // namespace actionscope::media
