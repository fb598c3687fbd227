#include "model/graph.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <string>

#include "onnx_bytes.hpp"

namespace {

using actionscope::ErrorCode;
using actionscope::model::Attribute;
using actionscope::model::Graph;
using actionscope::model::kMostDimensions;
using actionscope::model::kMostInitializers;
using actionscope::model::kMostNodeParts;
using actionscope::model::kMostNodes;
using actionscope::model::Node;
using actionscope::model::read_graph;
using actionscope::model::Tensor;
using actionscope::test::attribute_bytes;
using actionscope::test::graph_file_bytes;
using actionscope::test::message_bytes;
using actionscope::test::node_bytes;
using actionscope::test::opset_bytes;
using actionscope::test::raw_tensor_bytes;
using actionscope::test::tensor_bytes;
using protozero::pbf_writer;

constexpr std::string_view kDamaged = "is not an ONNX file, or is damaged or cut short";
constexpr std::string_view kMismatch = "has a tensor whose elements do not match its dimensions";

std::string reason(std::string_view bytes) {
  const auto graph = read_graph(bytes);
  REQUIRE_FALSE(graph.has_value());
  CHECK(graph.error().code == ErrorCode::onnx_invalid);
  return graph.error().message;
}

// Why a file of this one initialiser is refused.
std::string tensor_reason(const std::string& tensor) { return reason(graph_file_bytes({}, {tensor})); }

Graph graph_of(std::string_view bytes) {
  auto graph = read_graph(bytes);
  INFO((graph ? "" : graph.error().message));
  REQUIRE(graph.has_value());
  return std::move(*graph);
}

template <class Element>
std::vector<Element> elements(const Tensor& tensor) {
  std::vector<Element> values(tensor.bytes().size() / sizeof(Element));
  REQUIRE(values.size() * sizeof(Element) == tensor.bytes().size());
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes().data(), tensor.bytes().size());
  return values;
}

// The elements of the one initialiser of a file.
template <class Element>
std::vector<Element> elements_of(const std::string& tensor) {
  const std::string bytes = graph_file_bytes({}, {tensor});
  const Graph graph = graph_of(bytes);
  REQUIRE(graph.initializers.size() == 1);
  return elements<Element>(graph.initializers[0]);
}

template <class Write>
std::string operator_file(int attribute_type, Write write) {
  return graph_file_bytes({node_bytes("Op", {}, {}, {attribute_bytes("a", attribute_type, write)})}, {});
}

template <class Value>
Value attribute_value(const Graph& graph) {
  REQUIRE(graph.nodes.size() == 1);
  REQUIRE(graph.nodes[0].attributes.size() == 1);
  REQUIRE(std::holds_alternative<Value>(graph.nodes[0].attributes[0].value));
  return std::get<Value>(graph.nodes[0].attributes[0].value);
}

// A value of each kind that is read, so that whatever is cut or changed hits some of them.
std::string small_graph() {
  const std::array<std::int32_t, 2> packed = {-5, 7};
  const std::array<std::int64_t, 2> strides = {2, 300};
  return graph_file_bytes(
      {node_bytes("Conv", {"x", "w", ""}, {"y"},
                  {attribute_bytes("strides", 7,
                                   [&](pbf_writer& at) { at.add_packed_int64(8, strides.begin(), strides.end()); }),
                   attribute_bytes("alpha", 1, [](pbf_writer& at) { at.add_float(2, 0.5F); }),
                   attribute_bytes("value", 4,
                                   [](pbf_writer& at) { at.add_message(5, raw_tensor_bytes("", 2, {2}, "ab")); })})},
      {raw_tensor_bytes("w", 1, {1, 2}, std::string(8, '\1')),
       tensor_bytes("b", 3, {2}, [&](pbf_writer& at) { at.add_packed_int32(5, packed.begin(), packed.end()); })});
}

