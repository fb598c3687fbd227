#pragma once

// ONNX files as small as can be, written with protozero: graphs of inputs, outputs and initialisers without an
// operator.

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

}  // namespace actionscope::test
