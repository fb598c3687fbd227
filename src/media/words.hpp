#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "media/ffmpeg.hpp"

namespace actionscope::media {

// What a file looks like by its first bytes, for files that FFmpeg does not open.
enum class Kind {
  unknown,      // nothing that holds video
  video,        // a container that FFmpeg reads: so the file is damaged
  mp4,          // the same, of the MP4 family
  sound,        // holds sound only
  unsupported,  // a container that holds video but is not read here
};
struct FirstBytes {
  Kind kind = Kind::unknown;
  std::string name;  // of the container, for a person
};
// `head`: the first 512 bytes of the file, or all.
FirstBytes identify(std::span<const std::uint8_t> head);

// Whether an ASF file is under copy protection: its header names the encryption. `head`: the first 64 KB.
bool asf_is_encrypted(std::span<const std::uint8_t> head);

// The length that an ASF file's header announces, in seconds; no value: it has none. `head`: the first 64 KB.
std::optional<double> asf_duration(std::span<const std::uint8_t> head);

// The container's name for a person, "AVI"; no value where FFmpeg has one that is not known here.
std::optional<std::string> container_words(const AVFormatContext& format, std::span<const std::uint8_t> head);

// The codec's name for a person, "MPEG-4 Part 2"; FFmpeg's own words, or the four letters of the file, for rarer ones.
std::optional<std::string> codec_words(const AVCodecParameters& parameters);

}  // namespace actionscope::media