std::string read_package_file(const std::string& name) {
  std::ifstream file(std::string(ACTIONSCOPE_SOURCE_DIR) + "/models/ucf11/" + name, std::ios::binary);
  INFO("models/ucf11/" << name);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, int> operator_counts(const Graph& graph) {
  std::map<std::string, int> counts;
  for (const Node& node : graph.nodes) ++counts[std::string(node.op_type)];
  return counts;
}

std::size_t initializer_bytes(const Graph& graph) {
  std::size_t bytes = 0;
  for (const Tensor& tensor : graph.initializers) bytes += tensor.bytes().size();
  return bytes;
}

}  // namespace

TEST_CASE("Operators are read in order, with inputs and outputs that are left out as empty names") {
  const std::string bytes = graph_file_bytes(
      {node_bytes("LSTM", {"x", "w", "r", "", "length"}, {"", "h"}), node_bytes("Relu", {"h"}, {"y"})}, {});
  const Graph graph = graph_of(bytes);
  REQUIRE(graph.nodes.size() == 2);
  CHECK(graph.nodes[0].op_type == "LSTM");
  CHECK(graph.nodes[0].inputs == std::vector<std::string_view>{"x", "w", "r", "", "length"});
  CHECK(graph.nodes[0].outputs == std::vector<std::string_view>{"", "h"});
  CHECK(graph.nodes[0].domain.empty());
  CHECK(graph.nodes[1].op_type == "Relu");
  CHECK(graph.nodes[1].attributes.empty());
}

TEST_CASE("Name and domain of an operator are read, and ai.onnx is ONNX's own domain") {
  const auto node_in = [](const std::string& domain) {
    return message_bytes([&domain](pbf_writer& node) {
      node.add_string(7, domain);
      node.add_string(4, "Gelu");
      node.add_string(3, "gelu_0");
    });
  };
  const std::string bytes = graph_file_bytes({node_in("com.microsoft"), node_in("ai.onnx")}, {});
  const Graph graph = graph_of(bytes);
  CHECK(graph.nodes[0].name == "gelu_0");
  CHECK(graph.nodes[0].domain == "com.microsoft");
  CHECK(graph.nodes[1].domain.empty());
}

TEST_CASE("The signature is the one that read_signature reads") {
  const std::string bytes = actionscope::test::onnx_bytes({{"w", {{4}}}, {"pixels", {{-1, 3}}}}, {{"y", {{-1, 8}}}});
  const Graph graph = graph_of(bytes);
  REQUIRE(graph.signature.inputs.size() == 2);
  CHECK(graph.signature.inputs[1].name == "pixels");
  CHECK(graph.signature.inputs[1].dimensions == std::vector<actionscope::model::Dimension>{std::nullopt, 3});
  REQUIRE(graph.signature.outputs.size() == 1);
  CHECK(graph.signature.outputs[0].name == "y");
}

TEST_CASE("The version of ONNX's own operators is read past those of other domains") {
  const auto with = [](const std::vector<std::string>& opsets) { return graph_file_bytes({}, {}, opsets); };
  CHECK(graph_of(with({opset_bytes("com.microsoft", 1), opset_bytes("", 17), opset_bytes("ai.onnx.ml", 3)})).opset ==
        17);
  CHECK(graph_of(with({opset_bytes("ai.onnx", 13)})).opset == 13);
  CHECK(graph_of(with({opset_bytes("ai.onnx", 13), opset_bytes("", 13)})).opset == 13);
  CHECK(reason(with({opset_bytes("ai.onnx", 13), opset_bytes("", 14)})) == "names two versions of ONNX's operators");
  CHECK(reason(with({opset_bytes("com.microsoft", 1)})) == "does not say which version of ONNX's operators it uses");
  CHECK(reason(with({})) == "does not say which version of ONNX's operators it uses");
  CHECK(reason(with({opset_bytes("", -3)})) == "does not say which version of ONNX's operators it uses");
}

