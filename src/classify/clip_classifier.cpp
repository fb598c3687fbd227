#include "classify/clip_classifier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "classify/plan.hpp"
#include "classify/scorer.hpp"
#include "image/preprocess.hpp"
#include "temporal/feature_track.hpp"
#include "temporal/sampling.hpp"

namespace actionscope::classify {
namespace {

using temporal::kZeroFeature;
using temporal::WindowSlots;

// Of 4 or 8 bytes each.
constexpr std::size_t kMostWindowSlots = std::size_t{1} << 24U;

tl::unexpected<Error> order_violated(std::string message) {
  return fail(ErrorCode::order_violated, std::move(message));
}

std::string seconds(double duration) {
  std::array<char, 32> buffer{};
  static_cast<void>(std::snprintf(buffer.data(), buffer.size(), "%g", duration));
  return buffer.data();
}

// Where a value is in an ascending row.
template <class Value>
std::optional<std::size_t> index_in(const std::vector<Value>& ascending, const Value& value) {
  const auto found = std::lower_bound(ascending.begin(), ascending.end(), value);
  if (found == ascending.end() || *found != value) return std::nullopt;
  return static_cast<std::size_t>(found - ascending.begin());
}

// The timestamp of a frame, and its feature's slot in the track once the backbone ran.
struct Taken {
  std::optional<double> timestamp;
  std::optional<std::size_t> feature;
};

// What a sample has got: its own frame, and one near to it for the first look.
struct SampleFrames {
  Taken own;
  Taken stand_in;
};

using Role = Taken SampleFrames::*;

// A tensor that waits for the backbone, and what waits for its feature.
struct Pending {
  struct Taker {
    std::size_t sample;
    Role role;
  };
  std::optional<double> timestamp;  // none: the all-zero tensor
  std::vector<Taker> takers;
};

}  // namespace

struct ClipClassifier::State {
  State(const model::Model& model, const model::Variant& variant, double clip_duration, Plan clip_plan)
      : sampling(model.sampling),
        window(model.window),
        duration(clip_duration),
        feature_size(static_cast<std::size_t>(model.feature_size)),
        tensor_size(std::size_t{3} * static_cast<std::size_t>(model.input.height) *
                    static_cast<std::size_t>(model.input.width)),
        scorer(model, variant),
        preprocessor(model.input),
        track(feature_size) {
    adopt(std::move(clip_plan));
  }

  // Makes a plan the current one; what samples have got and windows have scored stays where the new plan has them, too.
  void adopt(Plan new_plan) {
    const Plan old_plan = std::exchange(plan, std::move(new_plan));
    const std::vector<SampleFrames> old_taken = std::exchange(taken, std::vector<SampleFrames>(plan.samples.size()));
    for (std::size_t index = 0; index < plan.samples.size(); ++index) {
      const std::optional<std::size_t> old = index_in(old_plan.samples, plan.samples[index]);
      if (old) taken[index] = old_taken[*old];
    }

    std::vector<std::optional<Scores>> old_scores =
        std::exchange(window_scores, std::vector<std::optional<Scores>>(plan.windows.size()));
    for (std::size_t index = 0; index < plan.windows.size(); ++index) {
      const std::optional<std::size_t> old = index_in(old_plan.windows, plan.windows[index]);
      if (old) window_scores[index] = std::move(old_scores[*old]);
    }
    scored = static_cast<std::size_t>(std::count_if(window_scores.begin(), window_scores.end(),
                                                    [](const auto& scores) { return scores.has_value(); }));
    if (plan.first_look != old_plan.first_look) first_scores.reset();

    requests = to_requests(plan.samples);
    window_requests = to_requests(plan.window_samples);
    WindowSlots looked_at = plan.first_look;
    looked_at.erase(std::unique(looked_at.begin(), looked_at.end()), looked_at.end());
    std::erase(looked_at, kZeroFeature);
    first_look_requests = to_requests(looked_at);

    const bool needs_zero =
        plan.windows.front().back() == kZeroFeature;  // zeros pad short clips, which have one window
    if (needs_zero && !zero_requested) {
      zero_requested = true;
      pending.emplace_back();
      tensors.resize(tensors.size() + tensor_size);
    }

    ready.clear();
    for (std::size_t index = 0; index < plan.windows.size(); ++index) note_if_ready(index);
  }

