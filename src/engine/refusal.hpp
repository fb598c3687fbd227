#pragma once

#include <string_view>

#include "model/graph.hpp"
#include "result.hpp"

namespace actionscope::engine {

// Thrown while a graph is made ready and caught before the room's border, where it becomes a Result: a graph has a
// hundred places at which it can be wrong, and none of them can go on.
struct Refusal {
  Error error;
};

// The node breaks ONNX's rules: onnx_invalid. The message begins with its operator and name.
[[noreturn]] void invalid(const model::Node& node, std::string_view what);

// The node is sound but not for this engine: operator_unsupported, "needs ONNX Runtime: operator X", and `what` if not
// empty.
[[noreturn]] void unsupported(const model::Node& node, std::string_view what = "");

}  // namespace actionscope::engine
