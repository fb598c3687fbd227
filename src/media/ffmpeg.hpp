#pragma once

// FFmpeg's handles, each freed by its owner.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <cstdint>
#include <limits>
#include <memory>

namespace actionscope::media {

// FFmpeg's "no timestamp".
inline constexpr std::int64_t kNoTimestamp = std::numeric_limits<std::int64_t>::min();

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreeCodecContext {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct CloseInput {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct FreeBufferPool {
  void operator()(AVBufferPool* pool) const { av_buffer_pool_uninit(&pool); }
};
struct FreeScaler {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};
// Also what an AVIOContext has allocated for itself in place of the buffer it was given.
struct FreeIo {
  void operator()(AVIOContext* context) const {
    av_freep(static_cast<void*>(&context->buffer));
    avio_context_free(&context);
  }
};
struct FreeParser {
  void operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }
};

using Packet = std::unique_ptr<AVPacket, FreePacket>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;
using CodecContext = std::unique_ptr<AVCodecContext, FreeCodecContext>;
using FormatContext = std::unique_ptr<AVFormatContext, CloseInput>;
using BufferPool = std::unique_ptr<AVBufferPool, FreeBufferPool>;
using Scaler = std::unique_ptr<SwsContext, FreeScaler>;
using Io = std::unique_ptr<AVIOContext, FreeIo>;
using Parser = std::unique_ptr<AVCodecParserContext, FreeParser>;

}  // namespace actionscope::media
