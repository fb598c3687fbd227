#include "engine/refusal.hpp"

#include <string_view>

#include "model/quote.hpp"

namespace actionscope::engine {
namespace {

// Nodes need no name, but what they compute has one.
std::string_view name_of(const model::Node& node) {
  return node.name.empty() && !node.outputs.empty() ? node.outputs.front() : node.name;
}

}  // namespace

void invalid(const model::Node& node, const std::string& what) {
  throw Refusal{{ErrorCode::onnx_invalid, "has an operator " + model::quote(node.op_type) + ", called " +
                                              model::quote(name_of(node)) + ", that " + what}};
}

void unsupported(const model::Node& node, const std::string& what) {
  std::string message = "needs ONNX Runtime: operator ";
  message +=
      node.domain.empty() ? std::string(node.op_type) : std::string(node.domain) + "." + std::string(node.op_type);
  if (!what.empty()) message += " " + what;
  throw Refusal{{ErrorCode::operator_unsupported, message}};
}

}  // namespace actionscope::engine
