#pragma once

#include <optional>

#include "engine/tensor.hpp"

namespace actionscope::engine {

// The shape that two shapes have in common when sizes of 1 are repeated, missing outer ones first (numpy's rule, which
// is ONNX's); no value where they have none.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

// The distance in elements from one index to the next along each of `shape`'s dimensions, in a row-major tensor of
// shape `from` that broadcasts to `shape`: 0 where it repeats.
Shape broadcast_strides(const Shape& from, const Shape& shape);

}  // namespace actionscope::engine