TEST_CASE("Attributes of one value are read by their type") {
  const std::string a_float = operator_file(1, [](pbf_writer& at) { at.add_float(2, -1.25F); });
  CHECK(attribute_value<float>(graph_of(a_float)) == -1.25F);
  const std::string an_int =
      operator_file(2, [](pbf_writer& at) { at.add_int64(3, std::numeric_limits<std::int64_t>::min()); });
  CHECK(attribute_value<std::int64_t>(graph_of(an_int)) == std::numeric_limits<std::int64_t>::min());
  const std::string a_string = operator_file(3, [](pbf_writer& at) { at.add_bytes(4, "linear"); });
  CHECK(attribute_value<std::string_view>(graph_of(a_string)) == "linear");
  const std::string a_tensor =
      operator_file(4, [](pbf_writer& at) { at.add_message(5, raw_tensor_bytes("t", 2, {2, 1}, "\x01\xFF")); });
  const Tensor tensor = attribute_value<Tensor>(graph_of(a_tensor));
  CHECK(tensor.name == "t");
  CHECK(tensor.dimensions == std::vector<std::int64_t>{2, 1});
  CHECK(elements<std::uint8_t>(tensor) == std::vector<std::uint8_t>{1, 255});
}

TEST_CASE("Lists of numbers are read packed, unpacked and mixed; lists of texts one by one") {
  const std::array<std::int64_t, 2> ints = {3, -4};
  const std::string int_file = operator_file(7, [&ints](pbf_writer& at) {
    at.add_int64(8, 1);
    at.add_packed_int64(8, ints.begin(), ints.end());
    at.add_int64(8, 5);
  });
  CHECK(attribute_value<std::vector<std::int64_t>>(graph_of(int_file)) == std::vector<std::int64_t>{1, 3, -4, 5});

  const std::array<float, 2> floats = {0.5F, -2.0F};
  const std::string float_file = operator_file(6, [&floats](pbf_writer& at) {
    at.add_packed_float(7, floats.begin(), floats.end());
    at.add_float(7, 8.0F);
  });
  CHECK(attribute_value<std::vector<float>>(graph_of(float_file)) == std::vector<float>{0.5F, -2.0F, 8.0F});

  const std::string text_file = operator_file(8, [](pbf_writer& at) {
    at.add_bytes(9, "forward");
    at.add_bytes(9, "");
  });
  CHECK(attribute_value<std::vector<std::string_view>>(graph_of(text_file)) ==
        std::vector<std::string_view>{"forward", ""});
}

TEST_CASE("A value that equals the default may be left out") {
  const auto nothing = [](pbf_writer&) {};
  CHECK(attribute_value<float>(graph_of(operator_file(1, nothing))) == 0.0F);
  CHECK(attribute_value<std::int64_t>(graph_of(operator_file(2, nothing))) == 0);
  CHECK(attribute_value<std::string_view>(graph_of(operator_file(3, nothing))).empty());
  CHECK(attribute_value<std::vector<std::int64_t>>(graph_of(operator_file(7, nothing))).empty());
}

TEST_CASE("The type alone says which value counts") {
  const std::string bytes = operator_file(2, [](pbf_writer& at) {
    at.add_float(2, 1.0F);
    at.add_int64(3, 6);
    at.add_int64(8, 7);
  });
  CHECK(attribute_value<std::int64_t>(graph_of(bytes)) == 6);
}

TEST_CASE("Attributes of kinds that no operator takes are kept by name") {
  for (const int type : {0, 5, 9, 10, 11, 12, 13, 14, 15, -1}) {
    CAPTURE(type);
    const std::string bytes = operator_file(type, [](pbf_writer& at) { at.add_bytes(6, "\xFF"); });
    const Graph graph = graph_of(bytes);
    CHECK(graph.nodes[0].attributes[0].name == "a");
    attribute_value<std::monostate>(graph);
  }
}

TEST_CASE("Raw elements are a view of the file") {
  const std::string bytes =
      graph_file_bytes({}, {raw_tensor_bytes("w", 1, {2}, std::string("\0\0\x80\x3F\0\0\0\xC0", 8))});
  const Graph graph = graph_of(bytes);
  REQUIRE(graph.initializers.size() == 1);
  const Tensor& tensor = graph.initializers[0];
  CHECK(tensor.name == "w");
  CHECK(tensor.element_type == 1);
  CHECK(tensor.dimensions == std::vector<std::int64_t>{2});
  CHECK(elements<float>(tensor) == std::vector<float>{1.0F, -2.0F});
  CHECK(tensor.decoded.empty());
  const auto file = std::as_bytes(std::span(bytes));
  CHECK((tensor.raw.data() >= file.data() && tensor.raw.data() + tensor.raw.size() <= file.data() + file.size()));
}

