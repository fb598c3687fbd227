#include "engine/lowering.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"
#include "model/quote.hpp"

namespace actionscope::engine {
namespace {

using Lowering = void (*)(NodeLowering&);

constexpr std::array<std::pair<std::string_view, Lowering>, 18> kOperators{{
    {"Add", lower_add},
    {"BatchNormalization", lower_batch_normalization},
    {"Clip", lower_clip},
    {"Conv", lower_convolution},
    {"DequantizeLinear", lower_dequantize_linear},
    {"Flatten", lower_flatten},
    {"Gemm", lower_gemm},
    {"GlobalAveragePool", lower_global_average_pool},
    {"LSTM", lower_lstm},
    {"MatMul", lower_matmul},
    {"QuantizeLinear", lower_quantize_linear},
    {"ReduceMean", lower_reduce_mean},
    {"Relu", lower_relu},
    {"Reshape", lower_reshape},
    {"Softmax", lower_softmax},
    {"Squeeze", lower_squeeze},
    {"Transpose", lower_transpose},
    {"Unsqueeze", lower_unsqueeze},
}};

[[noreturn]] void refuse(std::string message) { throw Refusal{{ErrorCode::onnx_invalid, std::move(message)}}; }

[[noreturn]] void refuse_input(const model::GraphValue& input, const char* what) {
  refuse("has the input " + model::quote(input.name) + what);
}

ElementType supported_type(std::int32_t onnx_type) {
  const std::optional<ElementType> type = element_type(onnx_type);
  if (!type) {
    throw Refusal{{ErrorCode::operator_unsupported, "needs ONNX Runtime: tensors of " + onnx_type_name(onnx_type)}};
  }
  return *type;
}

void add_input(LoweringState& state, const model::GraphValue& declared, const InputBinding& binding) {
  Value value;
  value.type = supported_type(declared.element_type);
  value.shape = binding.shape;
  if (declared.dimensions) {
    bool fits = declared.dimensions->size() == binding.shape.size();
    for (std::size_t index = 0; fits && index < binding.shape.size(); ++index) {
      const model::Dimension& size = (*declared.dimensions)[index];
      fits = !size || *size == binding.shape[index];
    }
    if (!fits) refuse_input(declared, ", which is of another shape than what it is given");
  }
  const std::size_t size = element_size(value.type);
  const std::optional<std::size_t> count = element_count(value.shape, state.limits.bytes / size);
  if (!count) refuse_input(declared, ", which is too large");
  const ValueId id = state.listing.values.size();
  if (binding.elements) {
    if (binding.elements->size() != *count * size) {
      refuse_input(declared, ", which is given elements of another number");
    }
    state.given.emplace(id, Constant(*binding.elements));
  }
  if (!state.names.emplace(declared.name, id).second) refuse_input(declared, " twice");
  state.listing.values.push_back(std::move(value));
  state.listing.inputs.push_back(id);
}

// Tensors of types that the engine does not have are refused only where a node reads them: old files hold some that are
// never used.
void add_initializer(LoweringState& state, const model::Tensor& tensor) {
  const std::optional<ElementType> type = element_type(tensor.element_type);
  if (!type) return;
  Value value;
  value.type = *type;
  value.shape = tensor.dimensions;
  value.known = Constant(tensor.bytes());
  if (!state.names.emplace(tensor.name, state.listing.values.size()).second) {
    refuse("has two tensors called " + model::quote(tensor.name));
  }
  state.listing.values.push_back(std::move(value));
}

void refuse_foreign_types(const LoweringState& state, const model::Node& node) {
  for (const std::string_view name : node.inputs) {
    if (name.empty() || state.names.contains(name)) continue;
    for (const model::Tensor& tensor : state.graph->initializers) {
      if (tensor.name == name) unsupported(node, "on " + onnx_type_name(tensor.element_type));
    }
  }
}

void lower_node(LoweringState& state, const model::Node& node) {
  if (!node.domain.empty() && node.domain != "ai.onnx") unsupported(node);
  for (const auto& [name, lowering] : kOperators) {
    if (name != node.op_type) continue;
    refuse_foreign_types(state, node);
    NodeLowering scope(node, state);
    lowering(scope);
    scope.attributes.finish();
    return;
  }
  unsupported(node);
}

}  // namespace

Result<Listing> lower(const model::Graph& graph, std::span<const InputBinding> inputs, const Limits& limits) {
  try {
    LoweringState state;
    state.graph = &graph;
    state.limits = limits;
    if (inputs.size() != graph.signature.inputs.size()) {
      refuse("has " + std::to_string(graph.signature.inputs.size()) + " inputs instead of " +
             std::to_string(inputs.size()));
    }
    if (graph.nodes.size() > limits.nodes) refuse("has too many operators");
    for (std::size_t index = 0; index < inputs.size(); ++index) {
      add_input(state, graph.signature.inputs[index], inputs[index]);
    }
    for (const model::Tensor& tensor : graph.initializers) add_initializer(state, tensor);
    for (const model::Node& node : graph.nodes) lower_node(state, node);
    for (const model::GraphValue& output : graph.signature.outputs) {
      const auto found = state.names.find(output.name);
      if (found == state.names.end()) refuse("has an output " + model::quote(output.name) + " that nothing computes");
      state.listing.outputs.push_back(found->second);
    }
    return std::move(state.listing);
  } catch (const Refusal& refusal) {
    return tl::unexpected<Error>(refusal.error);
  }
}

}  // namespace actionscope::engine
