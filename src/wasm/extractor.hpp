#pragma once

#include <emscripten/val.h>

#include <memory>
#include <vector>

#include "frame_buffer.hpp"
#include "image/preprocess.hpp"
#include "live_handles.hpp"
#include "package.hpp"

namespace actionscope::wasm {

// Computes features of frames, apart from any clip: JavaScript fills frame_buffer, calls add_frame, then run.
class Extractor : public std::enable_shared_from_this<Extractor> {
 public:
  explicit Extractor(std::shared_ptr<const Package> package);

  emscripten::val frame_buffer(double bytes);  // see FrameBuffer::view
  // Preprocesses the frame that lies in the buffer, in place of one that was not run yet: {value: true}, or {error}:
  // frame_invalid, frame_too_large; then no frame waits. `layout`: a FrameLayout of wasm_module.ts.
  emscripten::val add_frame(const emscripten::val& layout);

  // Runs the backbone on the frame that waits. A promise of {value: Float32Array}, its feature of feature_size floats
  // in an array that belongs to JavaScript; or of {error}: order_violated (no frame waits), engine_failed.
  emscripten::val run();

 private:
  LiveHandle counted_;
  std::shared_ptr<const Package> package_;
  image::Preprocessor preprocessor_;
  FrameBuffer buffer_;
  std::vector<float> tensor_;  // 3 x height x width
  bool waits_ = false;         // whether tensor_ holds a frame that was not run yet
};

}  // namespace actionscope::wasm
