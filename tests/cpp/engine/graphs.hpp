#pragma once

// Graphs as src/model gives them, put together by hand.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "model/graph.hpp"

namespace actionscope::test {

// A constant whose elements it holds itself. T is the C++ type of `element_type`.
template <class T>
model::Tensor constant(std::string_view name, int element_type, std::vector<std::int64_t> dimensions,
                       const std::vector<T>& elements) {
  model::Tensor tensor;
  tensor.name = name;
  tensor.element_type = element_type;
  tensor.dimensions = std::move(dimensions);
  tensor.decoded.resize(elements.size() * sizeof(T));
  if (!elements.empty()) std::memcpy(tensor.decoded.data(), elements.data(), tensor.decoded.size());
  return tensor;
}

inline model::Tensor floats(std::string_view name, std::vector<std::int64_t> dimensions,
                            const std::vector<float>& elements) {
  return constant(name, 1, std::move(dimensions), elements);
}

inline model::Node node(std::string_view op_type, std::vector<std::string_view> inputs, std::string_view output,
                        std::vector<model::Attribute> attributes = {}) {
  return {.name = output,
          .op_type = op_type,
          .domain = "",
          .inputs = std::move(inputs),
          .outputs = {output},
          .attributes = std::move(attributes)};
}

// One input "x" of floats, of any shape, and one output.
inline model::Graph graph(std::vector<model::Node> nodes, std::string_view output,
                          std::vector<model::Tensor> initializers = {}) {
  model::Graph made;
  made.opset = 17;
  made.nodes = std::move(nodes);
  made.initializers = std::move(initializers);
  made.signature.inputs = {{.name = "x", .element_type = 1, .dimensions = std::nullopt}};
  made.signature.outputs = {{.name = std::string(output), .element_type = 1, .dimensions = std::nullopt}};
  return made;
}

}  // namespace actionscope::test
