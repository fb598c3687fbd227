#include "live.hpp"

#include <utility>

#include "values.hpp"

namespace actionscope::wasm {

using emscripten::val;

Live::Live(std::shared_ptr<const Package> package)
    : package_(std::move(package)),
      classifier_(package_->model(), package_->variant()),
      window_features_(static_cast<std::size_t>(package_->model().window.frames) *
                       static_cast<std::size_t>(package_->model().feature_size)) {}

val Live::frame_buffer(double bytes) { return buffer_.view(bytes); }

val Live::add_frame(double timestamp, const val& layout) {
  const auto parsed = frame_layout(layout);
  if (!parsed) return error_value(parsed.error());
  const auto added = classifier_.add_frame(timestamp, buffer_.pixels(), *parsed);
  return added ? object_with("value", *added) : error_value(added.error());
}

val Live::run() {
  const auto self = shared_from_this();
  val step = val::object();
  step.set("filled", classifier_.filled());
  step.set("scores", val::null());
  if (classifier_.tensor().empty()) co_return object_with("value", step);

  const auto feature = co_await package_->run_backbone(classifier_.tensor());
  if (!feature) co_return error_value(feature.error());
  if (const auto added = classifier_.add_feature(*feature); !added) co_return error_value(added.error());

  const auto written = classifier_.window_features(window_features_);
  if (!written) co_return error_value(written.error());
  const auto logits = co_await package_->run_head(window_features_);
  if (!logits) co_return error_value(logits.error());
  if (const auto added = classifier_.add_logits(*logits); !added) co_return error_value(added.error());

  step.set("filled", classifier_.filled());
  step.set("scores", scores_value(package_->model(), *classifier_.current()));
  co_return object_with("value", step);
}

}  // namespace actionscope::wasm