  std::vector<SampleRequest> to_requests(const std::vector<std::size_t>& samples) const {
    std::vector<SampleRequest> result(samples.size());
    std::transform(samples.begin(), samples.end(), result.begin(), [this](std::size_t sample) {
      return SampleRequest{sample, sampling.mode == model::SamplingMode::by_time
                                       ? temporal::sample_time(sample, sampling.rate, duration)
                                       : std::numeric_limits<double>::quiet_NaN()};
    });
    return result;
  }

  // Where in `taken` a sample's entry is; none for a sample that the plan does not read.
  std::optional<std::size_t> position_of(std::size_t sample) const { return index_in(plan.samples, sample); }

  // What window `index` reads from a slot; empty while it is not there.
  std::span<const float> feature(std::size_t slot, std::size_t index) const {
    if (slot == kZeroFeature) return zero_feature;
    const std::optional<std::size_t> position = position_of(slot);
    if (!position) return {};
    const auto& [own, stand_in] = taken[*position];
    if (own.feature) return track[*own.feature];
    if (index == kFirstLook && stand_in.feature) return track[*stand_in.feature];
    return {};
  }

  bool is_ready(std::size_t index) const {
    const WindowSlots& slots = *this->slots(index);
    return std::all_of(slots.begin(), slots.end(),
                       [this, index](std::size_t slot) { return !feature(slot, index).empty(); });
  }

  void note_if_ready(std::size_t index) {
    if (!window_scores[index] && is_ready(index)) ready.insert(index);
  }

  // To be called for each sample whose feature has come.
  void settle(std::size_t sample, Role role, std::size_t feature) {
    const std::optional<std::size_t> position = position_of(sample);
    if (!position) return;  // given up by end_early meanwhile
    (taken[*position].*role).feature = feature;
    if (role == &SampleFrames::stand_in) return;  // no window reads it
    const auto starts_later = [](std::size_t value, const WindowSlots& slots) { return value < slots.front(); };
    auto later = std::upper_bound(plan.windows.begin(), plan.windows.end(), sample, starts_later);
    while (later != plan.windows.begin() && last_sample(*std::prev(later)) >= sample) {
      --later;
      note_if_ready(static_cast<std::size_t>(later - plan.windows.begin()));
    }
  }

  Result<bool> take(std::size_t sample, Role role, double timestamp, std::span<const std::uint8_t> pixels,
                    const image::FrameLayout& layout) {
    const std::optional<std::size_t> position = position_of(sample);
    if (!position) return order_violated("Sample " + std::to_string(sample) + " is none that was asked for.");
    std::optional<double>& taken_at = (taken[*position].*role).timestamp;
    if (taken_at) return order_violated("Sample " + std::to_string(sample) + " has its frame already.");
    if (!std::isfinite(timestamp)) return fail(ErrorCode::frame_invalid, "A frame has no time.");

    if (const std::optional<std::size_t> known = track.find(timestamp)) {
      taken_at = timestamp;
      settle(sample, role, *known);
      return false;
    }
    const auto same_frame =
        std::find_if(pending.begin(), pending.end(), [&](const Pending& each) { return each.timestamp == timestamp; });
    if (same_frame != pending.end()) {
      taken_at = timestamp;
      same_frame->takers.push_back({sample, role});
      return false;
    }

    const std::size_t used = tensors.size();
    tensors.resize(used + tensor_size);
    const Result<void> preprocessed = preprocessor.run(pixels, layout, std::span(tensors).subspan(used));
    if (!preprocessed) {
      tensors.resize(used);
      return tl::unexpected(preprocessed.error());
    }
    taken_at = timestamp;
    pending.push_back({timestamp, {{sample, role}}});
    return true;
  }