TEST_CASE("Elements of typed fields are decoded, packed or not") {
  const std::array<float, 2> floats = {1.5F, -0.0F};
  CHECK(elements_of<float>(tensor_bytes("t", 1, {3}, [&floats](pbf_writer& at) {
          at.add_packed_float(4, floats.begin(), floats.end());
          at.add_float(4, 3.0F);
        })) == std::vector<float>{1.5F, -0.0F, 3.0F});

  const std::array<std::int32_t, 3> bytes = {0, 200, 255};
  CHECK(elements_of<std::uint8_t>(tensor_bytes("t", 2, {3}, [&bytes](pbf_writer& at) {
          at.add_packed_int32(5, bytes.begin(), bytes.end());
        })) == std::vector<std::uint8_t>{0, 200, 255});

  CHECK(elements_of<std::int8_t>(tensor_bytes("t", 3, {1, 2}, [](pbf_writer& at) {
          at.add_int32(5, -128);
          at.add_int32(5, 127);
        })) == std::vector<std::int8_t>{-128, 127});

  const std::array<std::int32_t, 2> words = {std::numeric_limits<std::int32_t>::min(), 70000};
  CHECK(elements_of<std::int32_t>(tensor_bytes("t", 6, {2}, [&words](pbf_writer& at) {
          at.add_packed_int32(5, words.begin(), words.end());
        })) == std::vector<std::int32_t>{words[0], words[1]});

  const std::array<std::int64_t, 2> longs = {std::numeric_limits<std::int64_t>::min(), 1};
  CHECK(elements_of<std::int64_t>(tensor_bytes("t", 7, {2}, [&longs](pbf_writer& at) {
          at.add_packed_int64(7, longs.begin(), longs.end());
        })) == std::vector<std::int64_t>{longs[0], longs[1]});
}

TEST_CASE("Dimensions are read packed as well, and a type that follows the elements counts") {
  const std::array<std::int64_t, 2> dimensions = {1, 2};
  const std::string tensor = message_bytes([&dimensions](pbf_writer& at) {
    at.add_int32(5, 1);
    at.add_int32(5, -1);
    at.add_string(8, "t");
    at.add_packed_int64(1, dimensions.begin(), dimensions.end());
    at.add_int32(2, 3);
  });
  const std::string bytes = graph_file_bytes({}, {tensor});
  const Graph graph = graph_of(bytes);
  CHECK(graph.initializers[0].dimensions == std::vector<std::int64_t>{1, 2});
  CHECK(elements<std::int8_t>(graph.initializers[0]) == std::vector<std::int8_t>{1, -1});
}

TEST_CASE("A tensor without dimensions is one element; one of a size of zero has none") {
  CHECK(elements_of<std::uint8_t>(raw_tensor_bytes("t", 2, {}, "a")) == std::vector<std::uint8_t>{'a'});
  CHECK(elements_of<float>(raw_tensor_bytes("t", 1, {3, 0, 2}, "")).empty());
  CHECK(elements_of<float>(tensor_bytes("t", 1, {0}, [](pbf_writer&) {})).empty());
  CHECK(tensor_reason(tensor_bytes("t", 1, {}, [](pbf_writer&) {})) == kMismatch);
}

TEST_CASE("Elements that do not match the dimensions are refused") {
  const auto with_ints = [](int type, const std::vector<std::int64_t>& dimensions, std::size_t count) {
    return tensor_bytes("t", type, dimensions, [count](pbf_writer& at) {
      for (std::size_t index = 0; index < count; ++index) at.add_int32(5, 1);
    });
  };
  CHECK(elements_of<std::int32_t>(with_ints(6, {4}, 4)).size() == 4);
  CHECK(tensor_reason(with_ints(6, {4}, 3)) == kMismatch);
  CHECK(tensor_reason(with_ints(6, {4}, 5)) == kMismatch);
  CHECK(tensor_reason(with_ints(6, {0}, 1)) == kMismatch);
  CHECK(tensor_reason(with_ints(1, {4}, 4)) == kMismatch);  // a float's elements stand in another field
  CHECK(tensor_reason(with_ints(7, {4}, 4)) == kMismatch);
  CHECK(tensor_reason(with_ints(6, {std::int64_t{1} << 40}, 1)) == kMismatch);

  CHECK(tensor_reason(raw_tensor_bytes("t", 1, {2}, std::string(7, 'a'))) == kMismatch);
  CHECK(tensor_reason(raw_tensor_bytes("t", 1, {2}, std::string(9, 'a'))) == kMismatch);
  CHECK(tensor_reason(raw_tensor_bytes("t", 1, {2}, std::string(12, 'a'))) == kMismatch);
  CHECK(tensor_reason(raw_tensor_bytes("t", 7, {2}, std::string(8, 'a'))) == kMismatch);
  CHECK(tensor_reason(raw_tensor_bytes("t", 2, {0}, "a")) == kMismatch);
}

