#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/ffmpeg.hpp"

namespace actionscope::media {

// What VideoDecoder of WebCodecs needs to know of a stream.
struct WebCodecsStream {
  std::string codec;  // "avc1.64001f", as in the WebCodecs codec registry
  // The codec's own configuration record where packets are length-prefixed; empty for Annex B and codecs without one.
  std::vector<std::uint8_t> description;
  // H.264 and HEVC in Annex B: what every key packet has to begin with, if it does not carry parameter sets of its own.
  std::vector<std::uint8_t> parameter_sets;
};

// No value: a codec that no browser decodes, or without the parameters that its string is made of. `first`: the first
// packet of the stream.
std::optional<WebCodecsStream> webcodecs_stream(const AVCodecParameters& codec, std::span<const std::uint8_t> first);

// Whether a packet in Annex B carries a sequence parameter set.
bool has_parameter_sets(AVCodecID codec, std::span<const std::uint8_t> packet);

}  // namespace actionscope::media
