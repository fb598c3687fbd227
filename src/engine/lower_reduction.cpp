// GlobalAveragePool, ReduceMean and Softmax.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"

namespace actionscope::engine {
namespace {

void emit_mean(NodeLowering& node, ValueId input, std::vector<std::size_t> axes, bool keep) {
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) invalid(node.node(), "names an axis twice");
  const Shape& from = node.shape(input);
  Shape shape;
  for (std::size_t index = 0; index < from.size(); ++index) {
    const bool reduced = std::binary_search(axes.begin(), axes.end(), index);
    if (reduced && from[index] == 0) invalid(node.node(), "takes the mean of nothing");
    if (!reduced) {
      shape.push_back(from[index]);
    } else if (keep) {
      shape.push_back(1);
    }
  }
  node.emit(Mean{std::move(axes)}, {input}, {node.output(0, ElementType::float32, shape)});
}

}  // namespace

void lower_global_average_pool(NodeLowering& node) {
  const ValueId input = node.input(0);
  node.want_type(input, ElementType::float32);
  const std::size_t rank = node.shape(input).size();
  if (rank < 3) invalid(node.node(), "has an input without pixels");
  std::vector<std::size_t> axes(rank - 2);
  std::iota(axes.begin(), axes.end(), std::size_t{2});
  emit_mean(node, input, std::move(axes), true);
}

void lower_reduce_mean(NodeLowering& node) {
  const ValueId input = node.input(0);
  node.want_type(input, ElementType::float32);
  const std::size_t rank = node.shape(input).size();
  const bool keep = node.attributes.integer("keepdims", 1) != 0;
  const bool nothing_by_default = node.attributes.integer("noop_with_empty_axes", 0) != 0;
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : node.integers_of("axes", 1)) axes.push_back(node.axis(axis, rank));
  if (axes.empty()) {
    if (nothing_by_default) {
      node.emit(Alias{}, {input}, {node.output(0, ElementType::float32, node.shape(input))});
      return;
    }
    axes.resize(rank);
    std::iota(axes.begin(), axes.end(), std::size_t{0});
  }
  emit_mean(node, input, std::move(axes), keep);
}

void lower_softmax(NodeLowering& node) {
  const ValueId input = node.input(0);
  node.want_type(input, ElementType::float32);
  const Shape& shape = node.shape(input);
  // Before version 13 an axis stood for itself and all after it together.
  const bool together = node.opset() < 13;
  if (shape.empty()) unsupported(node.node(), "on a scalar");
  const std::size_t axis = node.axis(node.attributes.integer("axis", together ? 1 : -1), shape.size(), together);
  const auto product = [&shape](std::size_t first, std::size_t last) {
    return element_count(
        Shape(shape.begin() + static_cast<std::ptrdiff_t>(first), shape.begin() + static_cast<std::ptrdiff_t>(last)));
  };
  Softmax softmax;
  softmax.outer = product(0, axis);
  softmax.axis = together ? product(axis, shape.size()) : static_cast<std::size_t>(shape[axis]);
  softmax.inner = together ? 1 : product(axis + 1, shape.size());
  node.emit(softmax, {input}, {node.output(0, ElementType::float32, shape)});
}

}  // namespace actionscope::engine