TEST_CASE("Elements that stand in the file twice, or do not fit their type, are refused") {
  CHECK(tensor_reason(tensor_bytes("t", 2, {1}, [](pbf_writer& at) {
          at.add_bytes(9, "a");
          at.add_int32(5, 1);
        })) == "has a tensor whose elements stand there twice");
  const auto one = [](int type, std::int32_t value) {
    return tensor_bytes("t", type, {1}, [value](pbf_writer& at) { at.add_int32(5, value); });
  };
  for (const auto& [type, value] : {std::pair{2, -1}, {2, 256}, {3, 128}, {3, -129}}) {
    CAPTURE(type, value);
    CHECK(tensor_reason(one(type, value)) == "has a tensor with an element beyond its type");
  }
}

TEST_CASE("Sizes that are negative or multiply beyond any memory are refused, whatever the type") {
  for (const int type : {1, 10}) {
    CAPTURE(type);
    const auto sized = [type](const std::vector<std::int64_t>& dimensions) {
      return tensor_reason(raw_tensor_bytes("t", type, dimensions, ""));
    };
    CHECK(sized({-1}) == "has a tensor of a negative size");
    CHECK(sized({0, std::numeric_limits<std::int64_t>::min()}) == "has a tensor of a negative size");
    const std::int64_t big = std::int64_t{1} << 32;
    CHECK(sized({big, big}) == "has a tensor of too many elements");
    CHECK(sized({big, big, 0}) == "has a tensor of too many elements");
    CHECK(sized({0, std::numeric_limits<std::int64_t>::max(), 2}) == "has a tensor of too many elements");
  }
  // The bytes of these are 0 modulo 2^32 and 2^64.
  CHECK(tensor_reason(raw_tensor_bytes("t", 1, {std::int64_t{1} << 30}, "")) == kMismatch);
  CHECK(tensor_reason(raw_tensor_bytes("t", 1, {std::int64_t{1} << 62}, "")) == kMismatch);
  CHECK(tensor_reason(tensor_bytes("t", 7, {(std::int64_t{1} << 61) + 1},
                                   [](pbf_writer& at) { at.add_int64(7, 1); })) == kMismatch);
}

TEST_CASE("Tensors of other types are kept without elements") {
  const std::string bytes = graph_file_bytes({}, {raw_tensor_bytes("half", 10, {3, 5}, "whatever")});
  const Graph graph = graph_of(bytes);
  CHECK(graph.initializers[0].name == "half");
  CHECK(graph.initializers[0].element_type == 10);
  CHECK(graph.initializers[0].dimensions == std::vector<std::int64_t>{3, 5});
  CHECK(graph.initializers[0].bytes().empty());
}

