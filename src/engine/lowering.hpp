#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/instructions.hpp"
#include "engine/limits.hpp"
#include "engine/tensor.hpp"
#include "model/graph.hpp"
#include "result.hpp"

namespace actionscope::engine {

// What a graph's input will be when it runs.
struct InputBinding {
  Shape shape;
  // Its elements, row-major, or none. They are needed ahead where they decide shapes or weights: a Reshape's sizes, a
  // Conv's kernels. Every run must then be given the same.
  std::optional<std::span<const std::byte>> elements;
};

// Says in instructions what the nodes of a graph compute for inputs of these shapes, in the order of the graph's
// inputs. Constants of the listing are views of the file's bytes. Errors: operator_unsupported, "needs ONNX Runtime:
// ...", for an operator, attribute or type that is not had here; onnx_invalid for what breaks ONNX's rules or the
// limits. Messages are the end of a sentence that begins with the file's name.
Result<Listing> lower(const model::Graph& graph, std::span<const InputBinding> inputs, const Limits& limits);

}  // namespace actionscope::engine
