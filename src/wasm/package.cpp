#include "package.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "clip.hpp"
#include "extractor.hpp"
#include "live.hpp"
#include "native_session.hpp"
#include "onnxruntime.hpp"
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

// A Uint8Array's bytes. val::as<std::string>() would take them one by one.
std::string bytes_of(const val& array) {
  std::string bytes(array["length"].as<std::size_t>(), '\0');
  void* data = bytes.data();
  val(emscripten::typed_memory_view(bytes.size(), static_cast<std::uint8_t*>(data))).call<void>("set", array);
  return bytes;
}

Result<void> check_graphs(const model::Model& model, const model::Variant& variant, std::string_view backbone,
                          std::string_view head) {
  const auto checked = model::check_backbone(model, variant, backbone);
  return checked ? model::check_head(model, variant, head) : checked;
}

Result<std::unique_ptr<Session>> runtime_session(const val& ort, const model::GraphFile& file, const val& outcome,
                                                 std::vector<int> shape) {
  const auto session = settled(outcome, "loading " + file.file);
  if (!session) return tl::unexpected<Error>(session.error());
  return std::make_unique<OnnxRuntimeSession>(ort, *session, file.input, file.output, std::move(shape));
}

}  // namespace

val Package::load(std::string json, std::string variant, val backbone, val head, val ort) {
  auto model = model::parse_model(json);
  if (!model) co_return error_value(model.error());
  const auto index = find_variant(*model, variant);
  if (!index) co_return error_value({ErrorCode::model_invalid, "The model has no variant named “" + variant + "”."});
  const auto& files = model->variants[*index];
  const std::string backbone_bytes = bytes_of(backbone);
  const std::string head_bytes = bytes_of(head);
  if (const auto checked = check_graphs(*model, files, backbone_bytes, head_bytes); !checked)
    co_return error_value(checked.error());

  const int height = model->input.height;
  const int width = model->input.width;
  const int frames = model->window.frames;
  const int features = model->feature_size;
  Result<std::unique_ptr<Session>> backbone_graph;
  Result<std::unique_ptr<Session>> head_graph;
  if (ort.isNull()) {
    backbone_graph = NativeSession::create(files.backbone.file, backbone_bytes, {1, 3, height, width});
  } else {
    const val outcome = co_await OnnxRuntimeSession::create(ort, backbone);
    backbone_graph = runtime_session(ort, files.backbone, outcome, {1, 3, height, width});
  }
  if (!backbone_graph) co_return error_value(backbone_graph.error());
  if (ort.isNull()) {
    head_graph = NativeSession::create(files.head.file, head_bytes, {1, frames, features});
  } else {
    const val outcome = co_await OnnxRuntimeSession::create(ort, head);
    head_graph = runtime_session(ort, files.head, outcome, {1, frames, features});
  }
  if (!head_graph) co_return error_value(head_graph.error());
  co_return object_with("value", std::make_shared<Package>(std::move(*model), *index, std::move(*backbone_graph),
                                                           std::move(*head_graph)));
}

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
