#include "clip.hpp"

#include <utility>

#include "values.hpp"

namespace actionscope::wasm {

using emscripten::convertJSArrayToNumberVector;
using emscripten::val;

Clip::Clip(std::shared_ptr<const Package> package, classify::ClipClassifier classifier)
    : package_(std::move(package)),
      classifier_(std::move(classifier)),
      window_features_(static_cast<std::size_t>(package_->model().window.frames) *
                       static_cast<std::size_t>(package_->model().feature_size)) {}

val Clip::samples() const { return samples_value(classifier_.samples()); }

val Clip::window_samples() const { return samples_value(classifier_.window_samples()); }

val Clip::first_look() const { return samples_value(classifier_.first_look_samples()); }

bool Clip::ended_early() const { return classifier_.ended_early(); }

val Clip::add_feature(unsigned sample, double timestamp, const val& feature) {
  const auto added = classifier_.add_feature(sample, timestamp, convertJSArrayToNumberVector<float>(feature));
  return added ? object_with("value", true) : error_value(added.error());
}

val Clip::add_stand_in(unsigned sample, double timestamp, const val& feature) {
  const auto added = classifier_.add_stand_in(sample, timestamp, convertJSArrayToNumberVector<float>(feature));
  return added ? object_with("value", true) : error_value(added.error());
}

val Clip::end_early() {
  const auto ended = classifier_.end_early();
  return ended ? object_with("value", true) : error_value(ended.error());
}

val Clip::run() {
  const auto self = shared_from_this();
  if (classifier_.needs_zero_feature()) {
    const std::vector<float> zeros(package_->tensor_size());
    const auto feature = co_await package_->run_backbone(zeros);
    if (!feature) co_return error_value(feature.error());
    if (const auto added = classifier_.add_zero_feature(*feature); !added) co_return error_value(added.error());
  }

  val windows = val::array();
  while (const auto window = classifier_.next_window()) {
    const auto written = classifier_.window_features(*window, window_features_);
    if (!written) co_return error_value(written.error());
    const auto logits = co_await package_->run_head(window_features_);
    if (!logits) co_return error_value(logits.error());
    if (const auto added = classifier_.add_logits(*window, *logits); !added) co_return error_value(added.error());
    if (*window != classify::ClipClassifier::kFirstLook) {
      windows.call<void>("push", window_value(package_->model(), *classifier_.window(*window)));
    }
  }

  val step = val::object();
  step.set("first", news_of_first());
  step.set("windows", windows);
  step.set("result", result());
  co_return object_with("value", step);
}

val Clip::news_of_first() {
  const auto first = classifier_.first();
  if (!first || first_told_) return val::null();
  first_told_ = true;
  val samples = val::array();
  for (const auto& request : classifier_.first_look_samples())
    samples.call<void>("push", static_cast<double>(request.sample));
  val value = object_with("scores", scores_value(package_->model(), *first));
  value.set("samples", samples);
  return value;
}

val Clip::result() const {
  const auto first = classifier_.first();
  const auto answer = classifier_.answer();
  if (!first || !answer) return val::null();
  val windows = val::array();
  for (std::size_t index = 0; index < classifier_.window_count(); ++index) {
    windows.call<void>("push", window_value(package_->model(), *classifier_.window(index)));
  }
  val value = val::object();
  value.set("first", scores_value(package_->model(), *first));
  value.set("answer", scores_value(package_->model(), *answer));
  value.set("windows", windows);
  return value;
}

}  // namespace actionscope::wasm
