// Any bytes as model.json and as a graph file: no crash, no leak, no error without a message.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "model/graph.hpp"
#include "model/model.hpp"
#include "model/onnx.hpp"

namespace {

template <class Value>
void require_sane(const actionscope::Result<Value>& result) {
  if (!result && result.error().message.empty()) std::abort();
}

// Reads every byte of the elements, so that a view beyond the file shows.
void require_readable(const actionscope::model::Tensor& tensor) {
  unsigned sum = 0;
  for (const std::byte element : tensor.bytes()) sum += std::to_integer<unsigned>(element);
  volatile unsigned sink = sum;
  static_cast<void>(sink);
}

void require_readable(const actionscope::model::Graph& graph) {
  for (const actionscope::model::Tensor& tensor : graph.initializers) require_readable(tensor);
  for (const actionscope::model::Node& node : graph.nodes) {
    for (const actionscope::model::Attribute& attribute : node.attributes) {
      if (const auto* tensor = std::get_if<actionscope::model::Tensor>(&attribute.value)) require_readable(*tensor);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are text here
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  require_sane(actionscope::model::read_signature(bytes));
  const auto graph = actionscope::model::read_graph(bytes);
  require_sane(graph);
  if (graph) require_readable(*graph);

  const auto model = actionscope::model::parse_model(bytes);
  require_sane(model);
  if (model) {
    const actionscope::model::Variant& variant = model->variants.at(model->default_variant);
    require_sane(check_backbone(*model, variant, bytes));
    require_sane(check_head(*model, variant, bytes));
    require_sane(read_backbone(*model, variant, bytes));
    require_sane(read_head(*model, variant, bytes));
  }
  return 0;
}
