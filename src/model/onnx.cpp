#include "model/onnx.hpp"

#include <algorithm>
#include <protozero/exception.hpp>
#include <protozero/pbf_message.hpp>
#include <utility>

namespace actionscope::model {
namespace {

// Field numbers of onnx.proto, as far as a signature needs them.
enum class ModelField : protozero::pbf_tag_type { graph = 7 };
enum class GraphField : protozero::pbf_tag_type { initializer = 5, input = 11, output = 12, sparse_initializer = 15 };
enum class SparseTensorField : protozero::pbf_tag_type { values = 1 };
enum class TensorField : protozero::pbf_tag_type { name = 8 };
enum class ValueField : protozero::pbf_tag_type { name = 1, type = 2 };
enum class TypeField : protozero::pbf_tag_type { tensor_type = 1 };
enum class TensorTypeField : protozero::pbf_tag_type { element_type = 1, shape = 2 };
enum class ShapeField : protozero::pbf_tag_type { dimension = 1 };
enum class DimensionField : protozero::pbf_tag_type { value = 1 };

using protozero::pbf_message;
using protozero::pbf_wire_type;

// Bytes that are protocol buffers, but no graph that this reader takes.
struct Rejection {
  const char* reason;
};

std::string text(protozero::data_view view) { return {view.data(), view.size()}; }

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
    const protozero::data_view view = message.get_view();
    name = std::string_view(view.data(), view.size());
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
  std::vector<std::pair<std::string_view, bool>> is_initializer;
  is_initializer.reserve(inputs.size());
  for (const GraphValue& input : inputs) is_initializer.emplace_back(input.name, false);
  std::sort(is_initializer.begin(), is_initializer.end());
  const auto find = [&is_initializer](std::string_view name) {
    return std::lower_bound(is_initializer.begin(), is_initializer.end(), name,
                            [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  };

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
    const auto entry = find(name);
    if (entry != is_initializer.end() && entry->first == name) entry->second = true;
  }
  // Moving a value moves the name that is searched by, so all are looked up before any is moved.
  std::vector<bool> keep;
  keep.reserve(inputs.size());
  for (const GraphValue& input : inputs) keep.push_back(!find(input.name)->second);
  std::vector<GraphValue> kept;
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    if (keep[index]) kept.push_back(std::move(inputs[index]));
  }
  inputs = std::move(kept);
}

GraphSignature read_graph(pbf_message<GraphField> message) {
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

}  // namespace

Result<GraphSignature> read_signature(std::string_view onnx_bytes) {
  try {
    pbf_message<ModelField> message(onnx_bytes.data(), onnx_bytes.size());
    std::optional<GraphSignature> signature;
    while (message.next()) {
      if (message.tag_and_type() == protozero::tag_and_type(ModelField::graph, pbf_wire_type::length_delimited)) {
        if (signature) throw Rejection{"has more than one graph"};
        signature = read_graph(pbf_message<GraphField>(message.get_message()));
      } else {
        message.skip();
      }
    }
    if (!signature) throw Rejection{"is not an ONNX file: it holds no graph"};
    return std::move(*signature);
  } catch (const Rejection& rejection) {
    return fail(ErrorCode::onnx_invalid, rejection.reason);
  } catch (const protozero::exception&) {
    return fail(ErrorCode::onnx_invalid, "is not an ONNX file, or is damaged or cut short");
  }
}

}  // namespace actionscope::model
