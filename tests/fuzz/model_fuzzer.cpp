// Any bytes as model.json and as a graph file: no crash, no leak, no error without a message.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/model.hpp"
#include "model/onnx.hpp"

namespace {

template <class Value>
void require_sane(const actionscope::Result<Value>& result) {
  if (!result && result.error().message.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are text here
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  require_sane(actionscope::model::read_signature(bytes));

  const auto model = actionscope::model::parse_model(bytes);
  require_sane(model);
  if (model) {
    const actionscope::model::Variant& variant = model->variants.at(model->default_variant);
    require_sane(check_backbone(*model, variant, bytes));
    require_sane(check_head(*model, variant, bytes));
  }
  return 0;
}
