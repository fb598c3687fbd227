// The border: what of the core JavaScript sees. Errors are values; every handle is freed by its owner with delete().

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include "clip.hpp"
#include "described_model.hpp"
#include "engine/self_test.hpp"
#include "extractor.hpp"
#include "live.hpp"
#include "live_handles.hpp"
#include "package.hpp"

using namespace actionscope::wasm;

EMSCRIPTEN_BINDINGS(actionscope) {
  emscripten::function("selfTest", &actionscope::engine::self_test);
  emscripten::function("liveHandles", &LiveHandle::count);
  emscripten::function("memoryBytes", &emscripten_get_heap_size);

  emscripten::class_<DescribedModel>("Model")
      .smart_ptr<std::shared_ptr<DescribedModel>>("ModelPointer")
      .class_function("read", &DescribedModel::read)
      .function("facts", &DescribedModel::facts)
      .function("load", &DescribedModel::load);

  emscripten::class_<Package>("Package")
      .smart_ptr<std::shared_ptr<Package>>("PackagePointer")
      .function("openExtractor", &Package::open_extractor)
      .function("openClip", &Package::open_clip)
      .function("openStill", &Package::open_still)
      .function("openLive", &Package::open_live)
      .function("close", &Package::close);

  emscripten::class_<Extractor>("Extractor")
      .smart_ptr<std::shared_ptr<Extractor>>("ExtractorPointer")
      .function("frameBuffer", &Extractor::frame_buffer)
      .function("addFrame", &Extractor::add_frame)
      .function("run", &Extractor::run);

  emscripten::class_<Clip>("Clip")
      .smart_ptr<std::shared_ptr<Clip>>("ClipPointer")
      .function("samples", &Clip::samples)
      .function("windowSamples", &Clip::window_samples)
      .function("firstLook", &Clip::first_look)
      .function("endedEarly", &Clip::ended_early)
      .function("addFeature", &Clip::add_feature)
      .function("addStandIn", &Clip::add_stand_in)
      .function("endEarly", &Clip::end_early)
      .function("run", &Clip::run);

  emscripten::class_<Live>("Live")
      .smart_ptr<std::shared_ptr<Live>>("LivePointer")
      .function("frameBuffer", &Live::frame_buffer)
      .function("addFrame", &Live::add_frame)
      .function("run", &Live::run);
}
