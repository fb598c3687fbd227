#include "model/graph.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <protozero/pbf_message.hpp>
#include <type_traits>
#include <utility>

#include "model/names.hpp"
#include "model/onnx_fields.hpp"

namespace actionscope::model {
namespace {

using namespace onnx_fields;
using protozero::pbf_message;
using protozero::pbf_wire_type;
using protozero::tag_and_type;

static_assert(std::endian::native == std::endian::little, "elements are copied between file and memory as they are");

// AttributeProto.AttributeType, as far as operators of ours take it.
enum class AttributeType : std::int32_t {
  float_value = 1,
  int_value = 2,
  string_value = 3,
  tensor_value = 4,
  floats = 6,
  ints = 7,
  strings = 8
};

constexpr std::int32_t kExternal = 1;  // TensorProto.DataLocation

// The other name of ONNX's own operators; the usual one is the empty name.
constexpr std::string_view kDefaultDomain = "ai.onnx";

template <class Number>
Number get_number(protozero::pbf_reader& message) {
  if constexpr (std::is_same_v<Number, float>) return message.get_float();
  if constexpr (std::is_same_v<Number, std::int32_t>) return message.get_int32();
  if constexpr (std::is_same_v<Number, std::int64_t>) return message.get_int64();
}

template <class Number>
auto get_packed_numbers(protozero::pbf_reader& message) {
  if constexpr (std::is_same_v<Number, float>) return message.get_packed_float();
  if constexpr (std::is_same_v<Number, std::int32_t>) return message.get_packed_int32();
  if constexpr (std::is_same_v<Number, std::int64_t>) return message.get_packed_int64();
}

// Writers may pack a repeated field or not, or mix the two.
template <class Number, class Field, class Take>
void for_each_number(pbf_message<Field> message, Field field, Take take) {
  constexpr pbf_wire_type single = std::is_same_v<Number, float> ? pbf_wire_type::fixed32 : pbf_wire_type::varint;
  while (message.next(field)) {
    if (message.has_wire_type(pbf_wire_type::length_delimited)) {
      for (const Number number : get_packed_numbers<Number>(message)) take(number);
    } else if (message.has_wire_type(single)) {
      take(get_number<Number>(message));
    } else {
      message.skip();
    }
  }
}

std::vector<std::int64_t> read_dimensions(const pbf_message<TensorField>& message) {
  std::vector<std::int64_t> dimensions;
  for_each_number<std::int64_t>(message, TensorField::dimensions, [&dimensions](std::int64_t size) {
    if (dimensions.size() == kMostDimensions) throw Rejection{"has a tensor of too many dimensions"};
    if (size < 0) throw Rejection{"has a tensor of a negative size"};
    dimensions.push_back(size);
  });
  return dimensions;
}

// Sizes of zero are left out of the bound's product, so that it holds for whoever multiplies in any order.
std::uint64_t count_elements(const std::vector<std::int64_t>& dimensions) {
  std::int64_t product = 1;
  bool is_empty = false;
  for (const std::int64_t size : dimensions) {
    if (size == 0) {
      is_empty = true;
    } else if (product > std::numeric_limits<std::int64_t>::max() / size) {
      throw Rejection{"has a tensor of too many elements"};
    } else {
      product *= size;
    }
  }
  return is_empty ? 0 : static_cast<std::uint64_t>(product);
}

[[noreturn]] void refuse_element_count() { throw Rejection{"has a tensor whose elements do not match its dimensions"}; }

// Decodes the field that holds `Element`s as `Number`s.
template <class Element, class Number>
std::vector<std::byte> decode_elements(const pbf_message<TensorField>& message, TensorField field,
                                       std::uint64_t count) {
  std::vector<std::byte> decoded;
  for_each_number<Number>(message, field, [&decoded, &message, count](Number number) {
    if constexpr (std::is_integral_v<Element>) {
      if (!std::in_range<Element>(number)) throw Rejection{"has a tensor with an element beyond its type"};
    }
    if (decoded.empty()) {
      // An element takes a byte of the message at least, which bounds what a lie about dimensions can reserve.
      if (count > message.length()) refuse_element_count();
      decoded.reserve(static_cast<std::size_t>(count) * sizeof(Element));
    }
    if (decoded.size() == count * sizeof(Element)) refuse_element_count();
    const auto element = static_cast<Element>(number);
    const auto bytes = std::as_bytes(std::span(&element, 1));
    decoded.insert(decoded.end(), bytes.begin(), bytes.end());
  });
  return decoded;
}

template <class Element, class Number>
void read_elements(const pbf_message<TensorField>& message, TensorField field, std::span<const std::byte> raw,
                   Tensor& tensor) {
  const std::uint64_t count = count_elements(tensor.dimensions);
  tensor.raw = raw;
  tensor.decoded = decode_elements<Element, Number>(message, field, count);
  if (!raw.empty() && !tensor.decoded.empty()) throw Rejection{"has a tensor whose elements stand there twice"};
  const std::size_t bytes = tensor.bytes().size();
  if (bytes % sizeof(Element) != 0 || bytes / sizeof(Element) != count) refuse_element_count();
}

Tensor read_tensor(pbf_message<TensorField> message) {
  // A type may follow the elements that it tells how to read, so these wait.
  const pbf_message<TensorField> start = message;
  Tensor tensor;
  std::span<const std::byte> raw;
  bool is_external = false;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(TensorField::element_type, pbf_wire_type::varint):
        tensor.element_type = message.get_int32();
        break;
      case tag_and_type(TensorField::name, pbf_wire_type::length_delimited):
        tensor.name = text(message.get_view());
        break;
      case tag_and_type(TensorField::raw_data, pbf_wire_type::length_delimited):
        raw = std::as_bytes(std::span(text(message.get_view())));
        break;
      case tag_and_type(TensorField::data_location, pbf_wire_type::varint):
        is_external = is_external || message.get_int32() == kExternal;
        break;
      case tag_and_type(TensorField::external_data, pbf_wire_type::length_delimited):
        is_external = true;
        message.skip();
        break;
      default: message.skip();
    }
  }
  if (is_external) throw Rejection{"keeps weights in another file, which is not supported"};
  tensor.dimensions = read_dimensions(start);
  switch (static_cast<ElementType>(tensor.element_type)) {
    case ElementType::float32: read_elements<float, float>(start, TensorField::float_data, raw, tensor); break;
    case ElementType::uint8:
      read_elements<std::uint8_t, std::int32_t>(start, TensorField::int32_data, raw, tensor);
      break;
    case ElementType::int8:
      read_elements<std::int8_t, std::int32_t>(start, TensorField::int32_data, raw, tensor);
      break;
    case ElementType::int32:
      read_elements<std::int32_t, std::int32_t>(start, TensorField::int32_data, raw, tensor);
      break;
    case ElementType::int64:
      read_elements<std::int64_t, std::int64_t>(start, TensorField::int64_data, raw, tensor);
      break;
    default: count_elements(tensor.dimensions);
  }
  return tensor;
}

