// Flatten, Reshape, Squeeze, Unsqueeze and Transpose: the same elements under another shape, or in another order.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <variant>

#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"

namespace actionscope::engine {
namespace {

void emit_alias(NodeLowering& node, ValueId input, const Shape& shape) {
  const std::optional<ValueId> output = node.output(0, node.value(input).type, shape);
  const std::optional<Known>& known = node.value(input).known;
  if (known && std::holds_alternative<Constant>(*known)) {
    // A copy of the handle: the value it is read from may move when another is made.
    const Known elements = *known;
    node.set_known(output, elements);
  }
  node.emit(Alias{}, {input}, {output});
}

std::set<std::size_t> axes_of(NodeLowering& node, std::span<const std::int64_t> axes, std::size_t rank) {
  std::set<std::size_t> indices;
  for (const std::int64_t axis : axes) {
    if (!indices.insert(node.axis(axis, rank)).second) invalid(node.node(), "names an axis twice");
  }
  return indices;
}

}  // namespace

void lower_flatten(NodeLowering& node) {
  const ValueId input = node.input(0);
  const Shape& shape = node.shape(input);
  const std::size_t axis = node.axis(node.attributes.integer("axis", 1), shape.size(), true);
  const auto middle = shape.begin() + static_cast<std::ptrdiff_t>(axis);
  const auto product = [](auto first, auto last) {
    return static_cast<std::int64_t>(element_count(Shape(first, last)));
  };
  emit_alias(node, input, {product(shape.begin(), middle), product(middle, shape.end())});
}

void lower_reshape(NodeLowering& node) {
  const ValueId input = node.input(0);
  const Shape& from = node.shape(input);
  const bool zero_is_zero = node.attributes.integer("allowzero", 0) != 0;
  Shape shape = node.integers_of("shape", 1);
  if (shape.size() > model::kMostDimensions) unsupported(node.node(), "to more than 16 dimensions");
  std::optional<std::size_t> open;
  for (std::size_t index = 0; index < shape.size(); ++index) {
    if (shape[index] == 0 && !zero_is_zero) {
      if (index >= from.size()) invalid(node.node(), "keeps a size that its input does not have");
      shape[index] = from[index];
    } else if (shape[index] == -1) {
      if (open) invalid(node.node(), "leaves more than one size open");
      open = index;
      shape[index] = 1;
    }
  }
  const std::size_t total = element_count(from);
  const std::optional<std::size_t> told = element_count(shape, std::numeric_limits<std::size_t>::max());
  if (!told) invalid(node.node(), "asks for another number of elements than there are");
  if (open) {
    if (*told == 0 || total % *told != 0) invalid(node.node(), "leaves a size open that cannot be told");
    shape[*open] = static_cast<std::int64_t>(total / *told);
  } else if (*told != total) {
    invalid(node.node(), "asks for another number of elements than there are");
  }
  emit_alias(node, input, shape);
}

void lower_squeeze(NodeLowering& node) {
  const ValueId input = node.input(0);
  const Shape from = node.shape(input);
  const bool all = !node.attributes.has("axes") && !node.optional_input(1);
  const std::set<std::size_t> axes = axes_of(node, node.integers_of("axes", 1), from.size());
  Shape shape;
  for (std::size_t index = 0; index < from.size(); ++index) {
    const bool goes = all ? from[index] == 1 : axes.contains(index);
    if (!goes) {
      shape.push_back(from[index]);
    } else if (from[index] != 1) {
      invalid(node.node(), "takes away an axis whose size is not 1");
    }
  }
  emit_alias(node, input, shape);
}

void lower_unsqueeze(NodeLowering& node) {
  const ValueId input = node.input(0);
  const Shape from = node.shape(input);
  const std::vector<std::int64_t> named = node.integers_of("axes", 1);
  const std::size_t rank = from.size() + named.size();
  if (rank > model::kMostDimensions) unsupported(node.node(), "to more than 16 dimensions");
  const std::set<std::size_t> axes = axes_of(node, named, rank);
  Shape shape;
  auto next = from.begin();
  for (std::size_t index = 0; index < rank; ++index) shape.push_back(axes.contains(index) ? 1 : *next++);
  emit_alias(node, input, shape);
}

void lower_transpose(NodeLowering& node) {
  const ValueId input = node.input(0);
  const Shape from = node.shape(input);
  std::vector<std::size_t> order(from.size());
  if (node.attributes.has("perm")) {
    const std::span<const std::int64_t> named = node.attributes.integers("perm");
    if (named.size() != from.size() || axes_of(node, named, from.size()).size() != from.size()) {
      invalid(node.node(), "has an order that is not one of its input's axes");
    }
    std::transform(named.begin(), named.end(), order.begin(), [&](auto axis) { return node.axis(axis, from.size()); });
  } else {
    std::iota(order.rbegin(), order.rend(), std::size_t{0});
  }
  Shape shape;
  for (const std::size_t axis : order) shape.push_back(from[axis]);
  node.emit(Permute{std::move(order)}, {input}, {node.output(0, node.value(input).type, shape)});
}

}  // namespace actionscope::engine
