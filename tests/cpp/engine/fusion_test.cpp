#include "engine/fusion.hpp"

#include <catch_amalgamated.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/layout.hpp"
#include "engine/lowering.hpp"
#include "graphs.hpp"

using namespace actionscope;
using namespace actionscope::engine;
using namespace actionscope::test;

namespace {

// The listing of a graph whose input is [1, 2, 4, 4].
Listing fused(const model::Graph& graph) {
  const std::vector<InputBinding> inputs{{{1, 2, 4, 4}, std::nullopt}};
  auto listing = lower(graph, inputs, {});
  REQUIRE(listing.has_value());
  return fuse(std::move(*listing));
}

const std::vector<float> kKernels{1, 2, 3, 4};

model::Node pointwise(std::string_view input, std::string_view output) { return node("Conv", {input, "w"}, output); }

model::Tensor kernels() { return floats("w", {2, 2, 1, 1}, kKernels); }

template <class Kind>
const Kind& only(const Listing& listing) {
  REQUIRE(listing.instructions.size() == 1);
  REQUIRE(std::holds_alternative<Kind>(listing.instructions.front().operation));
  return std::get<Kind>(listing.instructions.front().operation);
}

// x is clipped to 0..high, quantised by 1/10, and convolved.
model::Graph quantised(float high, std::vector<std::int8_t> weight_zero_points = {0, 0}) {
  return graph(
      {node("Clip", {"x", "zero", "high"}, "clipped"), node("QuantizeLinear", {"clipped", "scale", "point"}, "q"),
       node("DequantizeLinear", {"q", "scale", "point"}, "d"),
       node("DequantizeLinear", {"wq", "ws", "wz"}, "w", {{"axis", std::int64_t{0}}}), pointwise("d", "y")},
      "y",
      {floats("zero", {}, {0}), floats("high", {}, {high}), floats("scale", {}, {0.1F}),
       constant<std::uint8_t>("point", 2, {}, {0}), constant<std::int8_t>("wq", 3, {2, 2, 1, 1}, {1, -2, 3, -4}),
       floats("ws", {2}, {0.5F, 0.25F}), constant<std::int8_t>("wz", 3, {2}, weight_zero_points)});
}

}  // namespace

TEST_CASE("clamps go into the convolution before them") {
  const Listing listing =
      fused(graph({pointwise("x", "a"), node("Relu", {"a"}, "b"), node("Clip", {"b", "low", "high"}, "y")}, "y",
                  {kernels(), floats("low", {}, {-3}), floats("high", {}, {6})}));
  const auto& convolve = only<Convolve>(listing);
  CHECK(convolve.low == 0);
  CHECK(convolve.high == 6);
}

TEST_CASE("a clamp of what something else reads as well stays on its own") {
  const Listing listing =
      fused(graph({pointwise("x", "a"), node("Relu", {"a"}, "b"), node("Add", {"a", "b"}, "y")}, "y", {kernels()}));
  CHECK(listing.instructions.size() == 3);
}

TEST_CASE("a residual is added by the convolution that is computed last") {
  const Listing listing =
      fused(graph({pointwise("x", "a"), pointwise("a", "b"), node("Add", {"a", "b"}, "y")}, "y", {kernels()}));
  REQUIRE(listing.instructions.size() == 2);
  CHECK(listing.instructions[0].inputs.size() == 1);
  CHECK(listing.instructions[1].inputs.size() == 2);
}

TEST_CASE("a sum that broadcasts is no residual") {
  const Listing listing = fused(
      graph({pointwise("x", "a"), node("Add", {"a", "c"}, "y")}, "y", {kernels(), floats("c", {2, 1, 1}, {1, 2})}));
  CHECK(listing.instructions.size() == 2);
}

TEST_CASE("a clamp after a residual comes after it") {
  const Listing listing =
      fused(graph({pointwise("x", "a"), node("Add", {"a", "x"}, "b"), node("Relu", {"b"}, "y")}, "y", {kernels()}));
  REQUIRE(listing.instructions.size() == 2);
  CHECK(std::holds_alternative<Clamp>(listing.instructions[1].operation));
}

TEST_CASE("a batch normalisation scales the convolution before it") {
  const Listing listing = fused(
      graph({pointwise("x", "a"), node("BatchNormalization", {"a", "s", "b", "m", "v"}, "y", {{"epsilon", 0.0F}})}, "y",
            {kernels(), floats("s", {2}, {2, 3}), floats("b", {2}, {1, 1}), floats("m", {2}, {4, 5}),
             floats("v", {2}, {4, 1})}));
  const auto& convolve = only<Convolve>(listing);
  CHECK(convolve.multiplier == std::vector<float>{1, 3});
  CHECK(convolve.bias == std::vector<float>{-3, -14});
}

TEST_CASE("what nothing reads is left out") {
  const Listing listing = fused(graph({pointwise("x", "a"), node("Relu", {"x"}, "y")}, "y", {kernels()}));
  CHECK(listing.instructions.size() == 1);
}

TEST_CASE("a convolution of seven-bit activations is quantised, and the clip before it goes where it saturates alike") {
  const Listing listing = fused(quantised(12.7F));
  REQUIRE(listing.instructions.size() == 2);
  const auto& quantize = std::get<Quantize>(listing.instructions[0].operation);
  CHECK(quantize.seven_bit);
  CHECK(listing.instructions[0].inputs == std::vector<ValueId>{listing.inputs.front()});
  const auto& convolve = std::get<ConvolveI8>(listing.instructions[1].operation);
  CHECK(convolve.weight_scales == std::vector<float>{0.5F, 0.25F});
  CHECK(convolve.input.scale == 0.1F);
}

TEST_CASE("activations that may pass 127, or weights with zero points, are computed in float") {
  for (const Listing& listing : {fused(quantised(12.8F)), fused(quantised(12.7F, {0, 1}))}) {
    CHECK(std::holds_alternative<Convolve>(listing.instructions.back().operation));
  }
}

TEST_CASE("activations of convolutions lie channels last, inputs and outputs row-major") {
  const Listing listing = arrange(fused(graph({pointwise("x", "a"), node("Relu", {"a"}, "y")}, "y", {kernels()})));
  REQUIRE(listing.instructions.size() == 3);
  CHECK(std::holds_alternative<Relayout>(listing.instructions.front().operation));
  CHECK(std::holds_alternative<Convolve>(listing.instructions[1].operation));
  CHECK(std::holds_alternative<Relayout>(listing.instructions.back().operation));
  CHECK(listing.values[listing.outputs.front()].layout == Layout::row_major);
}

TEST_CASE("a quantised convolution quantises its output, unless that may lie too far from zero to be rounded") {
  const auto listing = [](float output_scale) {
    model::Graph made = quantised(12.7F);
    made.nodes.push_back(node("Clip", {"y", "zero", "high"}, "clipped_again"));
    made.nodes.push_back(node("QuantizeLinear", {"clipped_again", "scale_again", "point"}, "quanta"));
    made.initializers.push_back(floats("scale_again", {}, {output_scale}));
    made.signature.outputs.front().name = "quanta";
    return fused(made);
  };
  const Listing near = listing(0.1F);
  REQUIRE(near.instructions.size() == 2);
  CHECK(std::get<ConvolveI8>(near.instructions[1].operation).output->scale == 0.1F);
  const Listing far = listing(1e-3F);
  REQUIRE(far.instructions.size() == 3);
  CHECK_FALSE(std::get<ConvolveI8>(far.instructions[1].operation).output.has_value());
}