// As in protocol buffers, the last one counts, and a value that is left out is zero, empty text or an empty tensor.
template <class Value, class Get>
Value read_single(pbf_message<AttributeField> message, AttributeField field, pbf_wire_type type, Get get) {
  Value value{};
  while (message.next(field, type)) value = get(message);
  return value;
}

template <class Number>
std::vector<Number> read_numbers(const pbf_message<AttributeField>& message, AttributeField field) {
  std::vector<Number> numbers;
  for_each_number<Number>(message, field, [&numbers](Number number) { numbers.push_back(number); });
  return numbers;
}

std::vector<std::string_view> read_strings(pbf_message<AttributeField> message) {
  std::vector<std::string_view> strings;
  while (message.next(AttributeField::strings, pbf_wire_type::length_delimited)) {
    strings.push_back(text(message.get_view()));
  }
  return strings;
}

// Not inlined, like read_node: browsers compile again, at once and in vain, what jumps back over many bytes of code.
[[gnu::noinline]] AttributeValue read_attribute_value(const pbf_message<AttributeField>& message, std::int32_t type) {
  using Message = pbf_message<AttributeField>;
  switch (static_cast<AttributeType>(type)) {
    case AttributeType::float_value:
      return read_single<float>(message, AttributeField::float_value, pbf_wire_type::fixed32,
                                [](Message& at) { return at.get_float(); });
    case AttributeType::int_value:
      return read_single<std::int64_t>(message, AttributeField::int_value, pbf_wire_type::varint,
                                       [](Message& at) { return at.get_int64(); });
    case AttributeType::string_value:
      return read_single<std::string_view>(message, AttributeField::string_value, pbf_wire_type::length_delimited,
                                           [](Message& at) { return text(at.get_view()); });
    case AttributeType::tensor_value:
      return read_single<Tensor>(message, AttributeField::tensor_value, pbf_wire_type::length_delimited,
                                 [](Message& at) { return read_tensor(pbf_message<TensorField>(at.get_message())); });
    case AttributeType::floats: return read_numbers<float>(message, AttributeField::floats);
    case AttributeType::ints: return read_numbers<std::int64_t>(message, AttributeField::ints);
    case AttributeType::strings: return read_strings(message);
  }
  return std::monostate{};
}

