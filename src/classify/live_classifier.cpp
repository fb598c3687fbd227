#include "classify/live_classifier.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "classify/scorer.hpp"
#include "image/preprocess.hpp"
#include "temporal/sampling.hpp"

namespace actionscope::classify {
namespace {

constexpr double kTolerance = 1e-6;  // seconds; timestamps are often whole microseconds
constexpr double kUsualFrameRate = 25;

// A feature or a window's probabilities, by the time of the frame that it ends with.
struct TimedRow {
  double timestamp = 0;
  std::vector<float> values;
};

}  // namespace

struct LiveClassifier::State {
  State(const model::Model& model, const model::Variant& variant)
      : frames(static_cast<std::size_t>(model.window.frames)),
        feature_size(static_cast<std::size_t>(model.feature_size)),
        interval(1 / (model.sampling.mode == model::SamplingMode::by_time ? model.sampling.rate : kUsualFrameRate)),
        scorer(model, variant),
        preprocessor(model.input),
        tensor(std::size_t{3} * static_cast<std::size_t>(model.input.height) *
               static_cast<std::size_t>(model.input.width)) {}

  double span() const { return static_cast<double>(frames) * interval; }

  // Samples from the stream's beginning to its newest feature, as many as a window has at most.
  std::size_t sample_count() const {
    const double steps = std::floor((features.back().timestamp - began) / interval + 0.5);
    return steps + 1 < static_cast<double>(frames) ? static_cast<std::size_t>(steps) + 1 : frames;
  }

  // The last feature no later than `time`, or the first one. Half an interval later still counts: frames come at about
  // the model's rate and never quite on time, and each is to fill one slot rather than two or none.
  std::deque<TimedRow>::const_iterator feature_at(double time) const {
    const auto is_later = [](double value, const TimedRow& feature) { return value < feature.timestamp; };
    const auto later = std::upper_bound(features.begin(), features.end(), time + interval / 2, is_later);
    return later == features.begin() ? later : std::prev(later);
  }

  std::size_t frames;
  std::size_t feature_size;
  double interval;  // seconds between two samples
  Scorer scorer;
  image::Preprocessor preprocessor;

  std::vector<float> tensor;
  bool waiting = false;             // for the feature of `tensor`
  bool begins = false;              // whether the frame of `tensor` begins the stream, or begins it anew
  std::optional<double> timestamp;  // of the newest frame taken
  double due = 0;                   // when the next frame is wanted

  double began = 0;  // timestamp of the oldest feature since the stream began, or began anew

  std::deque<TimedRow> features;  // of one span
  bool unscored = false;          // whether the newest feature's window waits for logits
  std::vector<TimedRow> scored;   // probabilities of a quarter span
};

LiveClassifier::LiveClassifier(const model::Model& model, const model::Variant& variant)
    : state_(std::make_unique<State>(model, variant)) {}
LiveClassifier::~LiveClassifier() = default;
LiveClassifier::LiveClassifier(LiveClassifier&&) noexcept = default;
LiveClassifier& LiveClassifier::operator=(LiveClassifier&&) noexcept = default;

Result<bool> LiveClassifier::add_frame(double timestamp, std::span<const std::uint8_t> pixels,
                                       const image::FrameLayout& layout) {
  State& state = *state_;
  if (!std::isfinite(timestamp)) return fail(ErrorCode::frame_invalid, "A frame has no time.");
  if (state.waiting) return false;
  const bool begins =
      !state.timestamp || timestamp < *state.timestamp || timestamp - *state.timestamp > state.span() + kTolerance;
  if (!begins && timestamp < state.due - kTolerance) return false;
  if (const Result<void> preprocessed = state.preprocessor.run(pixels, layout, state.tensor); !preprocessed) {
    return tl::unexpected(preprocessed.error());
  }

  if (begins) {
    state.due = timestamp + state.interval;
  } else {
    // Due times keep their beat, so that a camera whose frames come a little early or late is taken at the full rate;
    // after a pause they do not catch up faster than twice the rate.
    state.due = std::max(state.due + state.interval, timestamp + state.interval / 2);
  }
  state.timestamp = timestamp;
  state.begins = begins;
  state.waiting = true;
  return true;
}

std::span<const float> LiveClassifier::tensor() const {
  return state_->waiting ? std::span<const float>(state_->tensor) : std::span<const float>{};
}

Result<void> LiveClassifier::add_feature(std::span<const float> feature) {
  State& state = *state_;
  if (!state.waiting || !state.timestamp) {
    return fail(ErrorCode::order_violated, "A feature came that no frame waits for.");
  }
  if (feature.size() != state.feature_size) {
    return fail(ErrorCode::order_violated, "The backbone gave " + std::to_string(feature.size()) + " values, not " +
                                               std::to_string(state.feature_size) + ".");
  }
  if (state.begins) {
    // Only now, so that logits on their way for the window before still find it.
    state.features.clear();
    state.scored.clear();
    state.began = *state.timestamp;
  }
  state.features.push_back({*state.timestamp, {feature.begin(), feature.end()}});
  state.waiting = false;
  state.unscored = true;

  const double window_start = *state.timestamp - (state.span() - state.interval);
  state.features.erase(state.features.cbegin(), state.feature_at(window_start));
  return {};
}

Result<void> LiveClassifier::window_features(std::span<float> features) const {
  const State& state = *state_;
  if (state.features.empty()) return fail(ErrorCode::order_violated, "No frame has been looked at yet.");
  if (features.size() != state.frames * state.feature_size) {
    return fail(ErrorCode::order_violated, "A window has " + std::to_string(state.frames * state.feature_size) +
                                               " values, not " + std::to_string(features.size()) + ".");
  }
  const std::size_t samples = state.sample_count();
  const double newest = state.features.back().timestamp;
  auto destination = features.begin();
  for (const std::size_t sample : temporal::spread_window(samples, state.frames)) {
    const double time = newest - static_cast<double>(samples - 1 - sample) * state.interval;
    const std::vector<float>& feature = state.feature_at(time)->values;
    destination = std::copy(feature.begin(), feature.end(), destination);
  }
  return {};
}

Result<void> LiveClassifier::add_logits(std::span<const float> logits) {
  State& state = *state_;
  if (!state.unscored) return fail(ErrorCode::order_violated, "Logits came that no window waits for.");
  if (logits.size() != state.scorer.labels()) {
    return fail(ErrorCode::order_violated, "The head gave " + std::to_string(logits.size()) + " values for " +
                                               std::to_string(state.scorer.labels()) + " labels.");
  }
  const double newest = state.features.back().timestamp;
  state.unscored = false;
  state.scored.push_back({newest, state.scorer.score(logits).probabilities});
  std::erase_if(state.scored, [&](const TimedRow& row) {
    return row.timestamp <= newest - state.span() / 4 + kTolerance && row.timestamp < newest;
  });
  return {};
}

std::optional<Scores> LiveClassifier::current() const {
  const State& state = *state_;
  if (state.scored.empty()) return std::nullopt;
  std::vector<std::vector<float>> rows(state.scored.size());
  std::transform(state.scored.begin(), state.scored.end(), rows.begin(),
                 [](const TimedRow& row) { return row.values; });
  return state.scorer.mean(rows);
}

double LiveClassifier::filled() const {
  const State& state = *state_;
  if (state.features.empty()) return 0;
  return static_cast<double>(state.sample_count()) / static_cast<double>(state.frames);
}

}  // namespace actionscope::classify
