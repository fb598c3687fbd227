#include "package.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "clip.hpp"
#include "live.hpp"
#include "values.hpp"

namespace actionscope::wasm {

using emscripten::val;

val describe_model(const std::string& json) {
  const auto model = model::parse_model(json);
  return model ? object_with("value", model_value(*model)) : error_value(model.error());
}

namespace {

std::optional<std::size_t> find_variant(const model::Model& model, const std::string& name) {
  const auto found = std::ranges::find(model.variants, name, &model::Variant::name);
  if (found == model.variants.end()) return std::nullopt;
  return static_cast<std::size_t>(found - model.variants.begin());
}

Result<void> check_graphs(const model::Model& model, const model::Variant& variant, const val& backbone,
                          const val& head) {
  const auto checked = model::check_backbone(model, variant, backbone.as<std::string>());
  return checked ? model::check_head(model, variant, head.as<std::string>()) : checked;
}

}  // namespace

val Package::load(std::string json, std::string variant, val backbone, val head, val ort) {
  auto model = model::parse_model(json);
  if (!model) co_return error_value(model.error());
  const auto index = find_variant(*model, variant);
  if (!index) co_return error_value({ErrorCode::model_invalid, "The model has no variant named “" + variant + "”."});
  const auto& files = model->variants[*index];
  if (const auto checked = check_graphs(*model, files, backbone, head); !checked)
    co_return error_value(checked.error());

  const auto make = [&ort](const model::GraphFile& file, const val& session) {
    return std::make_unique<OnnxRuntimeSession>(ort, session, file.input, file.output);
  };
  const val backbone_outcome = co_await OnnxRuntimeSession::create(ort, backbone);
  const auto backbone_session = settled(backbone_outcome, "loading " + files.backbone.file);
  if (!backbone_session) co_return error_value(backbone_session.error());
  auto backbone_graph = make(files.backbone, *backbone_session);

  const val head_outcome = co_await OnnxRuntimeSession::create(ort, head);
  const auto head_session = settled(head_outcome, "loading " + files.head.file);
  if (!head_session) co_return error_value(head_session.error());
  auto head_graph = make(files.head, *head_session);

  co_return object_with(
      "value", std::make_shared<Package>(std::move(*model), *index, std::move(backbone_graph), std::move(head_graph)));
}

Package::Package(model::Model model, std::size_t variant, std::unique_ptr<OnnxRuntimeSession> backbone,
                 std::unique_ptr<OnnxRuntimeSession> head)
    : model_(std::move(model)), variant_(variant), backbone_(std::move(backbone)), head_(std::move(head)) {}

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

val Package::run_backbone(std::span<const float> tensors, std::size_t count) const {
  const auto& input = model_.input;
  const std::vector<int> shape{static_cast<int>(count), 3, input.height, input.width};
  const std::size_t size = count * 3 * static_cast<std::size_t>(input.height) * static_cast<std::size_t>(input.width);
  return backbone_->run(tensors.first(size), shape);
}

val Package::run_head(std::span<const float> features) const {
  return head_->run(features, {1, model_.window.frames, model_.feature_size});
}

Result<std::vector<float>> floats(const val& outcome) {
  const auto value = settled(outcome, "running the model");
  if (!value) return tl::unexpected<Error>(value.error());
  return emscripten::convertJSArrayToNumberVector<float>(*value);
}

}  // namespace actionscope::wasm
