#include "package.hpp"

#include <utility>

#include "clip.hpp"
#include "extractor.hpp"
#include "live.hpp"
#include "values.hpp"

namespace actionscope::wasm {

using emscripten::val;

Package::Package(model::Model model, std::size_t variant, std::unique_ptr<Session> backbone,
                 std::unique_ptr<Session> head)
    : model_(std::move(model)), variant_(variant), backbone_(std::move(backbone)), head_(std::move(head)) {}

std::shared_ptr<Extractor> Package::open_extractor() { return std::make_shared<Extractor>(shared_from_this()); }

val Package::open_clip(double duration, unsigned most_windows) {
  auto classifier = classify::ClipClassifier::create(model_, variant(), duration, most_windows);
  if (!classifier) return error_value(classifier.error());
  return object_with("value", std::make_shared<Clip>(shared_from_this(), std::move(*classifier)));
}

std::shared_ptr<Clip> Package::open_still() {
  return std::make_shared<Clip>(shared_from_this(), classify::ClipClassifier::create_for_still(model_, variant()));
}

std::shared_ptr<Live> Package::open_live() { return std::make_shared<Live>(shared_from_this()); }

val Package::close() {
  const auto self = shared_from_this();
  co_await backbone_->release();
  co_await head_->release();
  co_return val::undefined();
}

std::size_t Package::tensor_size() const {
  return std::size_t{3} * static_cast<std::size_t>(model_.input.height) * static_cast<std::size_t>(model_.input.width);
}

Running Package::run_backbone(std::span<const float> tensor) const { return backbone_->run(tensor); }

Running Package::run_head(std::span<const float> features) const { return head_->run(features); }

}  // namespace actionscope::wasm
