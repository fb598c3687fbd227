#include "media/words.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace actionscope::media {

namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  Kind kind;
  const char* name;
};

constexpr std::array kMagics{
    Magic{4, "ftyp"sv, Kind::mp4, "MP4"},
    Magic{4, "moov"sv, Kind::mp4, "MP4"},
    Magic{4, "mdat"sv, Kind::mp4, "MP4"},
    Magic{4, "wide"sv, Kind::mp4, "QuickTime"},
    Magic{4, "free"sv, Kind::mp4, "MP4"},
    Magic{4, "skip"sv, Kind::mp4, "MP4"},
    Magic{4, "pnot"sv, Kind::mp4, "QuickTime"},
    Magic{4, "styp"sv, Kind::mp4, "MP4"},
    Magic{0, "\x1A\x45\xDF\xA3"sv, Kind::video, "Matroska"},
    Magic{8, "AVI "sv, Kind::video, "AVI"},
    Magic{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, Kind::video, "Windows Media"},
    Magic{0, "FLV\x01"sv, Kind::video, "Flash Video"},
    Magic{0, "\0\0\x01\xBA"sv, Kind::video, "MPEG"},
    Magic{0, "\0\0\x01\xB3"sv, Kind::video, "MPEG"},
    Magic{0, "OggS"sv, Kind::video, "Ogg"},
    Magic{8, "WAVE"sv, Kind::sound, "WAV"},
    Magic{0, "ID3"sv, Kind::sound, "MP3"},
    Magic{0, "fLaC"sv, Kind::sound, "FLAC"},
    Magic{0, "\xFF\xFB"sv, Kind::sound, "MP3"},
    Magic{0, "\xFF\xF3"sv, Kind::sound, "MP3"},
    Magic{0, "\xFF\xF1"sv, Kind::sound, "AAC"},
    Magic{0, "\xFF\xF9"sv, Kind::sound, "AAC"},
    Magic{0, "#!AMR"sv, Kind::sound, "AMR"},
    Magic{0, ".RMF"sv, Kind::unsupported, "RealMedia"},
    Magic{0, "FWS"sv, Kind::unsupported, "Flash (SWF)"},
    Magic{0, "CWS"sv, Kind::unsupported, "Flash (SWF)"},
    Magic{0, "DKIF"sv, Kind::unsupported, "IVF"},
    Magic{0, "YUV4MPEG2"sv, Kind::unsupported, "YUV4MPEG"},
    Magic{0, "\x06\x0E\x2B\x34\x02\x05\x01\x01"sv, Kind::unsupported, "MXF"},
    Magic{0, "\xB7\xD8\x00\x20\x37\x49\xDA\x11"sv, Kind::unsupported, "Windows recorded TV"},
    Magic{0, "nut/multimedia container"sv, Kind::unsupported, "NUT"},
    Magic{0, "BIK"sv, Kind::unsupported, "Bink"},
    Magic{0, "SMK2"sv, Kind::unsupported, "Smacker"},
};