  // What is left of the plan when no more frames come; none if none came.
  std::optional<Plan> plan_of_what_came() {
    const auto has_own = [](const SampleFrames& frames) { return frames.own.timestamp.has_value(); };
    if (std::none_of(taken.begin(), taken.end(), has_own)) return plan_of_stand_ins();
    std::vector<std::size_t> run;
    for (std::size_t index = 0; index < taken.size(); ++index) {
      if (has_own(taken[index])) {
        run.push_back(plan.samples[index]);
      } else if (!run.empty() && !will_do(index)) {
        break;
      }
    }
    return plan_run(plan, run, window);
  }

  // Where nothing but stand-ins came, they become the samples' own.
  std::optional<Plan> plan_of_stand_ins() {
    std::vector<std::size_t> samples;
    for (std::size_t index = 0; index < taken.size(); ++index) {
      taken[index].own = std::exchange(taken[index].stand_in, {});
      if (taken[index].own.timestamp) samples.push_back(plan.samples[index]);
    }
    for (Pending& each : pending) {
      for (Pending::Taker& taker : each.takers) taker.role = &SampleFrames::own;
    }
    if (samples.empty()) return std::nullopt;
    return plan_run({}, samples, window);
  }

  // Whether a sample's stand-in is enough for all that read it.
  bool will_do(std::size_t index) const {
    return taken[index].stand_in.timestamp && !index_in(plan.window_samples, plan.samples[index]);
  }

  bool is_complete() const {
    for (std::size_t index = 0; index < taken.size(); ++index) {
      if (!taken[index].own.timestamp && !will_do(index)) return false;
    }
    return true;
  }

  bool first_look_is_only_window() const { return plan.windows.size() == 1 && plan.windows.front() == plan.first_look; }

  // Null for a window that is not there.
  const WindowSlots* slots(std::size_t index) const {
    if (index == kFirstLook) return &plan.first_look;
    return index < plan.windows.size() ? &plan.windows[index] : nullptr;
  }

  model::Sampling sampling;
  model::Window window;
  double duration;  // seconds
  std::size_t feature_size;
  std::size_t tensor_size;
  Scorer scorer;
  image::Preprocessor preprocessor;

  Plan plan;
  std::vector<SampleFrames> taken;  // by position in plan.samples
  std::vector<SampleRequest> requests;
  std::vector<SampleRequest> window_requests;
  std::vector<SampleRequest> first_look_requests;
  bool gave_up = false;

  std::vector<Pending> pending;
  std::vector<float> tensors;
  bool zero_requested = false;

  temporal::FeatureTrack track;
  std::vector<float> zero_feature;

