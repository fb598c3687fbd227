// Whether a graph file is what model.json says that it is.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "model/onnx.hpp"
#include "model/quote.hpp"

namespace actionscope::model {
namespace {

std::string to_words(const std::vector<Dimension>& dimensions) {
  std::string words = "[";
  for (const Dimension& dimension : dimensions) {
    if (words.size() > 1) words += ", ";
    words += dimension ? std::to_string(*dimension) : "N";
  }
  return words + "]";
}

// `role`: "input" or "output". `expected`: the shape behind the open first dimension.
Result<void> check_value(const std::string& file, const char* role, const std::vector<GraphValue>& values,
                         const std::string& name, std::span<const int> expected) {
  const std::string subject = file + ": its " + role;
  if (values.size() != 1) {
    return fail(ErrorCode::model_shape,
                file + " must have one " + role + ", not " + std::to_string(values.size()) + ".");
  }
  const GraphValue& value = values.front();
  if (value.name != name) {
    return fail(ErrorCode::model_shape,
                subject + " must be called " + quote(name) + " as model.json says, not " + quote(value.name) + ".");
  }
  if (value.element_type != kOnnxFloat) {
    return fail(ErrorCode::model_shape, subject + " " + quote(name) + " must be of 32-bit floats.");
  }
  std::vector<Dimension> shape = {std::nullopt};
  for (const int size : expected) shape.emplace_back(size);
  if (!value.dimensions) {
    return fail(ErrorCode::model_shape,
                subject + " " + quote(name) + " must have the shape " + to_words(shape) + ", but the file names none.");
  }
  if (*value.dimensions != shape) {
    return fail(ErrorCode::model_shape, subject + " " + quote(name) + " must have the shape " + to_words(shape) +
                                            " with N left open, not " + to_words(*value.dimensions) + ".");
  }
  return {};
}

// The shapes of a graph behind the open first dimensions.
struct Shapes {
  std::vector<int> input;
  std::vector<int> output;
};

Result<void> check_signature(const GraphFile& graph, const GraphSignature& signature, const Shapes& shapes) {
  if (Result<void> checked = check_value(graph.file, "input", signature.inputs, graph.input, shapes.input); !checked) {
    return checked;
  }
  return check_value(graph.file, "output", signature.outputs, graph.output, shapes.output);
}

tl::unexpected<Error> about(const GraphFile& graph, const Error& error) {
  return fail(error.code, graph.file + " " + error.message + ".");
}

Result<void> check_graph(const GraphFile& graph, std::string_view onnx_bytes, const Shapes& shapes) {
  const Result<GraphSignature> signature = read_signature(onnx_bytes);
  if (!signature) return about(graph, signature.error());
  return check_signature(graph, *signature, shapes);
}

Result<Graph> read_checked(const GraphFile& file, std::string_view onnx_bytes, const Shapes& shapes) {
  Result<Graph> graph = read_graph(onnx_bytes);
  if (!graph) return about(file, graph.error());
  if (const Result<void> checked = check_signature(file, graph->signature, shapes); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  return graph;
}

Shapes backbone_shapes(const Model& model) {
  return {{3, model.input.height, model.input.width}, {model.feature_size}};
}

Shapes head_shapes(const Model& model) {
  return {{model.window.frames, model.feature_size}, {static_cast<int>(model.labels.size())}};
}

}  // namespace

Result<void> check_backbone(const Model& model, const Variant& variant, std::string_view onnx_bytes) {
  return check_graph(variant.backbone, onnx_bytes, backbone_shapes(model));
}

Result<void> check_head(const Model& model, const Variant& variant, std::string_view onnx_bytes) {
  return check_graph(variant.head, onnx_bytes, head_shapes(model));
}

Result<Graph> read_backbone(const Model& model, const Variant& variant, std::string_view onnx_bytes) {
  return read_checked(variant.backbone, onnx_bytes, backbone_shapes(model));
}

Result<Graph> read_head(const Model& model, const Variant& variant, std::string_view onnx_bytes) {
  return read_checked(variant.head, onnx_bytes, head_shapes(model));
}

}  // namespace actionscope::model
