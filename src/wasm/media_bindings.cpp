// The border of the modules that read video files. Errors are values; every handle is freed by its owner with delete().

#include <emscripten/bind.h>

#include "live_handles.hpp"
#include "media_video.hpp"

using namespace actionscope::wasm;

EMSCRIPTEN_BINDINGS(actionscope_media) {
  emscripten::function("openVideo", &Video::open);
  emscripten::function("liveHandles", &LiveHandle::count);

  emscripten::class_<Video>("Video")
      .smart_ptr<std::shared_ptr<Video>>("VideoPointer")
      .function("measure", &Video::measure)
      .function("description", &Video::description)
      .function("aim", &Video::aim)
      .function("aimNear", &Video::aim_near)
      .function("aimNext", &Video::aim_next)
      .function("step", &Video::step)
      .function("frame", &Video::frame)
      .function("seekPacket", &Video::seek_packet)
      .function("nextPacket", &Video::next_packet)
      .function("packet", &Video::packet);
}
