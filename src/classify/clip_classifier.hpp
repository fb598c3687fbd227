#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "classify/classification.hpp"
#include "model/model.hpp"
#include "result.hpp"

namespace actionscope::classify {

// What is asked of a frame source. by_time models: the last frame whose timestamp is no later than `time` + 1e-6 (the
// first frame if there is none). first_frames models: `time` is NaN and the frame is the one after sample - 1's frame.
struct SampleRequest {
  std::size_t sample = 0;
  double time = 0;  // seconds from the clip's start
};

// The way of one clip from its frames' features to its answer, as a state machine that calls no engine. Its driver
// does, in any order that suits it:
//   for each wanted sample: run the backbone on its frame -> add_feature; where needs_zero_feature(): run the backbone
//   on the all-zero tensor -> add_zero_feature; whenever next_window() has one: window_features -> run the head ->
//   add_logits.
// The source ended sooner than promised: end_early, once the features of all frames that came are added, then on with
// needs_zero_feature() and next_window() as before.
// first() is there once the first look's window is scored, answer() once all are. To cancel, destroy it.
// Spans that it hands out are valid until its next call that is not const.
class ClipClassifier {
 public:
  // `model` as parse_model gives it, `variant` one of its variants; what is needed of them is copied. `duration` in
  // seconds, finite and not negative (0: a single frame; first_frames models do not look at it). `most_windows`: 0 for
  // no limit. Errors: duration_invalid (also when the clip is so long that its windows have more than 2^24 slots: limit
  // them).
  static Result<ClipClassifier> create(const model::Model& model, const model::Variant& variant, double duration,
                                       std::size_t most_windows);
  // A still picture: one sample at time 0, whose feature fills the only window, whatever the model does with short
  // clips.
  static ClipClassifier create_for_still(const model::Model& model, const model::Variant& variant);
  ~ClipClassifier();
  ClipClassifier(const ClipClassifier&) = delete;
  ClipClassifier& operator=(const ClipClassifier&) = delete;
  ClipClassifier(ClipClassifier&&) noexcept;
  ClipClassifier& operator=(ClipClassifier&&) noexcept;

  // The samples that anything reads, ascending; and those that windows read, and that the first look reads.
  std::span<const SampleRequest> samples() const;
  std::span<const SampleRequest> window_samples() const;
  std::span<const SampleRequest> first_look_samples() const;

  // Takes the feature of a sample's frame: the backbone's output, feature_size floats, which are copied. `timestamp`:
  // the frame's, seconds from the clip's start, finite. Samples may share a frame: of features of one timestamp the
  // first is kept. Nothing changes on an error. Errors: order_violated (no such sample, settled already, or wrong
  // size), frame_invalid (a timestamp that is not finite).
  Result<void> add_feature(std::size_t sample, double timestamp, std::span<const float> feature);

  // Takes the feature of a frame that is near to a sample's time, such as a key frame, for the first look: windows wait
  // for the sample's own, which may come before or after and then takes its place. Otherwise as add_feature;
  // order_violated also for samples that the first look does not read, or where it is the only window.
  Result<void> add_stand_in(std::size_t sample, double timestamp, std::span<const float> feature);

  // Whether the only window waits for the backbone's output for the all-zero tensor: in a short clip of a model that
  // pads these with zeros, from the start or from end_early on, until add_zero_feature.
  bool needs_zero_feature() const;
  // That output, feature_size floats, which are copied. Errors: order_violated (not needed, or wrong size).
  Result<void> add_zero_feature(std::span<const float> feature);

  // The clip ended before its announced duration (or before the model's count of frames): samples that have no feature
  // yet are given up, and windows and first look are made anew over the unbroken run of samples from the first that has
  // one. A stand-in counts for samples that no window reads, and for all where nothing else came. Windows that stay
  // keep their scores; no feature is asked for again. No effect when every sample has its feature. Errors: clip_empty
  // (no sample has a feature).
  Result<void> end_early();
  // Whether end_early gave up samples that the duration had promised; never for first_frames models, whose count is a
  // limit.
  bool ended_early() const;

  // A window, all of whose features are here and whose logits are not; the first look first. kFirstLook names the first
  // look, unless it is the clip's only window, which is then named once, as window 0. The same one until its logits are
  // added.
  static constexpr std::size_t kFirstLook = static_cast<std::size_t>(-1);
  std::optional<std::size_t> next_window() const;
  // Writes the window's frames x feature_size floats. Errors: order_violated (no such window, a feature missing, wrong
  // size).
  Result<void> window_features(std::size_t window, std::span<float> features) const;
  // The head's output, one logit a label. Errors: order_violated (as above, or scored already).
  Result<void> add_logits(std::size_t window, std::span<const float> logits);

  std::size_t window_count() const;
  // The scores of window 0..window_count() - 1, once it has them.
  std::optional<WindowScores> window(std::size_t index) const;
  std::optional<Scores> first() const;
  std::optional<Scores> answer() const;

  // Timestamp of the frame that a sample's feature is of, once it has one; stand-ins do not count.
  std::optional<double> frame_timestamp(std::size_t sample) const;

 private:
  struct State;
  explicit ClipClassifier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace actionscope::classify
