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

// What a sample has got: slots in the track of its own frame's feature, and of one near to it for the first look.
struct SampleFeatures {
  std::optional<std::size_t> own;
  std::optional<std::size_t> stand_in;
};

using Role = std::optional<std::size_t> SampleFeatures::*;

}  // namespace

struct ClipClassifier::State {
  State(const model::Model& model, const model::Variant& variant, double clip_duration, Plan clip_plan)
      : sampling(model.sampling),
        window(model.window),
        duration(clip_duration),
        feature_size(static_cast<std::size_t>(model.feature_size)),
        scorer(model, variant),
        track(feature_size) {
    adopt(std::move(clip_plan));
  }

  // Makes a plan the current one; what samples have got and windows have scored stays where the new plan has them, too.
  void adopt(Plan new_plan) {
    const Plan old_plan = std::exchange(plan, std::move(new_plan));
    const std::vector<SampleFeatures> old_taken =
        std::exchange(taken, std::vector<SampleFeatures>(plan.samples.size()));
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
    if (own) return track[*own];
    if (index == kFirstLook && stand_in) return track[*stand_in];
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

  // To be called when a sample's own feature has come.
  void note_readers(std::size_t sample) {
    const auto starts_later = [](std::size_t value, const WindowSlots& slots) { return value < slots.front(); };
    auto later = std::upper_bound(plan.windows.begin(), plan.windows.end(), sample, starts_later);
    while (later != plan.windows.begin() && last_sample(*std::prev(later)) >= sample) {
      --later;
      note_if_ready(static_cast<std::size_t>(later - plan.windows.begin()));
    }
  }

  Result<void> check_size(std::span<const float> feature) const {
    if (feature.size() == feature_size) return {};
    return order_violated("The backbone gave " + std::to_string(feature.size()) + " values, not " +
                          std::to_string(feature_size) + ".");
  }

  Result<void> take(std::size_t sample, Role role, double timestamp, std::span<const float> feature) {
    const std::optional<std::size_t> position = position_of(sample);
    if (!position) return order_violated("Sample " + std::to_string(sample) + " is none that was asked for.");
    std::optional<std::size_t>& slot = taken[*position].*role;
    if (slot) return order_violated("Sample " + std::to_string(sample) + " has its feature already.");
    if (!std::isfinite(timestamp)) return fail(ErrorCode::frame_invalid, "A frame has no time.");
    if (const Result<void> checked = check_size(feature); !checked) return checked;

    slot = track.add(timestamp, feature);
    if (role == &SampleFeatures::own) note_readers(sample);  // no window reads stand-ins
    return {};
  }

  // Zeros pad short clips, which have one window.
  bool needs_zero_feature() const { return plan.windows.front().back() == kZeroFeature && zero_feature.empty(); }

  // What is left of the plan when no more features come; none if none came.
  std::optional<Plan> plan_of_what_came() {
    const auto has_own = [](const SampleFeatures& features) { return features.own.has_value(); };
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
      taken[index].own = std::exchange(taken[index].stand_in, std::nullopt);
      if (taken[index].own) samples.push_back(plan.samples[index]);
    }
    if (samples.empty()) return std::nullopt;
    return plan_run({}, samples, window);
  }

  // Whether a sample's stand-in is enough for all that read it.
  bool will_do(std::size_t index) const {
    return taken[index].stand_in && !index_in(plan.window_samples, plan.samples[index]);
  }

  bool is_complete() const {
    for (std::size_t index = 0; index < taken.size(); ++index) {
      if (!taken[index].own && !will_do(index)) return false;
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
  Scorer scorer;

  Plan plan;
  std::vector<SampleFeatures> taken;  // by position in plan.samples
  std::vector<SampleRequest> requests;
  std::vector<SampleRequest> window_requests;
  std::vector<SampleRequest> first_look_requests;
  bool gave_up = false;

  temporal::FeatureTrack track;
  std::vector<float> zero_feature;  // the backbone's output for zeros, empty before

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

Result<void> ClipClassifier::add_feature(std::size_t sample, double timestamp, std::span<const float> feature) {
  return state_->take(sample, &SampleFeatures::own, timestamp, feature);
}

Result<void> ClipClassifier::add_stand_in(std::size_t sample, double timestamp, std::span<const float> feature) {
  const WindowSlots& first_look = state_->plan.first_look;
  if (state_->first_look_is_only_window() || !std::binary_search(first_look.begin(), first_look.end(), sample)) {
    return order_violated("Sample " + std::to_string(sample) + " is not one that a near frame will do for.");
  }
  return state_->take(sample, &SampleFeatures::stand_in, timestamp, feature);
}

bool ClipClassifier::needs_zero_feature() const { return state_->needs_zero_feature(); }

Result<void> ClipClassifier::add_zero_feature(std::span<const float> feature) {
  State& state = *state_;
  if (!state.needs_zero_feature()) return order_violated("A feature of zeros came that no window waits for.");
  if (const Result<void> checked = state.check_size(feature); !checked) return checked;
  state.zero_feature.assign(feature.begin(), feature.end());
  state.note_if_ready(0);  // the only window, where there are zeros
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
  const State& state = *state_;
  const std::optional<std::size_t> position = state.position_of(sample);
  if (!position || !state.taken[*position].own) return std::nullopt;
  return state.track.timestamp(*state.taken[*position].own);
}

}  // namespace actionscope::classify
