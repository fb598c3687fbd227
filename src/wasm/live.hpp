#pragma once

#include <emscripten/val.h>

#include <memory>
#include <vector>

#include "classify/live_classifier.hpp"
#include "frame_buffer.hpp"
#include "live_handles.hpp"
#include "package.hpp"

namespace actionscope::wasm {

// A stream on its way: takes frames as an Extractor does, and scores them as a Clip without an end.
class Live : public std::enable_shared_from_this<Live> {
 public:
  explicit Live(std::shared_ptr<const Package> package);

  emscripten::val frame_buffer(double bytes);  // see FrameBuffer::view
  // Takes the frame that lies in the buffer: {value: false} if it came too soon and was dropped, else {value: true}; or
  // {error}.
  emscripten::val add_frame(double timestamp, const emscripten::val& layout);
  // Runs the frame that waits, and the newest window. A promise of {error} or of {value: {scores, filled}}; scores null
  // where no frame waits.
  emscripten::val run();

 private:
  LiveHandle counted_;
  std::shared_ptr<const Package> package_;
  classify::LiveClassifier classifier_;
  FrameBuffer buffer_;
  std::vector<float> window_features_;
};

}  // namespace actionscope::wasm
