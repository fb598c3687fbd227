#include "engine/attributes.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

#include "engine/refusal.hpp"
#include "model/quote.hpp"

namespace actionscope::engine {

template <class Kind>
const Kind* Attributes::find(std::string_view name) {
  for (std::size_t index = 0; index < node_->attributes.size(); ++index) {
    const model::Attribute& attribute = node_->attributes[index];
    if (attribute.name != name) continue;
    asked_[index] = true;
    const Kind* value = std::get_if<Kind>(&attribute.value);
    if (value == nullptr) invalid(*node_, "has an attribute " + model::quote(name) + " of the wrong kind");
    return value;
  }
  return nullptr;
}

bool Attributes::has(std::string_view name) const {
  return std::any_of(node_->attributes.begin(), node_->attributes.end(),
                     [name](const model::Attribute& attribute) { return attribute.name == name; });
}

std::int64_t Attributes::integer(std::string_view name, std::int64_t otherwise) {
  const auto* value = find<std::int64_t>(name);
  return value == nullptr ? otherwise : *value;
}

float Attributes::number(std::string_view name, float otherwise) {
  const auto* value = find<float>(name);
  return value == nullptr ? otherwise : *value;
}

std::string_view Attributes::text(std::string_view name, std::string_view otherwise) {
  const auto* value = find<std::string_view>(name);
  return value == nullptr ? otherwise : *value;
}

std::span<const std::int64_t> Attributes::integers(std::string_view name) {
  const auto* value = find<std::vector<std::int64_t>>(name);
  return value == nullptr ? std::span<const std::int64_t>() : *value;
}

std::span<const std::string_view> Attributes::texts(std::string_view name) {
  const auto* value = find<std::vector<std::string_view>>(name);
  return value == nullptr ? std::span<const std::string_view>() : *value;
}

void Attributes::ignore(std::string_view name) {
  for (std::size_t index = 0; index < node_->attributes.size(); ++index) {
    if (node_->attributes[index].name == name) asked_[index] = true;
  }
}

void Attributes::finish() const {
  const auto unknown = std::find(asked_.begin(), asked_.end(), false);
  if (unknown == asked_.end()) return;
  const auto index = static_cast<std::size_t>(unknown - asked_.begin());
  unsupported(*node_, "with the attribute " + model::quote(node_->attributes[index].name));
}

}  // namespace actionscope::engine
