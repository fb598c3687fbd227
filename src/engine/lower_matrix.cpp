// Gemm and MatMul.

#include <cstdint>
#include <optional>

#include "engine/broadcast.hpp"
#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"

namespace actionscope::engine {
void lower_gemm(NodeLowering& node) {
  const ValueId a = node.input(0);
  const ValueId b = node.input(1);
  node.want_type(a, ElementType::float32);
  node.want_type(b, ElementType::float32);
  MatrixProduct product;
  product.alpha = node.attributes.number("alpha", 1);
  product.beta = node.attributes.number("beta", 1);
  product.transpose_a = node.attributes.integer("transA", 0) != 0;
  product.transpose_b = node.attributes.integer("transB", 0) != 0;
  const Shape& shape_a = node.shape(a);
  const Shape& shape_b = node.shape(b);
  if (shape_a.size() != 2 || shape_b.size() != 2) invalid(node.node(), "multiplies what is not two matrices");
  const std::size_t turned_a = product.transpose_a ? 1 : 0;
  const std::size_t turned_b = product.transpose_b ? 1 : 0;
  if (shape_a[1 - turned_a] != shape_b[turned_b]) invalid(node.node(), "multiplies matrices whose sizes do not fit");
  product.rows = size_of(shape_a[turned_a]);
  product.depth = size_of(shape_b[turned_b]);
  product.columns = size_of(shape_b[1 - turned_b]);
  const Shape shape{shape_a[turned_a], shape_b[1 - turned_b]};

  std::vector<ValueId> inputs{a, b};
  if (const std::optional<ValueId> addend = node.optional_input(2)) {
    node.want_type(*addend, ElementType::float32);
    if (broadcast(node.shape(*addend), shape) != shape) invalid(node.node(), "adds what does not fit its product");
    inputs.push_back(*addend);
  }
  node.count_work({product.rows, product.depth, product.columns});
  node.emit(product, std::move(inputs), {node.output(0, ElementType::float32, shape)});
}

void lower_matmul(NodeLowering& node) {
  const ValueId a = node.input(0);
  const ValueId b = node.input(1);
  node.want_type(a, ElementType::float32);
  node.want_type(b, ElementType::float32);
  Shape shape_a = node.shape(a);
  Shape shape_b = node.shape(b);
  if (shape_a.empty() || shape_b.empty()) invalid(node.node(), "multiplies a scalar");
  // A vector is a matrix of one row on the left, of one column on the right; that size goes again from the result.
  const bool row = shape_a.size() == 1;
  const bool column = shape_b.size() == 1;
  if (row) shape_a.insert(shape_a.begin(), 1);
  if (column) shape_b.push_back(1);
  MatrixProduct product;
  product.rows = size_of(shape_a.end()[-2]);
  product.depth = size_of(shape_a.back());
  product.columns = size_of(shape_b.back());
  if (shape_a.back() != shape_b.end()[-2]) invalid(node.node(), "multiplies matrices whose sizes do not fit");
  product.batch_a.assign(shape_a.begin(), shape_a.end() - 2);
  product.batch_b.assign(shape_b.begin(), shape_b.end() - 2);
  const std::optional<Shape> batch = broadcast(product.batch_a, product.batch_b);
  if (!batch) invalid(node.node(), "multiplies batches whose sizes do not fit");
  product.batch = *batch;
  product.batch_a.insert(product.batch_a.begin(), batch->size() - product.batch_a.size(), 1);
  product.batch_b.insert(product.batch_b.begin(), batch->size() - product.batch_b.size(), 1);
  Shape shape = *batch;
  if (!row) shape.push_back(shape_a.end()[-2]);
  if (!column) shape.push_back(shape_b.back());
  const std::optional<ValueId> output = node.output(0, ElementType::float32, shape);
  node.count_work({element_count(product.batch), product.rows, product.depth, product.columns});
  node.emit(product, {a, b}, {output});
}

}  // namespace actionscope::engine