TEST_CASE("Weights that are kept in another file, sparse, nameless or of one name are refused in words") {
  const std::string external = "keeps weights in another file, which is not supported";
  CHECK(tensor_reason(tensor_bytes("t", 1, {1}, [](pbf_writer& at) { at.add_int32(14, 1); })) == external);
  CHECK(tensor_reason(tensor_bytes(
            "t", 10, {1}, [](pbf_writer& at) { at.add_message(13, std::string("\x0A\x01k", 3)); })) == external);
  CHECK(elements_of<std::uint8_t>(tensor_bytes("t", 2, {1}, [](pbf_writer& at) {
          at.add_bytes(9, "a");
          at.add_int32(14, 0);
        })) == std::vector<std::uint8_t>{'a'});

  const std::string sparse = message_bytes([](pbf_writer& model) {
    model.add_message(8, opset_bytes("", 17));
    model.add_message(7, message_bytes([](pbf_writer& graph) { graph.add_message(15, std::string("\x0A\x00", 2)); }));
  });
  CHECK(reason(sparse) == "has sparse initialisers, which are not supported");

  const auto named = [](const std::string& name) { return raw_tensor_bytes(name, 2, {1}, "a"); };
  CHECK(graph_of(graph_file_bytes({}, {named("a"), named("b")})).initializers.size() == 2);
  CHECK(reason(graph_file_bytes({}, {named("a"), named("b"), named("a")})) == "has two initialisers of one name");
  CHECK(tensor_reason(named("")) == "has an initialiser without a name");
}

TEST_CASE("Operators without a type and attributes without a name are refused") {
  CHECK(reason(graph_file_bytes({node_bytes("", {"x"}, {"y"})}, {})) == "has an operator without a type");
  CHECK(reason(graph_file_bytes({node_bytes("Op", {}, {}, {attribute_bytes("", 2, [](pbf_writer&) {})})}, {})) ==
        "has an attribute without a name");
}

TEST_CASE("Numbers of operators, their parts, initialisers and dimensions are bounded") {
  std::vector<std::string> nodes(kMostNodes, node_bytes("Op", {}, {}));
  CHECK(graph_of(graph_file_bytes(nodes, {})).nodes.size() == kMostNodes);
  nodes.push_back(nodes[0]);
  CHECK(reason(graph_file_bytes(nodes, {})) == "has a graph of too many operators");

  std::vector<std::string> tensors;
  for (std::size_t index = 0; index < kMostInitializers; ++index) {
    tensors.push_back(raw_tensor_bytes(std::to_string(index), 2, {0}, ""));
  }
  CHECK(graph_of(graph_file_bytes({}, tensors)).initializers.size() == kMostInitializers);
  tensors.push_back(raw_tensor_bytes("one more", 2, {0}, ""));
  CHECK(reason(graph_file_bytes({}, tensors)) == "has a graph of too many initialisers");

  const std::string too_many_parts = "has an operator of too many inputs, outputs or attributes";
  std::vector<std::string> names(kMostNodeParts, "x");
  std::vector<std::string> attributes(kMostNodeParts, attribute_bytes("a", 2, [](pbf_writer&) {}));
  const std::string full = graph_file_bytes({node_bytes("Op", names, names, attributes)}, {});
  CHECK(graph_of(full).nodes[0].attributes.size() == kMostNodeParts);
  names.emplace_back("x");
  attributes.push_back(attributes[0]);
  CHECK(reason(graph_file_bytes({node_bytes("Op", names, {})}, {})) == too_many_parts);
  CHECK(reason(graph_file_bytes({node_bytes("Op", {}, names)}, {})) == too_many_parts);
  CHECK(reason(graph_file_bytes({node_bytes("Op", {}, {}, attributes)}, {})) == too_many_parts);

  std::vector<std::int64_t> dimensions(kMostDimensions, 1);
  CHECK(elements_of<std::uint8_t>(raw_tensor_bytes("t", 2, dimensions, "a")).size() == 1);
  dimensions.push_back(1);
  CHECK(tensor_reason(raw_tensor_bytes("t", 2, dimensions, "a")) == "has a tensor of too many dimensions");
}

TEST_CASE("What holds no graph, or two, is refused as read_signature does") {
  CHECK(reason("") == "is not an ONNX file: it holds no graph");
  CHECK(reason("<!doctype html><title>404 Not Found</title>") == kDamaged);
  CHECK(reason(small_graph() + small_graph()) == "has more than one graph");
}

TEST_CASE("A graph cut short anywhere is refused") {
  // The graph is the last field of the file. Each length is a copy of its own, so that a sanitizer sees a read beyond.
  const std::string bytes = small_graph();
  CHECK(graph_of(bytes).nodes[0].attributes.size() == 3);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    const std::vector<char> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_FALSE(read_graph(std::string_view(cut.data(), cut.size())).has_value());
  }
}

