#include "model/onnx.hpp"

#include <protozero/pbf_message.hpp>
#include <utility>

#include "model/names.hpp"
#include "model/onnx_fields.hpp"

namespace actionscope::model {
namespace {

using namespace onnx_fields;
using protozero::pbf_message;
using protozero::pbf_wire_type;

Dimension read_dimension(pbf_message<DimensionField> message) {
  Dimension dimension;
  while (message.next()) {
    if (message.tag_and_type() == protozero::tag_and_type(DimensionField::value, pbf_wire_type::varint)) {
      dimension = message.get_int64();
    } else {
      message.skip();
    }
  }
  return dimension;
}

std::vector<Dimension> read_shape(pbf_message<ShapeField> message) {
  std::vector<Dimension> dimensions;
  while (message.next(ShapeField::dimension, pbf_wire_type::length_delimited)) {
    if (dimensions.size() == kMostDimensions) throw Rejection{"has a shape of too many dimensions"};
    dimensions.push_back(read_dimension(pbf_message<DimensionField>(message.get_message())));
  }
  return dimensions;
}

void read_tensor_type(pbf_message<TensorTypeField> message, GraphValue& value) {
  while (message.next()) {
    switch (message.tag_and_type()) {
      case protozero::tag_and_type(TensorTypeField::element_type, pbf_wire_type::varint):
        value.element_type = message.get_int32();
        break;
      case protozero::tag_and_type(TensorTypeField::shape, pbf_wire_type::length_delimited):
        value.dimensions = read_shape(pbf_message<ShapeField>(message.get_message()));
        break;
      default: message.skip();
    }
  }
}

GraphValue read_value(pbf_message<ValueField> message) {
  GraphValue value;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case protozero::tag_and_type(ValueField::name, pbf_wire_type::length_delimited):
        value.name = text(message.get_view());
        break;
      case protozero::tag_and_type(ValueField::type, pbf_wire_type::length_delimited): {
        pbf_message<TypeField> type(message.get_message());
        while (type.next(TypeField::tensor_type, pbf_wire_type::length_delimited)) {
          read_tensor_type(pbf_message<TensorTypeField>(type.get_message()), value);
        }
        break;
      }
      default: message.skip();
    }
  }
  return value;
}

std::string_view read_tensor_name(pbf_message<TensorField> message) {
  std::string_view name;
  while (message.next(TensorField::name, pbf_wire_type::length_delimited)) {
    name = text(message.get_view());
  }
  return name;
}

std::string_view read_sparse_tensor_name(pbf_message<SparseTensorField> message) {
  std::string_view name;
  while (message.next(SparseTensorField::values, pbf_wire_type::length_delimited)) {
    name = read_tensor_name(pbf_message<TensorField>(message.get_message()));
  }
  return name;
}

// Old files list each initialiser as an input too. Only the inputs are kept in memory while the initialisers pass by.
void remove_initializers(pbf_message<GraphField> message, std::vector<GraphValue>& inputs) {
  Names initializers_of;  // how many, for each input's name
  for (const GraphValue& input : inputs) initializers_of.emplace(input.name, 0);

  while (message.next()) {
    std::string_view name;
    switch (message.tag_and_type()) {
      case protozero::tag_and_type(GraphField::initializer, pbf_wire_type::length_delimited):
        name = read_tensor_name(pbf_message<TensorField>(message.get_message()));
        break;
      case protozero::tag_and_type(GraphField::sparse_initializer, pbf_wire_type::length_delimited):
        name = read_sparse_tensor_name(pbf_message<SparseTensorField>(message.get_message()));
        break;
      default: message.skip(); continue;
    }
    const auto entry = initializers_of.find(name);
    if (entry != initializers_of.end()) ++entry->second;
  }
  // Copied, because the names that are searched by lie in the inputs.
  std::vector<GraphValue> kept;
  for (const GraphValue& input : inputs) {
    if (initializers_of.find(input.name)->second == 0) kept.push_back(input);
  }
  inputs = std::move(kept);
}

}  // namespace

namespace onnx_fields {

pbf_message<GraphField> find_graph(std::string_view onnx_bytes) {
  pbf_message<ModelField> message(onnx_bytes.data(), onnx_bytes.size());
  std::optional<pbf_message<GraphField>> graph;
  while (message.next(ModelField::graph, pbf_wire_type::length_delimited)) {
    if (graph) throw Rejection{"has more than one graph"};
    graph = pbf_message<GraphField>(message.get_message());
  }
  if (!graph) throw Rejection{"is not an ONNX file: it holds no graph"};
  return *graph;
}

GraphSignature read_graph_signature(pbf_message<GraphField> message) {
  GraphSignature signature;
  const pbf_message<GraphField> start = message;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case protozero::tag_and_type(GraphField::input, pbf_wire_type::length_delimited):
        signature.inputs.push_back(read_value(pbf_message<ValueField>(message.get_message())));
        break;
      case protozero::tag_and_type(GraphField::output, pbf_wire_type::length_delimited):
        signature.outputs.push_back(read_value(pbf_message<ValueField>(message.get_message())));
        break;
      default: message.skip();
    }
    if (signature.inputs.size() + signature.outputs.size() > kMostGraphValues) {
      throw Rejection{"has a graph of too many inputs and outputs"};
    }
  }
  remove_initializers(start, signature.inputs);
  return signature;
}

}  // namespace onnx_fields

Result<GraphSignature> read_signature(std::string_view onnx_bytes) {
  return read_or_fail([onnx_bytes] { return read_graph_signature(find_graph(onnx_bytes)); });
}

}  // namespace actionscope::model
