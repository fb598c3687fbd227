#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "classify/classification.hpp"
#include "image/frame.hpp"
#include "model/model.hpp"
#include "result.hpp"

namespace actionscope::classify {

// The way of an endless stream: one backbone pass a frame, a window over the last frames / rate seconds after each.
// A window's slots are taken by time, as in a clip, so that a slow device sees the same span of time with repeated
// features. Until a whole span has been seen, the window is stretched over what there is, even for models that pad
// short clips with zeros: a stream is not short, it has only begun. For first_frames models, which name no rate, it is
// 25 frames a second. Memory is bounded: only the features of one span are kept.
class LiveClassifier {
 public:
  // `model` as parse_model gives it, `variant` one of its variants; what is needed of them is copied.
  LiveClassifier(const model::Model& model, const model::Variant& variant);
  ~LiveClassifier();
  LiveClassifier(const LiveClassifier&) = delete;
  LiveClassifier& operator=(const LiveClassifier&) = delete;
  LiveClassifier(LiveClassifier&&) noexcept;
  LiveClassifier& operator=(LiveClassifier&&) noexcept;

  // Preprocesses a frame into tensor(). False, and nothing done, when it comes sooner than the model's rate asks for,
  // or while the tensor before still waits for its feature: frames are dropped rather than queued. `timestamp` in
  // seconds, finite, ascending; a step back or a gap of more than a window's span starts anew
  // (all before is forgotten once this frame's feature is there). Nothing changes on an
  // error. Errors: frame_invalid, frame_too_large.
  Result<bool> add_frame(double timestamp, std::span<const std::uint8_t> pixels, const image::FrameLayout& layout);
  // The tensor that waits for its feature, 3 x height x width, valid until add_feature; empty when none waits.
  std::span<const float> tensor() const;
  // The backbone's output for tensor(), feature_size floats. Errors: order_violated (none waits, or wrong size).
  Result<void> add_feature(std::span<const float> feature);
  // Writes the newest window's frames x feature_size floats. Errors: order_violated (no feature yet, or wrong size).
  Result<void> window_features(std::span<float> features) const;
  // The head's output for the newest window, one logit a label. Errors: order_violated (no window since the last
  // logits, or wrong size).
  Result<void> add_logits(std::span<const float> logits);

  // Mean over the newest windows (those of the last quarter of a window's span, at least one), so that the label
  // follows but does not flicker. No value before the first logits since the stream began or began anew.
  std::optional<Scores> current() const;
  // How much of a full window has been seen: 0..1.
  double filled() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace actionscope::classify
