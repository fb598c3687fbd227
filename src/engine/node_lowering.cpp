#include "engine/node_lowering.hpp"

#include <algorithm>
#include <utility>

#include "engine/refusal.hpp"
#include "model/quote.hpp"

namespace actionscope::engine {

ValueId NodeLowering::input(std::size_t index) const {
  const std::optional<ValueId> id = optional_input(index);
  if (!id) invalid(*node_, "lacks its input " + std::to_string(index));
  return *id;
}

std::optional<ValueId> NodeLowering::optional_input(std::size_t index) const {
  if (index >= node_->inputs.size() || node_->inputs[index].empty()) return std::nullopt;
  const std::string_view name = node_->inputs[index];
  const auto found = state_->names.find(name);
  if (found == state_->names.end())
    invalid(*node_, "reads " + model::quote(name) + ", which nothing before it computes");
  return found->second;
}

void NodeLowering::want_type(ValueId id, ElementType type) const {
  if (value(id).type != type) {
    unsupported(*node_, "on " + onnx_type_name(static_cast<std::int32_t>(value(id).type)));
  }
}

Known NodeLowering::known(ValueId id) const {
  if (value(id).known) return *value(id).known;
  const auto given = state_->given.find(id);
  if (given == state_->given.end()) unsupported(*node_, "with a parameter that is only known at run time");
  return given->second;
}

std::vector<float> NodeLowering::known_floats(ValueId id) const {
  want_type(id, ElementType::float32);
  return engine::known_floats(known(id));
}

std::vector<std::int64_t> NodeLowering::known_integers(ValueId id) const {
  const Known elements = known(id);
  const auto* constant = std::get_if<Constant>(&elements);
  const auto widened = [constant]<class T>(T) {
    const std::vector<T> narrow = constant->as<T>();
    return std::vector<std::int64_t>(narrow.begin(), narrow.end());
  };
  switch (value(id).type) {
    case ElementType::uint8: return widened(std::uint8_t{});
    case ElementType::int8: return widened(std::int8_t{});
    case ElementType::int32: return widened(std::int32_t{});
    case ElementType::int64: return widened(std::int64_t{});
    case ElementType::float32: break;
  }
  invalid(*node_, "has floats where it needs integers");
}

std::vector<std::int64_t> NodeLowering::integers_of(std::string_view attribute, std::size_t input) {
  if (attributes.has(attribute)) {
    const std::span<const std::int64_t> named = attributes.integers(attribute);
    return {named.begin(), named.end()};
  }
  const std::optional<ValueId> id = optional_input(input);
  return id ? known_integers(*id) : std::vector<std::int64_t>();
}

std::size_t NodeLowering::axis(std::int64_t axis, std::size_t rank, bool past) const {
  const auto dimensions = static_cast<std::int64_t>(rank);
  if (axis < -dimensions || axis > dimensions || (axis == dimensions && !past)) {
    invalid(*node_, "has the axis " + std::to_string(axis) + ", which its input does not have");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + dimensions : axis);
}

std::optional<ValueId> NodeLowering::output(std::size_t index, ElementType type, const Shape& shape) {
  if (index >= node_->outputs.size() || node_->outputs[index].empty()) return std::nullopt;
  const std::string_view name = node_->outputs[index];
  if (state_->names.contains(name)) invalid(*node_, "computes " + model::quote(name) + ", which is there already");
  const ValueId id = new_value(type, shape);
  state_->names.emplace(name, id);
  return id;
}

ValueId NodeLowering::new_value(ElementType type, const Shape& shape) {
  if (!element_count(shape, state_->limits.bytes / element_size(type))) {
    invalid(*node_, "computes a tensor that is too large");
  }
  Value value;
  value.type = type;
  value.shape = shape;
  state_->listing.values.push_back(std::move(value));
  return state_->listing.values.size() - 1;
}

void NodeLowering::set_known(std::optional<ValueId> id, Known known) {
  if (id) state_->listing.values[*id].known = std::move(known);
}

void NodeLowering::set_range(std::optional<ValueId> id, double low, double high) {
  if (!id) return;
  state_->listing.values[*id].low = low;
  state_->listing.values[*id].high = high;
}

void NodeLowering::emit(Operation operation, std::vector<ValueId> inputs, std::vector<std::optional<ValueId>> outputs) {
  if (std::none_of(outputs.begin(), outputs.end(), [](const auto& output) { return output.has_value(); })) return;
  state_->listing.instructions.push_back({std::move(operation), std::move(inputs), std::move(outputs)});
}

void NodeLowering::count_work(std::initializer_list<std::size_t> factors) {
  std::uint64_t product = 1;
  for (const std::size_t factor : factors) {
    if (factor == 0) return;
    if (product > state_->limits.multiplications / factor) invalid(*node_, "takes too much work");
    product *= factor;
  }
  state_->multiplications += product;
  if (state_->multiplications > state_->limits.multiplications) invalid(*node_, "takes too much work");
}

}  // namespace actionscope::engine
