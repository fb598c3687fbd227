#include "described_model.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "native_session.hpp"
#include "onnxruntime.hpp"
#include "package.hpp"
#include "values.hpp"

namespace actionscope::wasm {

using emscripten::val;

namespace {

std::optional<std::size_t> find_variant(const model::Model& model, const std::string& name) {
  const auto found = std::ranges::find(model.variants, name, &model::Variant::name);
  if (found == model.variants.end()) return std::nullopt;
  return static_cast<std::size_t>(found - model.variants.begin());
}

// A Uint8Array's bytes: val::as<std::string>() would take them one by one, and a string would be filled with zeros
// before.
class Bytes {
 public:
  explicit Bytes(const val& array)
      : size_(array["length"].as<std::size_t>()), data_(std::make_unique_for_overwrite<char[]>(size_)) {
    void* data = data_.get();
    val(emscripten::typed_memory_view(size_, static_cast<std::uint8_t*>(data))).call<void>("set", array);
  }

  std::string_view view() const { return {data_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> data_;
};

using ReadGraph = Result<model::Graph> (*)(const model::Model&, const model::Variant&, std::string_view);

Result<std::unique_ptr<Session>> native_session(const model::Model& model, const model::Variant& variant,
                                                const std::string& file, const val& array, ReadGraph read,
                                                const engine::Shape& shape) {
  // Freed at the end, so that the next file takes the same memory.
  const Bytes bytes(array);
  const auto graph = read(model, variant, bytes.view());
  if (!graph) return tl::unexpected<Error>(graph.error());
  return NativeSession::create(file, *graph, shape);
}

Result<void> check_graphs(const model::Model& model, const model::Variant& variant, const val& backbone,
                          const val& head) {
  const auto checked = model::check_backbone(model, variant, Bytes(backbone).view());
  return checked ? model::check_head(model, variant, Bytes(head).view()) : checked;
}

Result<std::unique_ptr<Session>> runtime_session(const val& ort, const model::GraphFile& file, const val& outcome,
                                                 std::vector<int> shape) {
  const auto session = settled(outcome, "loading " + file.file);
  if (!session) return tl::unexpected<Error>(session.error());
  return std::make_unique<OnnxRuntimeSession>(ort, *session, file.input, file.output, std::move(shape));
}

}  // namespace

val DescribedModel::read(const std::string& json) {
  auto model = model::parse_model(json);
  return model ? object_with("value", std::make_shared<DescribedModel>(std::move(*model))) : error_value(model.error());
}

DescribedModel::DescribedModel(model::Model model) : model_(std::move(model)) {}

val DescribedModel::facts() const { return model_value(model_); }

val DescribedModel::load(std::string variant, val backbone, val head, val ort) const {
  const auto self = shared_from_this();
  const auto index = find_variant(model_, variant);
  if (!index) co_return error_value({ErrorCode::model_invalid, "The model has no variant named “" + variant + "”."});
  const auto& files = model_.variants[*index];
  const int height = model_.input.height;
  const int width = model_.input.width;
  const int frames = model_.window.frames;
  const int features = model_.feature_size;
  Result<std::unique_ptr<Session>> backbone_graph;
  Result<std::unique_ptr<Session>> head_graph;
  if (ort.isNull()) {
    backbone_graph =
        native_session(model_, files, files.backbone.file, backbone, model::read_backbone, {1, 3, height, width});
    if (!backbone_graph) co_return error_value(backbone_graph.error());
    head_graph = native_session(model_, files, files.head.file, head, model::read_head, {1, frames, features});
  } else {
    if (const auto checked = check_graphs(model_, files, backbone, head); !checked)
      co_return error_value(checked.error());
    const val backbone_outcome = co_await OnnxRuntimeSession::create(ort, backbone);
    backbone_graph = runtime_session(ort, files.backbone, backbone_outcome, {1, 3, height, width});
    if (!backbone_graph) co_return error_value(backbone_graph.error());
    const val head_outcome = co_await OnnxRuntimeSession::create(ort, head);
    head_graph = runtime_session(ort, files.head, head_outcome, {1, frames, features});
  }
  if (!head_graph) co_return error_value(head_graph.error());
  co_return object_with("value",
                        std::make_shared<Package>(model_, *index, std::move(*backbone_graph), std::move(*head_graph)));
}

}  // namespace actionscope::wasm
