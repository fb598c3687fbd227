// Any bytes as a graph file for our engine: an error in words, or a program that runs to its end within the limits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "engine/program.hpp"
#include "model/graph.hpp"

namespace {

using namespace actionscope;

constexpr engine::Limits kLimits{.bytes = std::size_t{1} << 22, .multiplications = std::uint64_t{1} << 22, .nodes = 64};

// Sizes that the file leaves open are 2. Small inputs are told ahead, so that they can be parameters.
std::vector<engine::InputBinding> bindings(const model::Graph& graph, const std::vector<std::byte>& elements) {
  std::vector<engine::InputBinding> inputs;
  for (const model::GraphValue& value : graph.signature.inputs) {
    engine::InputBinding& input = inputs.emplace_back();
    for (const model::Dimension& size : value.dimensions.value_or(std::vector<model::Dimension>{})) {
      input.shape.push_back(size.value_or(2));
    }
    const auto type = engine::element_type(value.element_type);
    const auto count = engine::element_count(input.shape, elements.size());
    if (!type || !count) continue;
    const std::size_t bytes = *count * engine::element_size(*type);
    if (bytes <= elements.size()) input.elements = std::span(elements).first(bytes);
  }
  return inputs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are text here
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto graph = model::read_graph(bytes);
  if (!graph) return 0;
  // What inputs hold follows from the file, so that a finding can be repeated.
  std::vector<std::byte> elements(512);
  for (std::size_t index = 0; index < elements.size(); ++index)
    elements[index] = static_cast<std::byte>(data[index % size]);
  auto program = engine::Program::compile(*graph, bindings(*graph, elements), kLimits);
  if (!program) {
    if (program.error().message.empty()) std::abort();
    return 0;
  }
  for (std::size_t index = 0; index < program->inputs(); ++index) {
    const auto input = program->input(index).bytes;
    for (std::size_t at = 0; at < input.size(); ++at) input[at] = elements[at % elements.size()];
  }
  program->run();
  return 0;
}
