#include "model/onnx.hpp"

#include <catch_amalgamated.hpp>
#include <string>

#include "onnx_bytes.hpp"

namespace {

using actionscope::ErrorCode;
using actionscope::model::Dimension;
using actionscope::model::kMostDimensions;
using actionscope::model::kMostGraphValues;
using actionscope::model::read_signature;
using actionscope::test::onnx_bytes;
using actionscope::test::OnnxValue;

std::string reason(const std::string& bytes) {
  const auto signature = read_signature(bytes);
  REQUIRE_FALSE(signature.has_value());
  CHECK(signature.error().code == ErrorCode::onnx_invalid);
  return signature.error().message;
}

}  // namespace

TEST_CASE("A graph's inputs and outputs are read with names, types and shapes") {
  const auto signature =
      read_signature(onnx_bytes({{"pixels", {{-1, 3, 224, 192}}}}, {{"features", {{-2, 1280}}, 10}, {"extra", {}, 7}}));
  REQUIRE(signature.has_value());

  REQUIRE(signature->inputs.size() == 1);
  CHECK(signature->inputs[0].name == "pixels");
  CHECK(signature->inputs[0].element_type == actionscope::model::kOnnxFloat);
  CHECK(signature->inputs[0].dimensions == std::vector<Dimension>{std::nullopt, 3, 224, 192});

  REQUIRE(signature->outputs.size() == 2);
  CHECK(signature->outputs[0].name == "features");
  CHECK(signature->outputs[0].element_type == 10);
  CHECK(signature->outputs[0].dimensions == std::vector<Dimension>{std::nullopt, 1280});
  CHECK(signature->outputs[1].dimensions == std::nullopt);
}

TEST_CASE("A scalar's shape has no dimensions, which is not the same as no shape") {
  const auto signature = read_signature(onnx_bytes({{"scalar", std::vector<std::int64_t>{}}}, {}));
  REQUIRE(signature.has_value());
  CHECK(signature->inputs[0].dimensions == std::vector<Dimension>{});
}

TEST_CASE("Initialisers that old files list as inputs are left out") {
  const auto signature = read_signature(onnx_bytes({{"weight", {{8, 3}}}, {"pixels", {{-1, 3}}}, {"bias", {{8}}}},
                                                   {{"y", {{-1, 8}}}}, {"bias", "weight"}));
  REQUIRE(signature.has_value());
  REQUIRE(signature->inputs.size() == 1);
  CHECK(signature->inputs[0].name == "pixels");
}

TEST_CASE("Several inputs keep their order, and those of one name share their fate") {
  const auto signature = read_signature(
      onnx_bytes({{"b", {{1}}}, {"a", {{2}}}, {"w", {{3}}}, {"a", {{4}}}, {"w", {{5}}}, {"c", {{6}}}}, {}, {"w"}));
  REQUIRE(signature.has_value());
  std::string names;
  for (const auto& input : signature->inputs) names += input.name;
  CHECK(names == "baac");
}

TEST_CASE("A value that is no tensor has no element type and no shape") {
  std::string value;
  protozero::pbf_writer writer(value);
  writer.add_string(1, "sequence");
  writer.add_message(2, std::string("\x22\x00", 2));  // TypeProto.sequence_type
  std::string bytes;
  protozero::pbf_writer model(bytes);
  {
    protozero::pbf_writer graph(model, 7);
    graph.add_message(11, value);
  }
  const auto signature = read_signature(bytes);
  REQUIRE(signature.has_value());
  CHECK(signature->inputs[0].element_type == 0);
  CHECK(signature->inputs[0].dimensions == std::nullopt);
}

TEST_CASE("What is not an ONNX file is called so") {
  CHECK(reason("") == "is not an ONNX file: it holds no graph");
  CHECK(reason("<!doctype html><title>404 Not Found</title>") == "is not an ONNX file, or is damaged or cut short");
  CHECK(reason(std::string(1000, '\0')) == "is not an ONNX file, or is damaged or cut short");
  CHECK(reason(std::string(1000, '\xFF')) == "is not an ONNX file, or is damaged or cut short");
}

TEST_CASE("A file cut short anywhere never reads as a whole graph, save in what follows the graph") {
  const std::string bytes = onnx_bytes({{"pixels", {{-1, 3}}}}, {{"y", {{-1, 8}}}}, {"weight"});
  constexpr std::size_t kAfterGraph = 4;  // the operator set
  for (std::size_t length = 0; length < bytes.size() - kAfterGraph; ++length) {
    CAPTURE(length);
    CHECK_FALSE(read_signature(std::string_view(bytes).substr(0, length)).has_value());
  }
  CHECK(read_signature(std::string_view(bytes).substr(0, bytes.size() - kAfterGraph)).has_value());
}

TEST_CASE("No byte, changed to whatever, does harm") {
  const std::string bytes = onnx_bytes({{"pixels", {{-1, 3}}}}, {{"y", {{-1, 8}}}}, {"weight"});
  std::size_t read = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(value);
      const auto signature = read_signature(changed);
      if (signature) {
        ++read;
      } else {
        CHECK(signature.error().code == ErrorCode::onnx_invalid);
      }
    }
  }
  CHECK(read > bytes.size());  // names and sizes may be anything
}

TEST_CASE("A length that lies does not lead out of the file") {
  CHECK(reason(std::string("\x3A\xFF\xFF\xFF\xFF\x07", 6)) == "is not an ONNX file, or is damaged or cut short");
}

TEST_CASE("Numbers of values and dimensions are bounded") {
  std::vector<OnnxValue> inputs(kMostGraphValues, OnnxValue{"x", {{1}}});
  CHECK(read_signature(onnx_bytes(inputs, {})).has_value());
  CHECK(reason(onnx_bytes(inputs, {{"y", {{1}}}})) == "has a graph of too many inputs and outputs");

  const std::vector<std::int64_t> shape(kMostDimensions, 1);
  CHECK(read_signature(onnx_bytes({{"x", shape}}, {})).has_value());
  const std::vector<std::int64_t> too_long(kMostDimensions + 1, 1);
  CHECK(reason(onnx_bytes({{"x", too_long}}, {})) == "has a shape of too many dimensions");
}

TEST_CASE("Two graphs in one file are one too many") {
  const std::string bytes = onnx_bytes({{"x", {{1}}}}, {});
  CHECK(reason(bytes + bytes) == "has more than one graph");
}
