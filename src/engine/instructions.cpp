#include "engine/instructions.hpp"

#include <variant>

namespace actionscope::engine {

std::vector<float> known_floats(const Known& known) {
  if (const auto* constant = std::get_if<Constant>(&known)) return constant->as<float>();
  const auto& quantised = std::get<DequantizedConstant>(known);
  std::vector<float> floats(quantised.elements.bytes().size() / element_size(quantised.type));
  dequantize(quantised.elements.bytes(), quantised.scales, quantised.type, floats.data());
  return floats;
}

}  // namespace actionscope::engine
