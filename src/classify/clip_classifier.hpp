#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "classify/classification.hpp"
#include "image/frame.hpp"
#include "model/model.hpp"
#include "result.hpp"

namespace actionscope::classify {

// What is asked of a frame source. by_time models: the last frame whose timestamp is no later than `time` + 1e-6 (the
// first frame if there is none). first_frames models: `time` is NaN and the frame is the one after sample - 1's frame.
struct SampleRequest {
  std::size_t sample = 0;
  double time = 0;  // seconds from the clip's start
};

// The way of one clip from frames to its answer, as a state machine that calls no engine. Its driver does, in any order
// that suits it:
//   for each wanted sample: add_frame; whenever pending() is as large as the driver's batch: run the backbone on
//   tensors(), add_features; whenever next_window() has one: window_features -> run the head -> add_logits.
// The source ended sooner than promised: end_early, then on with pending() and next_window() as before.
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

  // Takes the frame of a sample: preprocesses it into the next pending tensor, unless a frame of that very timestamp
  // (seconds from the clip's start, finite) is known or pending already. True if a tensor was added. Nothing changes on
  // an error. Errors: frame_invalid, frame_too_large, order_violated (no such sample, or settled already).
  Result<bool> add_frame(std::size_t sample, double timestamp, std::span<const std::uint8_t> pixels,
                         const image::FrameLayout& layout);

  // Takes a frame that is near to a sample's time, such as a key frame, for the first look: windows wait for the
  // sample's own frame, which may come before or after and then takes its place. Otherwise as add_frame; order_violated
  // also for samples that the first look does not read, or where it is the only window.
  Result<bool> add_stand_in(std::size_t sample, double timestamp, std::span<const std::uint8_t> pixels,
                            const image::FrameLayout& layout);

  // Tensors that wait for the backbone: pending() x 3 x height x width floats. Besides frames this may be the all-zero
  // tensor of a model that pads short clips with zeros: once, from the start or from end_early on.
  std::size_t pending() const;
  std::span<const float> tensors() const;
  // The backbone's output for the first k pending tensors: k x feature_size floats, 1 <= k <= pending(). The others
  // wait on. Errors: order_violated (any other size).
  Result<void> add_features(std::span<const float> features);

  // The clip ended before its announced duration (or before the model's count of frames): samples that have no frame
  // yet are given up, and windows and first look are made anew over the unbroken run of samples from the first that has
  // a frame. A stand-in counts for samples that no window reads, and for all where nothing else came. Windows that stay
  // keep their scores; no feature is asked for again. No effect when every sample has its frame. Errors: clip_empty (no
  // sample has a frame).
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

  // Timestamp of the frame that a sample took, once it has one; stand-ins do not count.
  std::optional<double> frame_timestamp(std::size_t sample) const;

 private:
  struct State;
  explicit ClipClassifier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace actionscope::classify
