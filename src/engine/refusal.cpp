#include "engine/refusal.hpp"

#include <string>
#include <string_view>

#include "model/quote.hpp"

namespace actionscope::engine {
namespace {

// Nodes need no name, but what they compute has one.
std::string_view name_of(const model::Node& node) {
  return node.name.empty() && !node.outputs.empty() ? node.outputs.front() : node.name;
}

}  // namespace

void invalid(const model::Node& node, std::string_view what) {
  std::string message =
      "has an operator " + model::quote(node.op_type) + ", called " + model::quote(name_of(node)) + ", that ";
  message += what;
  throw Refusal{{ErrorCode::onnx_invalid, message}};
}

void unsupported(const model::Node& node, std::string_view what) {
  std::string message = "needs ONNX Runtime: operator ";
  if (!node.domain.empty()) message.append(node.domain).append(".");
  message += node.op_type;
  if (!what.empty()) message.append(" ").append(what);
  throw Refusal{{ErrorCode::operator_unsupported, message}};
}

}  // namespace actionscope::engine
