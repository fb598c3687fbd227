#pragma once

#include <emscripten/val.h>

#include <memory>
#include <vector>

#include "classify/clip_classifier.hpp"
#include "live_handles.hpp"
#include "package.hpp"

namespace actionscope::wasm {

// One clip on its way: JavaScript adds the features that an Extractor computed, and lets run() do what has become
// possible.
class Clip : public std::enable_shared_from_this<Clip> {
 public:
  Clip(std::shared_ptr<const Package> package, classify::ClipClassifier classifier);

  emscripten::val samples() const;         // [{sample, time}], ascending
  emscripten::val window_samples() const;  // those that windows read
  emscripten::val first_look() const;      // those that the first look reads
  bool ended_early() const;

  // Takes the feature of a sample's frame, a Float32Array, which is copied: {value: true} or {error}. See
  // ClipClassifier::add_feature.
  emscripten::val add_feature(unsigned sample, double timestamp, const emscripten::val& feature);
  // The same for a frame that stands in for the sample's own: see ClipClassifier::add_stand_in.
  emscripten::val add_stand_in(unsigned sample, double timestamp, const emscripten::val& feature);
  // The clip ended before its announced duration: {value: true} if there is anything to answer from, or {error}.
  emscripten::val end_early();

  // Runs the head on every window that is complete; before, and once, the backbone on the all-zero tensor where the
  // model pads the clip with zeros. A promise of {error} or of {value: {first, windows, result}}: what became known
  // during this call. first, null unless it did: {scores, samples}. windows: scores. result, null until the clip is
  // answered: {first, answer, windows}, everything.
  emscripten::val run();

 private:
  emscripten::val news_of_first();
  emscripten::val result() const;

  LiveHandle counted_;
  std::shared_ptr<const Package> package_;
  classify::ClipClassifier classifier_;
  std::vector<float> window_features_;
  bool first_told_ = false;
};

}  // namespace actionscope::wasm