TEST_CASE("No byte of a graph, changed to whatever, does harm") {
  const std::string bytes = small_graph();
  std::size_t read = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(value);
      const auto graph = read_graph(changed);
      if (graph) {
        ++read;
      } else if (graph.error().code != ErrorCode::onnx_invalid || graph.error().message.empty()) {
        FAIL("byte " << at << " as " << value);
      }
    }
  }
  CHECK(read > bytes.size());  // names and elements may be anything
}

TEST_CASE("Lengths that lie do not lead out of the file") {
  const auto graph_of_bytes = [](const std::string& graph) {
    return message_bytes([&graph](pbf_writer& model) {
      model.add_message(8, opset_bytes("", 17));
      model.add_message(7, graph);
    });
  };
  const std::string huge = "\xFF\xFF\xFF\xFF\x07";
  CHECK(reason(graph_of_bytes("\x0A" + huge)) == kDamaged);          // a node
  CHECK(reason(graph_of_bytes("\x2A" + huge)) == kDamaged);          // an initialiser
  CHECK(tensor_reason("\x42\x01t\x10\x01\x4A" + huge) == kDamaged);  // raw elements
  CHECK(tensor_reason("\x42\x01t\x10\x01\x22" + huge) == kDamaged);  // packed floats
  // Packed floats that are no multiple of four bytes, and a packed number that does not end.
  CHECK(tensor_reason("\x42\x01t\x10\x01\x22\x03"
                      "abc") == kDamaged);
  CHECK(tensor_reason("\x42\x01t\x10\x06\x2A\x02\x80\x80") == kDamaged);
}

TEST_CASE("The backbone of models/ucf11 is read as Python's onnx reads it") {
  const std::string bytes = read_package_file("backbone.onnx");
  const Graph graph = graph_of(bytes);
  CHECK(graph.opset == 17);
  CHECK(operator_counts(graph) ==
        std::map<std::string, int>{{"Add", 10}, {"Clip", 35}, {"Conv", 52}, {"Flatten", 1}, {"GlobalAveragePool", 1}});
  CHECK(graph.initializers.size() == 106);
  CHECK(initializer_bytes(graph) == 8827272);
  CHECK(graph.initializers[2].name == "features.0.0.weight");
  CHECK(graph.initializers[2].dimensions == std::vector<std::int64_t>{32, 3, 3, 3});
  CHECK(elements<float>(graph.initializers[0]) == std::vector<float>{0.0F});
  CHECK(elements<float>(graph.initializers[1]) == std::vector<float>{6.0F});

  const Node& first = graph.nodes.front();
  CHECK(first.name == "features.0.0");
  CHECK(first.inputs == std::vector<std::string_view>{"pixels", "features.0.0.weight", "features.0.0.bias"});
  std::map<std::string_view, actionscope::model::AttributeValue> attributes;
  for (const Attribute& attribute : first.attributes) attributes[attribute.name] = attribute.value;
  CHECK(attributes.size() == 5);
  CHECK(std::get<std::int64_t>(attributes["group"]) == 1);
  CHECK(std::get<std::vector<std::int64_t>>(attributes["strides"]) == std::vector<std::int64_t>{2, 2});
  CHECK(std::get<std::vector<std::int64_t>>(attributes["pads"]) == std::vector<std::int64_t>{1, 1, 1, 1});
}

TEST_CASE("The head of models/ucf11 is read as Python's onnx reads it") {
  const std::string bytes = read_package_file("head.onnx");
  const Graph graph = graph_of(bytes);
  CHECK(graph.opset == 17);
  REQUIRE(graph.nodes.size() == 4);
  CHECK(graph.nodes[1].op_type == "LSTM");
  CHECK(graph.nodes[1].outputs == std::vector<std::string_view>{"", "lstm.h"});
  REQUIRE(graph.initializers.size() == 6);
  CHECK(initializer_bytes(graph) == 1381432);
  CHECK(graph.initializers[0].name == "lstm.W");
  CHECK(graph.initializers[0].dimensions == std::vector<std::int64_t>{1, 256, 1280});
}
