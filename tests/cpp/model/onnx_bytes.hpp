#pragma once

// ONNX files as small as can be, written with protozero: either graphs of inputs, outputs and initialisers without an
// operator, or graphs put together from the bytes of their parts.

#include <cstdint>
#include <optional>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

namespace actionscope::test {

struct OnnxValue {
  std::string name;
  std::optional<std::vector<std::int64_t>> dimensions;  // -1: symbolic, -2: left open; none: no shape
  int element_type = 1;
};

// Messages are written as strings, since protozero's nested writers leave out a message that stays empty.
inline std::string shape_bytes(const std::vector<std::int64_t>& dimensions) {
  std::string bytes;
  protozero::pbf_writer shape(bytes);
  for (const std::int64_t size : dimensions) {
    std::string dimension_bytes;
    protozero::pbf_writer dimension(dimension_bytes);
    if (size >= 0) dimension.add_int64(1, size);
    if (size == -1) dimension.add_string(2, "batch");
    shape.add_message(1, dimension_bytes);
  }
  return bytes;
}

inline std::string value_bytes(const OnnxValue& value) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_string(1, value.name);
  protozero::pbf_writer type(writer, 2);
  protozero::pbf_writer tensor(type, 1);
  tensor.add_int32(1, value.element_type);
  if (value.dimensions) tensor.add_message(2, shape_bytes(*value.dimensions));
  return bytes;
}

inline std::string onnx_bytes(const std::vector<OnnxValue>& inputs, const std::vector<OnnxValue>& outputs,
                              const std::vector<std::string>& initializers = {}) {
  std::string bytes;
  protozero::pbf_writer model(bytes);
  model.add_int64(1, 8);  // IR version
  {
    protozero::pbf_writer graph(model, 7);
    graph.add_string(2, "main");
    for (const std::string& name : initializers) {
      protozero::pbf_writer tensor(graph, 5);
      tensor.add_int32(2, 1);
      tensor.add_string(8, name);
      tensor.add_bytes(9, std::string(16, '\0'));
    }
    for (const OnnxValue& value : inputs) graph.add_message(11, value_bytes(value));
    for (const OnnxValue& value : outputs) graph.add_message(12, value_bytes(value));
  }
  protozero::pbf_writer opset(model, 8);
  opset.add_int64(2, 17);
  return bytes;
}

// A message of fields that `write` adds.
template <class Write>
std::string message_bytes(Write write) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  write(writer);
  return bytes;
}

// A tensor without elements; `write` adds them.
template <class Write>
std::string tensor_bytes(const std::string& name, int element_type, const std::vector<std::int64_t>& dimensions,
                         Write write) {
  return message_bytes([&](protozero::pbf_writer& tensor) {
    for (const std::int64_t size : dimensions) tensor.add_int64(1, size);
    tensor.add_int32(2, element_type);
    tensor.add_string(8, name);
    write(tensor);
  });
}

inline std::string raw_tensor_bytes(const std::string& name, int element_type,
                                    const std::vector<std::int64_t>& dimensions, const std::string& raw) {
  return tensor_bytes(name, element_type, dimensions,
                      [&raw](protozero::pbf_writer& tensor) { tensor.add_bytes(9, raw); });
}

// `type` is AttributeProto.AttributeType; `write` adds the value.
template <class Write>
std::string attribute_bytes(const std::string& name, int type, Write write) {
  return message_bytes([&](protozero::pbf_writer& attribute) {
    attribute.add_string(1, name);
    write(attribute);
    attribute.add_int32(20, type);
  });
}

inline std::string node_bytes(const std::string& op_type, const std::vector<std::string>& inputs,
                              const std::vector<std::string>& outputs,
                              const std::vector<std::string>& attributes = {}) {
  return message_bytes([&](protozero::pbf_writer& node) {
    for (const std::string& input : inputs) node.add_string(1, input);
    for (const std::string& output : outputs) node.add_string(2, output);
    node.add_string(4, op_type);
    for (const std::string& attribute : attributes) node.add_message(5, attribute);
  });
}

inline std::string opset_bytes(const std::string& domain, std::int64_t version) {
  return message_bytes([&](protozero::pbf_writer& opset) {
    if (!domain.empty()) opset.add_string(1, domain);
    opset.add_int64(2, version);
  });
}

// A file of nodes and initialisers that are written already, without inputs and outputs.
inline std::string graph_file_bytes(const std::vector<std::string>& nodes, const std::vector<std::string>& initializers,
                                    const std::vector<std::string>& opsets = {opset_bytes("", 17)}) {
  const std::string graph_bytes = message_bytes([&](protozero::pbf_writer& graph) {
    for (const std::string& node : nodes) graph.add_message(1, node);
    for (const std::string& tensor : initializers) graph.add_message(5, tensor);
  });
  return message_bytes([&](protozero::pbf_writer& model) {
    for (const std::string& opset : opsets) model.add_message(8, opset);
    model.add_message(7, graph_bytes);
  });
}

}  // namespace actionscope::test
