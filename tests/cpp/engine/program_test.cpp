#include "engine/program.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graphs.hpp"

using namespace actionscope;
using namespace actionscope::engine;
using namespace actionscope::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

Result<Program> compiled(const model::Graph& graph, const Shape& shape, const Limits& limits = {}) {
  const std::vector<InputBinding> inputs{{shape, std::nullopt}};
  return Program::compile(graph, inputs, limits);
}

std::vector<float> answer(Program& program, const std::vector<float>& input) {
  std::copy(input.begin(), input.end(), program.input(0).as<float>().begin());
  program.run();
  const auto output = program.output(0).as<float>();
  return {output.begin(), output.end()};
}

// The error of a graph that is refused.
Error refusal(const model::Graph& graph, const Shape& shape, const Limits& limits = {}) {
  const auto program = compiled(graph, shape, limits);
  REQUIRE_FALSE(program.has_value());
  return program.error();
}

const model::Graph kDoubled = graph({node("Add", {"x", "x"}, "y")}, "y");

}  // namespace

TEST_CASE("a program computes what its graph says, run after run") {
  auto program = compiled(kDoubled, {2, 2});
  REQUIRE(program.has_value());
  CHECK(answer(*program, {1, 2, 3, -4}) == std::vector<float>{2, 4, 6, -8});
  CHECK(answer(*program, {5, 6, 7, 8}) == std::vector<float>{10, 12, 14, 16});
}

TEST_CASE("views of a program stay where they are when it is moved") {
  auto program = compiled(kDoubled, {3});
  REQUIRE(program.has_value());
  const auto input = program->input(0).as<float>();
  Program moved = std::move(*program);
  CHECK(moved.input(0).as<float>().data() == input.data());
}

TEST_CASE("inputs and outputs tell type and shape, and lie aligned") {
  auto program = compiled(graph({node("Flatten", {"x"}, "y")}, "y"), {2, 3, 4});
  REQUIRE(program.has_value());
  CHECK(program->inputs() == 1);
  CHECK(program->outputs() == 1);
  CHECK(std::ranges::equal(program->output(0).shape, Shape{2, 12}));
  CHECK(program->output(0).type == ElementType::float32);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): an address as a number
  CHECK(reinterpret_cast<std::uintptr_t>(program->input(0).bytes.data()) % 64 == 0);
}

TEST_CASE("an output may be a constant, the input itself, or given twice") {
  model::Graph made = graph({node("Relu", {"x"}, "y")}, "y", {floats("five", {1}, {5})});
  for (const char* name : {"x", "five", "y"})
    made.signature.outputs.push_back({.name = name, .element_type = 1, .dimensions = std::nullopt});
  auto program = compiled(made, {2});
  REQUIRE(program.has_value());
  CHECK(answer(*program, {-1, 2}) == std::vector<float>{0, 2});
  CHECK(std::ranges::equal(program->output(1).as<float>(), std::vector<float>{-1, 2}));
  CHECK(std::ranges::equal(program->output(2).as<float>(), std::vector<float>{5}));
  CHECK(std::ranges::equal(program->output(3).as<float>(), std::vector<float>{0, 2}));
}

TEST_CASE("a batch of nothing is computed to nothing") {
  auto program = compiled(kDoubled, {0, 4});
  REQUIRE(program.has_value());
  CHECK(answer(*program, {}).empty());
}

TEST_CASE("a graph that needs another engine is told by name") {
  CHECK(refusal(graph({node("Erf", {"x"}, "y")}, "y"), {1}).code == ErrorCode::operator_unsupported);
  CHECK(refusal(graph({node("Erf", {"x"}, "y")}, "y"), {1}).message == "needs ONNX Runtime: operator Erf");

  model::Graph foreign = graph({node("Gelu", {"x"}, "y")}, "y");
  foreign.nodes.front().domain = "com.example";
  CHECK(refusal(foreign, {1}).message == "needs ONNX Runtime: operator com.example.Gelu");

  const model::Graph attribute = graph({node("Relu", {"x"}, "y", {{"slope", 0.5F}})}, "y");
  CHECK(refusal(attribute, {1}).code == ErrorCode::operator_unsupported);
  CHECK_THAT(refusal(attribute, {1}).message, ContainsSubstring("slope"));

  model::Graph halves = kDoubled;
  halves.signature.inputs.front().element_type = 10;
  CHECK(refusal(halves, {1}).message == "needs ONNX Runtime: tensors of FLOAT16");
}

