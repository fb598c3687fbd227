#pragma once

#include <emscripten/val.h>

#include <memory>
#include <vector>

#include "classify/clip_classifier.hpp"
#include "frame_buffer.hpp"
#include "live_handles.hpp"
#include "package.hpp"

namespace actionscope::wasm {

// One clip on its way: JavaScript fills frame_buffer, calls add_frame, and lets run() do what has become possible.
class Clip : public std::enable_shared_from_this<Clip> {
 public:
  Clip(std::shared_ptr<const Package> package, classify::ClipClassifier classifier);

  emscripten::val samples() const;         // [{sample, time}], ascending
  emscripten::val window_samples() const;  // those that windows read
  emscripten::val first_look() const;      // those that the first look reads
  bool ended_early() const;

  emscripten::val frame_buffer(double bytes);  // see FrameBuffer::view
  // Takes the frame that lies in the buffer: {value: true} if it is to be run, {value: false} if that very frame is
  // known; or {error}. `layout`: a FrameLayout of wasm_module.ts.
  emscripten::val add_frame(unsigned sample, double timestamp, const emscripten::val& layout);
  // The same for a frame that stands in for the sample's own: see ClipClassifier::add_stand_in.
  emscripten::val add_stand_in(unsigned sample, double timestamp, const emscripten::val& layout);
  // The clip ended before its announced duration: {value: true} if there is anything to answer from, or {error}.
  emscripten::val end_early();

  // Runs the backbone on every pending frame and the head on every window that is complete. A promise of {error} or of
  // {value: {first, windows, result}}: what became known during this call. first, null unless it did: {scores,
  // samples}. windows: scores. result, null until the clip is answered: {first, answer, windows}, everything.
  emscripten::val run();

 private:
  emscripten::val news_of_first();
  emscripten::val result() const;

  LiveHandle counted_;
  std::shared_ptr<const Package> package_;
  classify::ClipClassifier classifier_;
  FrameBuffer buffer_;
  std::vector<float> window_features_;
  bool first_told_ = false;
};

}  // namespace actionscope::wasm