bool has_at(std::span<const std::uint8_t> head, std::size_t offset, std::string_view bytes) {
  return head.size() >= offset + bytes.size() &&
         std::ranges::equal(head.subspan(offset, bytes.size()), bytes,
                            [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
}

// The bytes from the first place on where `bytes` are found; empty if nowhere.
std::span<const std::uint8_t> find(std::span<const std::uint8_t> head, std::string_view bytes) {
  const auto found =
      std::ranges::search(head, bytes, [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
  return {found.begin(), head.end()};
}

bool contains(std::span<const std::uint8_t> head, std::string_view bytes) { return !find(head, bytes).empty(); }

// The names that people know codecs by, where FFmpeg's own are others.
constexpr std::array kCodecs{
    std::pair{AV_CODEC_ID_H264, "H.264"},
    std::pair{AV_CODEC_ID_HEVC, "HEVC (H.265)"},
    std::pair{AV_CODEC_ID_VVC, "VVC (H.266)"},
    std::pair{AV_CODEC_ID_AV1, "AV1"},
    std::pair{AV_CODEC_ID_VP8, "VP8"},
    std::pair{AV_CODEC_ID_VP9, "VP9"},
    std::pair{AV_CODEC_ID_MPEG1VIDEO, "MPEG-1"},
    std::pair{AV_CODEC_ID_MPEG2VIDEO, "MPEG-2"},
    std::pair{AV_CODEC_ID_MPEG4, "MPEG-4 Part 2"},
    std::pair{AV_CODEC_ID_MSMPEG4V1, "MS MPEG-4 version 1"},
    std::pair{AV_CODEC_ID_MSMPEG4V2, "MS MPEG-4 version 2"},
    std::pair{AV_CODEC_ID_MSMPEG4V3, "MS MPEG-4 version 3"},
    std::pair{AV_CODEC_ID_H261, "H.261"},
    std::pair{AV_CODEC_ID_H263, "H.263"},
    std::pair{AV_CODEC_ID_H263I, "Intel H.263"},
    std::pair{AV_CODEC_ID_H263P, "H.263+"},
    std::pair{AV_CODEC_ID_MJPEG, "Motion JPEG"},
    std::pair{AV_CODEC_ID_MJPEGB, "Motion JPEG-B"},
    std::pair{AV_CODEC_ID_WMV1, "Windows Media Video 7"},
    std::pair{AV_CODEC_ID_WMV2, "Windows Media Video 8"},
    std::pair{AV_CODEC_ID_WMV3, "Windows Media Video 9"},
    std::pair{AV_CODEC_ID_VC1, "VC-1"},
    std::pair{AV_CODEC_ID_FLV1, "Sorenson Spark"},
    std::pair{AV_CODEC_ID_VP6, "VP6"},
    std::pair{AV_CODEC_ID_VP6F, "VP6"},
    std::pair{AV_CODEC_ID_VP6A, "VP6 with alpha"},
    std::pair{AV_CODEC_ID_SVQ1, "Sorenson Video"},
    std::pair{AV_CODEC_ID_SVQ3, "Sorenson Video 3"},
    std::pair{AV_CODEC_ID_QTRLE, "QuickTime Animation"},
    std::pair{AV_CODEC_ID_RPZA, "Apple Video"},
    std::pair{AV_CODEC_ID_SMC, "Apple Graphics"},
    std::pair{AV_CODEC_ID_MSVIDEO1, "Microsoft Video 1"},
    std::pair{AV_CODEC_ID_MSRLE, "Microsoft RLE"},
    std::pair{AV_CODEC_ID_INDEO2, "Indeo 2"},
    std::pair{AV_CODEC_ID_INDEO3, "Indeo 3"},
    std::pair{AV_CODEC_ID_INDEO4, "Indeo 4"},
    std::pair{AV_CODEC_ID_INDEO5, "Indeo 5"},
    std::pair{AV_CODEC_ID_DVVIDEO, "DV"},
    std::pair{AV_CODEC_ID_HUFFYUV, "HuffYUV"},
    std::pair{AV_CODEC_ID_FFVHUFF, "HuffYUV"},
    std::pair{AV_CODEC_ID_FFV1, "FFV1"},
    std::pair{AV_CODEC_ID_RAWVIDEO, "uncompressed"},
    std::pair{AV_CODEC_ID_PRORES, "ProRes"},
    std::pair{AV_CODEC_ID_THEORA, "Theora"},
    std::pair{AV_CODEC_ID_VP3, "VP3"},
    std::pair{AV_CODEC_ID_CINEPAK, "Cinepak"},
};

constexpr std::array kContainers{
    std::pair{"avi"sv, "AVI"},
    std::pair{"asf"sv, "Windows Media"},
    std::pair{"flv"sv, "Flash Video"},
    std::pair{"mpeg"sv, "MPEG"},
    std::pair{"mpegts"sv, "MPEG-TS"},
    std::pair{"ogg"sv, "Ogg"},
    std::pair{"dv"sv, "DV"},
    std::pair{"mpegvideo"sv, "MPEG"},
    std::pair{"m4v"sv, "MPEG-4 Part 2"},
    std::pair{"mjpeg"sv, "Motion JPEG"},
    std::pair{"h264"sv, "H.264"},
    std::pair{"hevc"sv, "HEVC"},
};

// MP4, QuickTime or 3GP, by the brand that the file claims; without one it is older than brands.
std::string mov_words(const AVFormatContext& format) {
  const AVDictionaryEntry* entry = av_dict_get(format.metadata, "major_brand", nullptr, 0);
  const std::string_view brand = entry == nullptr ? "qt"sv : entry->value;
  if (brand.starts_with("qt")) return "QuickTime";
  return brand.starts_with("3g") ? "3GP" : "MP4";
}

}  // namespace

FirstBytes identify(std::span<const std::uint8_t> head) {
  const auto* const found =
      std::ranges::find_if(kMagics, [head](const Magic& magic) { return has_at(head, magic.offset, magic.bytes); });
  if (found != kMagics.end()) return {found->kind, found->name};
  static constexpr std::size_t kTransportPacket = 188;
  if (has_at(head, 0, "G"sv) && has_at(head, kTransportPacket, "G"sv)) return {Kind::video, "MPEG-TS"};
  return {};
}

bool asf_is_encrypted(std::span<const std::uint8_t> head) {
  // The objects "Content Encryption" and "Extended Content Encryption" of the ASF specification, 3.14 and 3.15.
  return contains(head, "\xFB\xB3\x11\x22\x23\xBD\xD2\x11\xB4\xB7\x00\xA0\xC9\x55\xFC\x6E"sv) ||
         contains(head, "\x14\xE6\x8A\x29\x22\x26\x17\x4C\xB9\x35\xDA\xE0\x7E\xE9\x28\x9C"sv);
}

std::optional<double> asf_duration(std::span<const std::uint8_t> head) {
  // The "File Properties Object" of the ASF specification, 3.2: play duration in units of 100 ns, which counts the
  // preroll, in ms.
  static constexpr std::size_t kPlayDuration = 64;
  static constexpr std::size_t kPreroll = 80;
  const auto object = find(head, "\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11\x8E\xE4\x00\xC0\x0C\x20\x53\x65"sv);
  if (object.size() < kPreroll + 8) return std::nullopt;
  const auto number = [object](std::size_t at) {
    double value = 0;
    for (std::size_t byte = 8; byte > 0; --byte) value = value * 256 + object[at + byte - 1];
    return value;
  };
  return number(kPlayDuration) / 1e7 - number(kPreroll) / 1e3;
}

std::optional<std::string> container_words(const AVFormatContext& format, std::span<const std::uint8_t> head) {
  const std::string_view name = format.iformat->name;
  if (name.starts_with("mov")) return mov_words(format);
  if (name.starts_with("matroska")) return contains(head, "webm"sv) ? "WebM" : "Matroska";
  for (const auto& [known, words] : kContainers) {
    if (name == known) return words;
  }
  return std::nullopt;
}

std::optional<std::string> codec_words(const AVCodecParameters& parameters) {
  for (const auto& [id, words] : kCodecs) {
    if (id == parameters.codec_id) return words;
  }
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(parameters.codec_id);
  if (descriptor != nullptr) return descriptor->long_name != nullptr ? descriptor->long_name : descriptor->name;
  std::string letters;
  for (int shift = 0; shift < 32; shift += 8) {
    const auto letter = static_cast<char>((parameters.codec_tag >> shift) & 0x7F);
    if (letter > ' ' && letter < '\x7F') letters += letter;
  }
  if (letters.empty()) return std::nullopt;
  return letters;
}

}  // namespace actionscope::media
