#include "extractor.hpp"

#include <utility>

#include "values.hpp"

namespace actionscope::wasm {

using emscripten::typed_memory_view;
using emscripten::val;

Extractor::Extractor(std::shared_ptr<const Package> package)
    : package_(std::move(package)), preprocessor_(package_->model().input), tensor_(package_->tensor_size()) {}

val Extractor::frame_buffer(double bytes) { return buffer_.view(bytes); }

val Extractor::add_frame(const val& layout) {
  waits_ = false;
  const auto parsed = frame_layout(layout);
  if (!parsed) return error_value(parsed.error());
  const auto preprocessed = preprocessor_.run(buffer_.pixels(), *parsed, tensor_);
  if (!preprocessed) return error_value(preprocessed.error());
  waits_ = true;
  return object_with("value", true);
}

val Extractor::run() {
  const auto self = shared_from_this();
  if (!std::exchange(waits_, false)) {
    co_return error_value({ErrorCode::order_violated, "A feature was asked for while no frame waits."});
  }
  const auto feature = co_await package_->run_backbone(tensor_);
  if (!feature) co_return error_value(feature.error());
  co_return object_with("value", val(typed_memory_view(feature->size(), feature->data())).call<val>("slice"));
}

}  // namespace actionscope::wasm
