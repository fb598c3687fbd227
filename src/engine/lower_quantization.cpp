// QuantizeLinear and DequantizeLinear.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"
#include "engine/scales.hpp"

namespace actionscope::engine {
namespace {

std::size_t product(const Shape& shape, std::size_t first, std::size_t last) {
  return element_count(
      Shape(shape.begin() + static_cast<std::ptrdiff_t>(first), shape.begin() + static_cast<std::ptrdiff_t>(last)));
}

// Scales and zero points of `shape` as inputs 1 and 2 of the node give them. `type`: of the quantised elements.
Scales scales_of(NodeLowering& node, const Shape& shape, ElementType type) {
  Scales scales;
  const std::int64_t named_axis = node.attributes.integer("axis", 1);
  const std::int64_t block = node.attributes.integer("block_size", 0);
  const Shape& given = node.shape(node.input(1));
  scales.scales = node.known_floats(node.input(1));
  if (given.size() > 1) {
    const std::size_t axis = node.axis(named_axis, shape.size());
    Shape blocks = shape;
    if (block < 1 || shape[axis] % block != 0) invalid(node.node(), "has blocks that do not divide its axis");
    blocks[axis] /= block;
    if (blocks != given) invalid(node.node(), "has scales that do not fit its blocks");
    scales.block = static_cast<std::size_t>(block);
  }
  if (scales.block != 0 || element_count(given) != 1) {
    const std::size_t axis = node.axis(named_axis, shape.size());
    scales.outer = product(shape, 0, axis);
    scales.channels = static_cast<std::size_t>(shape[axis]);
    scales.inner = product(shape, axis + 1, shape.size());
    if (scales.block == 0 && scales.scales.size() != scales.channels)
      invalid(node.node(), "has scales that do not fit its axis");
  } else {
    scales.inner = element_count(shape);
  }
  if (std::any_of(scales.scales.begin(), scales.scales.end(),
                  [](float scale) { return !(scale > 0) || scale == kInfinity; })) {
    invalid(node.node(), "has a scale that is no positive number");
  }
  scales.zero_points.assign(scales.scales.size(), 0);
  if (const std::optional<ValueId> zero_point = node.optional_input(2)) {
    node.want_type(*zero_point, type);
    const std::vector<std::int64_t> points = node.known_integers(*zero_point);
    if (points.size() != scales.scales.size()) invalid(node.node(), "has zero points of another number than scales");
    for (std::size_t index = 0; index < points.size(); ++index)
      scales.zero_points[index] = static_cast<std::int32_t>(points[index]);
  }
  return scales;
}

}  // namespace

void lower_quantize_linear(NodeLowering& node) {
  const ValueId input = node.input(0);
  node.want_type(input, ElementType::float32);
  const std::optional<ValueId> zero_point = node.optional_input(2);
  const std::int64_t told = node.attributes.integer("output_dtype", 0);
  ElementType type = zero_point ? node.value(*zero_point).type : ElementType::uint8;
  if (told != 0) {
    const std::optional<ElementType> named = element_type(static_cast<std::int32_t>(told));
    if (!named) unsupported(node.node(), "to " + onnx_type_name(static_cast<std::int32_t>(told)));
    type = *named;
  }
  if (type != ElementType::uint8 && type != ElementType::int8) {
    unsupported(node.node(), "to " + onnx_type_name(static_cast<std::int32_t>(type)));
  }
  node.attributes.ignore("saturate");  // only 8-bit floats know it
  if (node.attributes.integer("precision", 0) > 1) unsupported(node.node(), "of another precision than FLOAT");
  const Shape shape = node.shape(input);
  const double low = node.value(input).low;
  const double high = node.value(input).high;
  Scales scales = scales_of(node, shape, type);
  const std::optional<ValueId> output = node.output(0, type, shape);
  if (scales.is_uniform()) {
    const auto scale = scales.scales.front();
    const auto zero = scales.zero_points.front();
    node.set_range(output, quantized(static_cast<float>(low), scale, zero, type),
                   quantized(static_cast<float>(high), scale, zero, type));
  }
  node.emit(Quantize{std::move(scales)}, {input}, {output});
}

void lower_dequantize_linear(NodeLowering& node) {
  const ValueId input = node.input(0);
  const ElementType type = node.value(input).type;
  if (type != ElementType::uint8 && type != ElementType::int8 && type != ElementType::int32) {
    unsupported(node.node(), "on " + onnx_type_name(static_cast<std::int32_t>(type)));
  }
  if (node.attributes.integer("output_dtype", 1) > 1) unsupported(node.node(), "to another type than FLOAT");
  const Shape shape = node.shape(input);
  Scales scales = scales_of(node, shape, type);
  const std::optional<ValueId> output = node.output(0, ElementType::float32, shape);
  const std::optional<Known>& known = node.value(input).known;
  if (known && std::holds_alternative<Constant>(*known)) {
    DequantizedConstant constant{type, std::get<Constant>(*known), scales};
    node.set_known(output, std::move(constant));
  }
  node.emit(Dequantize{std::move(scales)}, {input}, {output});
}

}  // namespace actionscope::engine
