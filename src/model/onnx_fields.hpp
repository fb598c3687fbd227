#pragma once

// What the readers of ONNX files share: the field numbers of onnx.proto, and how a graph is found and refused. It is
// for onnx.cpp and graph.cpp only, since its functions throw.

#include <protozero/data_view.hpp>
#include <protozero/exception.hpp>
#include <protozero/pbf_message.hpp>
#include <string_view>

#include "model/onnx.hpp"
#include "result.hpp"

namespace actionscope::model::onnx_fields {

enum class ModelField : protozero::pbf_tag_type { graph = 7, opset_import = 8 };
enum class OperatorSetField : protozero::pbf_tag_type { domain = 1, version = 2 };
enum class GraphField : protozero::pbf_tag_type {
  node = 1,
  initializer = 5,
  input = 11,
  output = 12,
  sparse_initializer = 15
};
enum class NodeField : protozero::pbf_tag_type {
  input = 1,
  output = 2,
  name = 3,
  op_type = 4,
  attribute = 5,
  domain = 7
};
enum class AttributeField : protozero::pbf_tag_type {
  name = 1,
  float_value = 2,
  int_value = 3,
  string_value = 4,
  tensor_value = 5,
  floats = 7,
  ints = 8,
  strings = 9,
  type = 20
};
enum class SparseTensorField : protozero::pbf_tag_type { values = 1 };
enum class TensorField : protozero::pbf_tag_type {
  dimensions = 1,
  element_type = 2,
  float_data = 4,
  int32_data = 5,
  int64_data = 7,
  name = 8,
  raw_data = 9,
  external_data = 13,
  data_location = 14
};
enum class ValueField : protozero::pbf_tag_type { name = 1, type = 2 };
enum class TypeField : protozero::pbf_tag_type { tensor_type = 1 };
enum class TensorTypeField : protozero::pbf_tag_type { element_type = 1, shape = 2 };
enum class ShapeField : protozero::pbf_tag_type { dimension = 1 };
enum class DimensionField : protozero::pbf_tag_type { value = 1 };

// Bytes that are protocol buffers, but no graph that a reader takes.
struct Rejection {
  const char* reason;
};

inline std::string_view text(protozero::data_view view) { return {view.data(), view.size()}; }

// The one graph of a model. Throws Rejection or protozero::exception.
protozero::pbf_message<GraphField> find_graph(std::string_view onnx_bytes);

// A graph's inputs without its initialisers, and its outputs. Throws Rejection or protozero::exception.
GraphSignature read_graph_signature(protozero::pbf_message<GraphField> message);

// What `read` returns, or onnx_invalid in place of what it throws.
template <class Read>
auto read_or_fail(Read read) -> Result<decltype(read())> {
  try {
    return read();
  } catch (const Rejection& rejection) {
    return fail(ErrorCode::onnx_invalid, rejection.reason);
  } catch (const protozero::exception&) {
    return fail(ErrorCode::onnx_invalid, "is not an ONNX file, or is damaged or cut short");
  }
}

}  // namespace actionscope::model::onnx_fields
