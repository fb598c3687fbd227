// The words by which WebCodecs is told of a stream.

#include "media/webcodecs.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <vector>

#include "media/ffmpeg.hpp"

namespace {

using actionscope::media::has_parameter_sets;
using actionscope::media::webcodecs_stream;
using Bytes = std::vector<std::uint8_t>;

AVCodecParameters stream_of(AVCodecID codec, Bytes& extradata) {
  AVCodecParameters parameters{};
  parameters.codec_type = AVMEDIA_TYPE_VIDEO;
  parameters.codec_id = codec;
  parameters.extradata = extradata.data();
  parameters.extradata_size = static_cast<int>(extradata.size());
  return parameters;
}

TEST_CASE("H.264 with a configuration record is told by it") {
  Bytes record{1, 0x64, 0x00, 0x1F, 0xFF, 0xE1, 0x00, 0x00};
  const auto stream = webcodecs_stream(stream_of(AV_CODEC_ID_H264, record), {});
  REQUIRE(stream.has_value());
  CHECK(stream->codec == "avc1.64001f");
  CHECK(stream->description == record);
  CHECK(stream->parameter_sets.empty());
}

TEST_CASE("H.264 in Annex B is told by its sequence parameter set, from the first packet or beside the stream") {
  const Bytes packet{0, 0, 0, 1, 0x09, 0xF0, 0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1E, 0xD9, 0, 0, 1, 0x68, 0xCE};
  Bytes none;
  const auto in_packet = webcodecs_stream(stream_of(AV_CODEC_ID_H264, none), packet);
  REQUIRE(in_packet.has_value());
  CHECK(in_packet->codec == "avc1.42c01e");
  CHECK(in_packet->description.empty());
  CHECK(in_packet->parameter_sets.empty());

  Bytes beside{0, 0, 0, 1, 0x67, 0x4D, 0x40, 0x28, 0x95};
  const auto by_extradata = webcodecs_stream(stream_of(AV_CODEC_ID_H264, beside), Bytes{0, 0, 1, 0x65, 0x88});
  REQUIRE(by_extradata.has_value());
  CHECK(by_extradata->codec == "avc1.4d4028");
  CHECK(by_extradata->description.empty());
  CHECK(by_extradata->parameter_sets == beside);
}

TEST_CASE("H.264 without a parameter set, whole or cut short, has no words") {
  Bytes none;
  CHECK_FALSE(webcodecs_stream(stream_of(AV_CODEC_ID_H264, none), {}).has_value());
  CHECK_FALSE(webcodecs_stream(stream_of(AV_CODEC_ID_H264, none), Bytes{0, 0, 1, 0x67, 0x42}).has_value());
}

TEST_CASE("HEVC is told by profile, compatibility, tier, level and constraints, from record or parameter set") {
  // The examples of ISO/IEC 14496-15, annex E: Main and Main 10 as phones record them.
  Bytes record{1, 0x01, 0x60, 0, 0, 0, 0xB0, 0, 0, 0, 0, 0, 93, 0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 0};
  const auto by_record = webcodecs_stream(stream_of(AV_CODEC_ID_HEVC, record), {});
  REQUIRE(by_record.has_value());
  CHECK(by_record->codec == "hvc1.1.6.L93.B0");
  CHECK(by_record->description == record);

  // A 3 after two zeros is no part of the parameter set.
  const Bytes packet{0, 0, 0, 1, 0x42, 0x01, 0x01, 0x22, 0x20, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x99, 0xA0};
  Bytes none;
  const auto by_set = webcodecs_stream(stream_of(AV_CODEC_ID_HEVC, none), packet);
  REQUIRE(by_set.has_value());
  CHECK(by_set->codec == "hvc1.2.4.H153.90");
  CHECK(by_set->description.empty());
}

TEST_CASE("VP8, VP9 and AV1 are told by what the container knows") {
  Bytes none;
  CHECK(webcodecs_stream(stream_of(AV_CODEC_ID_VP8, none), {})->codec == "vp8");

  AVCodecParameters vp9 = stream_of(AV_CODEC_ID_VP9, none);
  vp9.profile = 2;
  vp9.level = 31;
  CHECK(webcodecs_stream(vp9, {})->codec == "vp09.02.31.10");
  vp9.profile = FF_PROFILE_UNKNOWN;
  vp9.level = FF_LEVEL_UNKNOWN;
  CHECK(webcodecs_stream(vp9, {})->codec == "vp09.00.10.08");

  Bytes av1{0x81, 0x08, 0x4C, 0x00};
  const auto stream = webcodecs_stream(stream_of(AV_CODEC_ID_AV1, av1), {});
  REQUIRE(stream.has_value());
  CHECK(stream->codec == "av01.0.08M.10");
  CHECK_FALSE(webcodecs_stream(stream_of(AV_CODEC_ID_AV1, none), {}).has_value());
}

TEST_CASE("codecs that no browser decodes have no words") {
  Bytes none;
  CHECK_FALSE(webcodecs_stream(stream_of(AV_CODEC_ID_MPEG4, none), {}).has_value());
}

TEST_CASE("a packet is seen to carry a parameter set, or not") {
  CHECK(has_parameter_sets(AV_CODEC_ID_H264, Bytes{0, 0, 1, 0x67, 0x42, 0, 0, 1, 0x65}));
  CHECK_FALSE(has_parameter_sets(AV_CODEC_ID_H264, Bytes{0, 0, 1, 0x65, 0x42}));
  CHECK(has_parameter_sets(AV_CODEC_ID_HEVC, Bytes{0, 0, 1, 0x42, 0x01}));
  CHECK_FALSE(has_parameter_sets(AV_CODEC_ID_HEVC, Bytes{0, 0, 1, 0x26, 0x01}));
}

}  // namespace
