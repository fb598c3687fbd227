#include "media/webcodecs.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace actionscope::media {

namespace {

using Bytes = std::span<const std::uint8_t>;

template <class... Values>
std::string printed(const char* format, Values... values) {
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), format, values...);
  return {text.data(), static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(text.size()) - 1))};
}

// The bytes of the first unit of a type in Annex B, from its header on; empty if there is none.
template <class TypeOf>
Bytes find_unit(Bytes stream, TypeOf type_of, int type) {
  for (std::size_t at = 0; at + 3 < stream.size(); ++at) {
    if (stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1 && type_of(stream[at + 3]) == type) {
      return stream.subspan(at + 3);
    }
  }
  return {};
}

constexpr int kH264SequenceSet = 7;
constexpr int kHevcSequenceSet = 33;
int h264_type(std::uint8_t header) { return header & 0x1F; }
int hevc_type(std::uint8_t header) { return header >> 1 & 0x3F; }

Bytes sequence_set(AVCodecID codec, Bytes stream) {
  return codec == AV_CODEC_ID_HEVC ? find_unit(stream, hevc_type, kHevcSequenceSet)
                                   : find_unit(stream, h264_type, kH264SequenceSet);
}

// Without the bytes that keep start codes from appearing inside a unit.
std::vector<std::uint8_t> unescaped(Bytes unit, std::size_t most) {
  std::vector<std::uint8_t> plain;
  for (std::size_t at = 0; at < unit.size() && plain.size() < most; ++at) {
    if (at >= 2 && unit[at] == 3 && unit[at - 1] == 0 && unit[at - 2] == 0) continue;
    plain.push_back(unit[at]);
  }
  return plain;
}

// ISO/IEC 14496-15, annex E: "avc1." and profile, compatibility and level in hexadecimal.
std::string h264_string(Bytes profile) { return printed("avc1.%02x%02x%02x", profile[0], profile[1], profile[2]); }

// The same, E.3: profile space and number, compatibility flags with their bits in reverse, tier and level, and the
// constraint bytes up to the last that is not zero. `tier`: the 12 bytes of profile_tier_level.
std::string hevc_string(Bytes tier) {
  static constexpr std::array kSpaces{"", "A", "B", "C"};
  const std::uint32_t flags = static_cast<std::uint32_t>(tier[1]) << 24 | static_cast<std::uint32_t>(tier[2]) << 16 |
                              static_cast<std::uint32_t>(tier[3]) << 8 | tier[4];
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= (flags >> bit & 1U) << (31 - bit);
  std::string text = printed("hvc1.%s%d.%X.%c%d", kSpaces[tier[0] >> 6], tier[0] & 0x1F, reversed,
                             (tier[0] & 0x20) != 0 ? 'H' : 'L', static_cast<int>(tier[11]));
  std::size_t last = 11;
  while (last > 5 && tier[last - 1] == 0) --last;
  for (std::size_t at = 5; at < last; ++at) text += printed(".%X", static_cast<unsigned>(tier[at]));
  return text;
}

// H.264 and HEVC come length-prefixed, with a configuration record whose first byte is 1, or in Annex B.
std::optional<WebCodecsStream> nal_stream(AVCodecID codec, Bytes extradata, Bytes first) {
  const bool hevc = codec == AV_CODEC_ID_HEVC;
  const std::size_t fewest = hevc ? 23 : 7;
  if (extradata.size() >= fewest && extradata[0] == 1) {
    return WebCodecsStream{hevc ? hevc_string(extradata.subspan(1)) : h264_string(extradata.subspan(1)),
                           {extradata.begin(), extradata.end()},
                           {}};
  }
  Bytes found = sequence_set(codec, first);
  if (found.empty()) found = sequence_set(codec, extradata);
  // The header of the unit, and for HEVC a byte more, precede what is looked for.
  const std::size_t before = hevc ? 3 : 1;
  const auto plain = unescaped(found, before + 12);
  if (plain.size() < before + (hevc ? 12 : 3)) return std::nullopt;
  const Bytes facts = Bytes(plain).subspan(before);
  return WebCodecsStream{hevc ? hevc_string(facts) : h264_string(facts), {}, {extradata.begin(), extradata.end()}};
}

// "VP Codec ISO Media File Format Binding": profile, level, bit depth. Containers that do not tell the level leave it
// open: 1.0, which decoders take for any size.
std::string vp9_string(const AVCodecParameters& codec) {
  const int profile = std::clamp(codec.profile, 0, 3);
  const int level = codec.level > 0 && codec.level < 100 ? codec.level : 10;
  return printed("vp09.%02d.%02d.%02d", profile, level, profile >= 2 ? std::max(10, codec.bits_per_raw_sample) : 8);
}

// "AV1 Codec ISO Media File Format Binding", 5: profile, level and tier, bit depth, from the record av1C.
std::optional<std::string> av1_string(Bytes extradata) {
  if (extradata.size() < 4 || extradata[0] != 0x81) return std::nullopt;
  const bool high = (extradata[2] & 0x40) != 0;
  const bool twelve = (extradata[2] & 0x20) != 0;
  return printed("av01.%d.%02d%c.%02d", extradata[1] >> 5, extradata[1] & 0x1F, (extradata[2] & 0x80) != 0 ? 'H' : 'M',
                 high ? (twelve ? 12 : 10) : 8);
}

}  // namespace

std::optional<WebCodecsStream> webcodecs_stream(const AVCodecParameters& codec, Bytes first) {
  const Bytes extradata(codec.extradata, static_cast<std::size_t>(std::max(codec.extradata_size, 0)));
  switch (codec.codec_id) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC: return nal_stream(codec.codec_id, extradata, first);
    case AV_CODEC_ID_VP8: return WebCodecsStream{"vp8", {}, {}};
    case AV_CODEC_ID_VP9: return WebCodecsStream{vp9_string(codec), {}, {}};
    case AV_CODEC_ID_AV1:
      if (auto text = av1_string(extradata))
        return WebCodecsStream{std::move(*text), {extradata.begin(), extradata.end()}, {}};
      return std::nullopt;
    default: return std::nullopt;
  }
}

bool has_parameter_sets(AVCodecID codec, Bytes packet) { return !sequence_set(codec, packet).empty(); }

}  // namespace actionscope::media