  std::set<std::size_t> ready;  // windows that have all features and no scores
  std::vector<std::optional<Scores>> window_scores;
  std::size_t scored = 0;
  std::optional<Scores> first_scores;  // unused where the first look is the only window
};

Result<ClipClassifier> ClipClassifier::create(const model::Model& model, const model::Variant& variant, double duration,
                                              std::size_t most_windows) {
  std::size_t samples = 0;
  if (model.sampling.mode == model::SamplingMode::first_frames) {
    samples = static_cast<std::size_t>(model.sampling.count);
  } else {
    if (!std::isfinite(duration) || duration < 0) {
      return fail(ErrorCode::duration_invalid,
                  "The clip's length must be a number of seconds, zero or more, not " + seconds(duration) + ".");
    }
    if (duration * model.sampling.rate > static_cast<double>(temporal::kMostSamples)) {
      return fail(ErrorCode::duration_invalid, "A clip of " + seconds(duration) + " seconds is too long.");
    }
    samples = temporal::sample_count(duration, model.sampling.rate);
  }
  const std::size_t most_of_these = kMostWindowSlots / static_cast<std::size_t>(model.window.frames);
  if (temporal::window_count(samples, model.window, most_windows) > most_of_these) {
    return fail(ErrorCode::duration_invalid,
                "A clip of " + seconds(duration) + " seconds is too long to be looked at window by window.");
  }
  return ClipClassifier(
      std::make_unique<State>(model, variant, duration, plan_clip(samples, model.window, most_windows)));
}

ClipClassifier ClipClassifier::create_for_still(const model::Model& model, const model::Variant& variant) {
  return ClipClassifier(std::make_unique<State>(model, variant, 0, plan_still(model.window)));
}

ClipClassifier::ClipClassifier(std::unique_ptr<State> state) : state_(std::move(state)) {}
ClipClassifier::~ClipClassifier() = default;
ClipClassifier::ClipClassifier(ClipClassifier&&) noexcept = default;
ClipClassifier& ClipClassifier::operator=(ClipClassifier&&) noexcept = default;

std::span<const SampleRequest> ClipClassifier::samples() const { return state_->requests; }

std::span<const SampleRequest> ClipClassifier::window_samples() const { return state_->window_requests; }

std::span<const SampleRequest> ClipClassifier::first_look_samples() const { return state_->first_look_requests; }

Result<bool> ClipClassifier::add_frame(std::size_t sample, double timestamp, std::span<const std::uint8_t> pixels,
                                       const image::FrameLayout& layout) {
  return state_->take(sample, &SampleFrames::own, timestamp, pixels, layout);
}

Result<bool> ClipClassifier::add_stand_in(std::size_t sample, double timestamp, std::span<const std::uint8_t> pixels,
                                          const image::FrameLayout& layout) {
  const WindowSlots& first_look = state_->plan.first_look;
  if (state_->first_look_is_only_window() || !std::binary_search(first_look.begin(), first_look.end(), sample)) {
    return order_violated("Sample " + std::to_string(sample) + " is not one that a near frame will do for.");
  }
  return state_->take(sample, &SampleFrames::stand_in, timestamp, pixels, layout);
}

std::size_t ClipClassifier::pending() const { return state_->pending.size(); }

std::span<const float> ClipClassifier::tensors() const { return state_->tensors; }

Result<void> ClipClassifier::add_features(std::span<const float> features) {
  State& state = *state_;
  const std::size_t count = features.size() / state.feature_size;
  if (count == 0 || count > state.pending.size() || count * state.feature_size != features.size()) {
    return order_violated("The backbone gave " + std::to_string(features.size()) + " values for " +
                          std::to_string(state.pending.size()) + " waiting frames of " +
                          std::to_string(state.feature_size) + ".");
  }
  std::vector<Pending> done(std::make_move_iterator(state.pending.begin()),
                            std::make_move_iterator(state.pending.begin() + static_cast<std::ptrdiff_t>(count)));
  state.pending.erase(state.pending.begin(), state.pending.begin() + static_cast<std::ptrdiff_t>(count));
  state.tensors.erase(state.tensors.begin(),
                      state.tensors.begin() + static_cast<std::ptrdiff_t>(count * state.tensor_size));

  for (std::size_t index = 0; index < count; ++index) {
    const std::span<const float> feature = features.subspan(index * state.feature_size, state.feature_size);
    if (!done[index].timestamp) {
      state.zero_feature.assign(feature.begin(), feature.end());
      state.note_if_ready(0);  // the only window, where there are zeros
      continue;
    }
    const std::size_t slot = state.track.add(*done[index].timestamp, feature);
    for (const auto& [sample, role] : done[index].takers) state.settle(sample, role, slot);
  }
  return {};
}

Result<void> ClipClassifier::end_early() {
  State& state = *state_;
  if (state.is_complete()) return {};
  std::optional<Plan> plan = state.plan_of_what_came();
  if (!plan) return fail(ErrorCode::clip_empty, "The clip has no picture that could be read.");
  state.gave_up = true;
  state.adopt(std::move(*plan));
  return {};
}

bool ClipClassifier::ended_early() const {
  return state_->gave_up && state_->sampling.mode == model::SamplingMode::by_time;
}

std::optional<std::size_t> ClipClassifier::next_window() const {
  const State& state = *state_;
  if (!state.first_look_is_only_window() && !state.first_scores && state.is_ready(kFirstLook)) {
    return kFirstLook;
  }
  if (state.ready.empty()) return std::nullopt;
  return *state.ready.begin();
}

Result<void> ClipClassifier::window_features(std::size_t window, std::span<float> features) const {
  const State& state = *state_;
  const WindowSlots* const slots = state.slots(window);
  if (slots == nullptr || !state.is_ready(window)) return order_violated("A window was asked for that is not ready.");
  if (features.size() != slots->size() * state.feature_size) {
    return order_violated("A window has " + std::to_string(slots->size() * state.feature_size) + " values, not " +
                          std::to_string(features.size()) + ".");
  }
  auto destination = features.begin();
  for (const std::size_t slot : *slots) {
    const std::span<const float> feature = state.feature(slot, window);
    destination = std::copy(feature.begin(), feature.end(), destination);
  }
  return {};
}

Result<void> ClipClassifier::add_logits(std::size_t window, std::span<const float> logits) {
  State& state = *state_;
  if (window == kFirstLook && state.first_look_is_only_window()) window = 0;
  const WindowSlots* const slots = state.slots(window);
  if (slots == nullptr || !state.is_ready(window)) return order_violated("Logits came for a window that is not ready.");
  std::optional<Scores>& scores = window == kFirstLook ? state.first_scores : state.window_scores[window];
  if (scores) return order_violated("Logits came twice for one window.");
  if (logits.size() != state.scorer.labels()) {
    return order_violated("The head gave " + std::to_string(logits.size()) + " values for " +
                          std::to_string(state.scorer.labels()) + " labels.");
  }
  scores = state.scorer.score(logits);
  if (window != kFirstLook) {
    state.ready.erase(window);
    ++state.scored;
  }
  return {};
}

std::size_t ClipClassifier::window_count() const { return state_->plan.windows.size(); }

std::optional<WindowScores> ClipClassifier::window(std::size_t index) const {
  const State& state = *state_;
  if (index >= state.window_scores.size() || !state.window_scores[index]) return std::nullopt;
  const auto time = [this, &state](std::size_t sample) {
    if (state.sampling.mode == model::SamplingMode::by_time) {
      return temporal::sample_time(sample, state.sampling.rate, state.duration);
    }
    return frame_timestamp(sample).value_or(0);  // it has one: its window is scored
  };
  const WindowSlots& slots = state.plan.windows[index];
  return WindowScores{time(slots.front()), time(last_sample(slots)), *state.window_scores[index]};
}

std::optional<Scores> ClipClassifier::first() const {
  return state_->first_look_is_only_window() ? state_->window_scores.front() : state_->first_scores;
}

std::optional<Scores> ClipClassifier::answer() const {
  const State& state = *state_;
  if (state.scored < state.window_scores.size()) return std::nullopt;
  std::vector<std::vector<float>> rows(state.window_scores.size());
  std::transform(state.window_scores.begin(), state.window_scores.end(), rows.begin(),
                 [](const std::optional<Scores>& scores) { return scores->probabilities; });
  return state.scorer.mean(rows);
}

std::optional<double> ClipClassifier::frame_timestamp(std::size_t sample) const {
  const std::optional<std::size_t> position = state_->position_of(sample);
  return position ? state_->taken[*position].own.timestamp : std::nullopt;
}

}  // namespace actionscope::classify