Attribute read_attribute(pbf_message<AttributeField> message) {
  const pbf_message<AttributeField> start = message;
  Attribute attribute;
  std::int32_t type = 0;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(AttributeField::name, pbf_wire_type::length_delimited):
        attribute.name = text(message.get_view());
        break;
      case tag_and_type(AttributeField::type, pbf_wire_type::varint): type = message.get_int32(); break;
      default: message.skip();
    }
  }
  if (attribute.name.empty()) throw Rejection{"has an attribute without a name"};
  attribute.value = read_attribute_value(start, type);
  return attribute;
}

[[gnu::noinline]] Node read_node(pbf_message<NodeField> message) {
  Node node;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(NodeField::input, pbf_wire_type::length_delimited):
        node.inputs.push_back(text(message.get_view()));
        break;
      case tag_and_type(NodeField::output, pbf_wire_type::length_delimited):
        node.outputs.push_back(text(message.get_view()));
        break;
      case tag_and_type(NodeField::name, pbf_wire_type::length_delimited): node.name = text(message.get_view()); break;
      case tag_and_type(NodeField::op_type, pbf_wire_type::length_delimited):
        node.op_type = text(message.get_view());
        break;
      case tag_and_type(NodeField::domain, pbf_wire_type::length_delimited):
        node.domain = text(message.get_view());
        break;
      case tag_and_type(NodeField::attribute, pbf_wire_type::length_delimited):
        node.attributes.push_back(read_attribute(pbf_message<AttributeField>(message.get_message())));
        break;
      default: message.skip();
    }
    if (std::max({node.inputs.size(), node.outputs.size(), node.attributes.size()}) > kMostNodeParts) {
      throw Rejection{"has an operator of too many inputs, outputs or attributes"};
    }
  }
  if (node.op_type.empty()) throw Rejection{"has an operator without a type"};
  if (node.domain == kDefaultDomain) node.domain = {};
  return node;
}

void refuse_shared_names(const std::vector<Tensor>& initializers) {
  Names names;
  for (const Tensor& tensor : initializers) {
    if (!names.emplace(tensor.name, names.size()).second) throw Rejection{"has two initialisers of one name"};
  }
}

std::int64_t read_opset(std::string_view onnx_bytes) {
  pbf_message<ModelField> message(onnx_bytes.data(), onnx_bytes.size());
  std::int64_t opset = 0;
  while (message.next(ModelField::opset_import, pbf_wire_type::length_delimited)) {
    pbf_message<OperatorSetField> operator_set(message.get_message());
    std::string_view domain;
    std::int64_t version = 0;
    while (operator_set.next()) {
      switch (operator_set.tag_and_type()) {
        case tag_and_type(OperatorSetField::domain, pbf_wire_type::length_delimited):
          domain = text(operator_set.get_view());
          break;
        case tag_and_type(OperatorSetField::version, pbf_wire_type::varint): version = operator_set.get_int64(); break;
        default: operator_set.skip();
      }
    }
    if (!domain.empty() && domain != kDefaultDomain) continue;
    if (opset != 0 && opset != version) throw Rejection{"names two versions of ONNX's operators"};
    opset = version;
  }
  if (opset <= 0) throw Rejection{"does not say which version of ONNX's operators it uses"};
  return opset;
}

Graph read_whole_graph(std::string_view onnx_bytes) {
  pbf_message<GraphField> message = find_graph(onnx_bytes);
  Graph graph;
  graph.signature = read_graph_signature(message);
  graph.opset = read_opset(onnx_bytes);
  while (message.next()) {
    switch (message.tag_and_type()) {
      case tag_and_type(GraphField::node, pbf_wire_type::length_delimited):
        if (graph.nodes.size() == kMostNodes) throw Rejection{"has a graph of too many operators"};
        graph.nodes.push_back(read_node(pbf_message<NodeField>(message.get_message())));
        break;
      case tag_and_type(GraphField::initializer, pbf_wire_type::length_delimited):
        if (graph.initializers.size() == kMostInitializers) throw Rejection{"has a graph of too many initialisers"};
        graph.initializers.push_back(read_tensor(pbf_message<TensorField>(message.get_message())));
        if (graph.initializers.back().name.empty()) throw Rejection{"has an initialiser without a name"};
        break;
      case tag_and_type(GraphField::sparse_initializer, pbf_wire_type::length_delimited):
        throw Rejection{"has sparse initialisers, which are not supported"};
      default: message.skip();
    }
  }
  refuse_shared_names(graph.initializers);
  return graph;
}

}  // namespace

Result<Graph> read_graph(std::string_view onnx_bytes) {
  return read_or_fail([onnx_bytes] { return read_whole_graph(onnx_bytes); });
}

}  // namespace actionscope::model