TEST_CASE("a graph that breaks the rules is told where") {
  CHECK(refusal(graph({node("Relu", {"z"}, "y")}, "y"), {1}).code == ErrorCode::onnx_invalid);
  CHECK_THAT(refusal(graph({node("Relu", {"z"}, "y")}, "y"), {1}).message,
             ContainsSubstring("nothing before it computes"));
  CHECK_THAT(refusal(graph({node("Relu", {"x"}, "x")}, "x"), {1}).message, ContainsSubstring("is there already"));
  CHECK_THAT(refusal(graph({node("Relu", {}, "y")}, "y"), {1}).message, ContainsSubstring("lacks its input 0"));
  CHECK_THAT(refusal(graph({node("Relu", {"x"}, "y")}, "z"), {1}).message, ContainsSubstring("nothing computes"));
  CHECK_THAT(refusal(graph({node("Flatten", {"x"}, "y", {{"axis", 1.5F}})}, "y"), {1, 1}).message,
             ContainsSubstring("of the wrong kind"));

  const std::vector<InputBinding> none;
  CHECK_FALSE(Program::compile(kDoubled, none).has_value());

  model::Graph sized = kDoubled;
  sized.signature.inputs.front().dimensions = {{std::nullopt, 4}};
  CHECK(compiled(sized, {7, 4}).has_value());
  CHECK_THAT(refusal(sized, {7, 5}).message, ContainsSubstring("of another shape"));
  CHECK_FALSE(compiled(sized, {7}).has_value());
}

TEST_CASE("no graph costs more than the limits allow") {
  const Limits small{.bytes = 1000, .multiplications = 1000, .nodes = 2};
  CHECK(compiled(kDoubled, {100}, small).has_value());
  CHECK_THAT(refusal(kDoubled, {251}, small).message, ContainsSubstring("too large"));
  CHECK_THAT(refusal(kDoubled, {std::int64_t{1} << 40, std::int64_t{1} << 40}, small).message,
             ContainsSubstring("too large"));
  CHECK_THAT(refusal(kDoubled, {-1}, small).message, ContainsSubstring("too large"));

  const model::Graph product = graph({node("MatMul", {"x", "x"}, "y")}, "y");
  CHECK(compiled(product, {10, 10}, small).has_value());
  CHECK_THAT(refusal(product, {11, 11}, small).message, ContainsSubstring("too much work"));

  const model::Graph three = graph({node("Relu", {"x"}, "a"), node("Relu", {"a"}, "b"), node("Relu", {"b"}, "y")}, "y");
  CHECK_THAT(refusal(three, {1}, small).message, ContainsSubstring("too many operators"));
}

TEST_CASE("parameters must be known before a graph runs") {
  model::Graph made = graph({node("Reshape", {"x", "sizes"}, "y")}, "y");
  made.signature.inputs.push_back({.name = "sizes", .element_type = 7, .dimensions = std::nullopt});
  const std::vector<InputBinding> unknown{{{2, 3}, std::nullopt}, {{1}, std::nullopt}};
  const auto refused = Program::compile(made, unknown);
  REQUIRE_FALSE(refused.has_value());
  CHECK_THAT(refused.error().message, ContainsSubstring("only known at run time"));

  const std::int64_t six = 6;
  const std::vector<InputBinding> known{{{2, 3}, std::nullopt}, {{1}, std::as_bytes(std::span(&six, 1))}};
  const auto program = Program::compile(made, known);
  REQUIRE(program.has_value());
  CHECK(std::ranges::equal(program->output(0).shape, Shape{6}));
}

TEST_CASE("messages quote foreign names so that they cannot break them") {
  CHECK_THAT(refusal(graph({node("Relu", {"a\nb"}, "y")}, "y"), {1}).message, !ContainsSubstring("\n"));
}
