// Clip, Relu and Add.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/broadcast.hpp"
#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"

namespace actionscope::engine {
namespace {

// Puts one bound of a Clip that is given as an input where a Clamp of that type looks for it.
void read_bound(NodeLowering& node, ValueId bound, ElementType type, double& real, std::int64_t& integer) {
  node.want_type(bound, type);
  if (element_count(node.shape(bound)) != 1) invalid(node.node(), "has a bound that is not one number");
  if (type == ElementType::float32) {
    real = static_cast<double>(node.known_floats(bound).front());
    if (std::isnan(real)) unsupported(node.node(), "with a bound that is no number");
  } else {
    integer = node.known_integers(bound).front();
    real = static_cast<double>(integer);
  }
}

void emit_clamp(NodeLowering& node, ValueId input, const Clamp& clamp) {
  const std::optional<ValueId> output = node.output(0, node.value(input).type, node.shape(input));
  // ONNX takes the upper bound where the bounds have changed places.
  node.set_range(output, std::min(clamp.low, clamp.high), clamp.high);
  node.emit(clamp, {input}, {output});
}

}  // namespace

void lower_clip(NodeLowering& node) {
  const ValueId input = node.input(0);
  Clamp clamp;
  if (node.opset() < 11) {
    node.want_type(input, ElementType::float32);
    clamp.low = static_cast<double>(node.attributes.number("min", std::numeric_limits<float>::lowest()));
    clamp.high = static_cast<double>(node.attributes.number("max", std::numeric_limits<float>::max()));
  } else {
    const ElementType type = node.value(input).type;
    if (const auto low = node.optional_input(1)) read_bound(node, *low, type, clamp.low, clamp.integer_low);
    if (const auto high = node.optional_input(2)) read_bound(node, *high, type, clamp.high, clamp.integer_high);
  }
  emit_clamp(node, input, clamp);
}

void lower_relu(NodeLowering& node) { emit_clamp(node, node.input(0), {.low = 0, .integer_low = 0}); }

void lower_add(NodeLowering& node) {
  const ValueId a = node.input(0);
  const ValueId b = node.input(1);
  node.want_type(b, node.value(a).type);
  const std::optional<Shape> shape = broadcast(node.shape(a), node.shape(b));
  if (!shape) invalid(node.node(), "adds tensors whose shapes do not fit each other");
  node.emit(Add{}, {a, b}, {node.output(0, node.value(a).type, *shape)});
}

}  // namespace actionscope::engine
