#include "engine/layout.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace actionscope::engine {
namespace {

template <class... Kinds>
bool is_any(const Operation& operation) {
  return (std::holds_alternative<Kinds>(operation) || ...);
}

bool is_convolution(const Operation& operation) { return is_any<Convolve, ConvolveI8>(operation); }

// Both layouts are the same where there is one channel or one pixel.
bool is_same_in_both(const Shape& shape) { return shape[1] == 1 || shape[2] * shape[3] == 1; }

class Arrangement {
 public:
  explicit Arrangement(Listing listing) : listing_(std::move(listing)) {}

  Listing run() {
    std::vector<Instruction> instructions = std::move(listing_.instructions);
    find_quantised_pictures(instructions);
    for (Instruction& instruction : instructions) {
      arrange(instruction);
      listing_.instructions.push_back(std::move(instruction));
    }
    for (ValueId& output : listing_.outputs) output = as(output, Layout::row_major);
    return std::move(listing_);
  }

 private:
  Value& value(ValueId id) { return listing_.values[id]; }
  Layout layout(ValueId id) { return value(id).layout; }

  // A quantisation that only quantised convolutions read writes its output channels last, whatever its input's layout.
  void find_quantised_pictures(const std::vector<Instruction>& instructions) {
    only_convolved_.assign(listing_.values.size(), true);
    for (const ValueId output : listing_.outputs) only_convolved_[output] = false;
    for (const Instruction& instruction : instructions) {
      if (is_any<ConvolveI8>(instruction.operation)) continue;
      for (const ValueId input : instruction.inputs) only_convolved_[input] = false;
    }
  }

  // The value in that layout: itself, or a copy that is made once.
  ValueId as(ValueId id, Layout wanted) {
    if (layout(id) == wanted) return id;
    copies_.resize(listing_.values.size());
    if (copies_[id]) return *copies_[id];
    Value copy;
    copy.type = value(id).type;
    copy.shape = value(id).shape;
    copy.layout = wanted;
    Operation operation = Relayout{};
    if (is_same_in_both(copy.shape)) operation = Alias{};
    listing_.values.push_back(std::move(copy));
    const ValueId made = listing_.values.size() - 1;
    listing_.instructions.push_back({std::move(operation), {id}, {made}});
    copies_[id] = made;
    return made;
  }

  void set_outputs(Instruction& instruction, Layout layout) {
    for (const auto& output : instruction.outputs) {
      if (output) value(*output).layout = layout;
    }
  }

  void arrange(Instruction& instruction) {
    std::vector<ValueId>& inputs = instruction.inputs;
    if (is_convolution(instruction.operation)) {
      arrange_convolution(instruction);
      return;
    }
    const Layout first = inputs.empty() ? Layout::row_major : layout(inputs.front());
    const bool uniform =
        std::visit([](const auto& operation) { return keeps_any_layout(operation); }, instruction.operation);
    if (uniform && inputs.size() == 1) {
      const auto* quantize = std::get_if<Quantize>(&instruction.operation);
      const bool picture = quantize != nullptr && quantize->seven_bit && value(inputs.front()).shape.size() == 4 &&
                           only_convolved_[*instruction.outputs.front()];
      set_outputs(instruction, picture ? Layout::channels_last : first);
      return;
    }
    if (is_any<Add>(instruction.operation) && value(inputs[0]).shape == value(inputs[1]).shape &&
        (first == Layout::channels_last || layout(inputs[1]) == Layout::channels_last)) {
      for (ValueId& input : inputs) input = as(input, Layout::channels_last);
      set_outputs(instruction, Layout::channels_last);
      return;
    }
    const auto* mean = std::get_if<Mean>(&instruction.operation);
    if (mean != nullptr && first == Layout::channels_last && mean->axes == std::vector<std::size_t>{2, 3}) return;
    for (ValueId& input : inputs) input = as(input, Layout::row_major);
  }

  void arrange_convolution(Instruction& instruction) {
    std::vector<ValueId>& inputs = instruction.inputs;
    auto* convolve = std::get_if<Convolve>(&instruction.operation);
    if (convolve != nullptr && layout(inputs.front()) == Layout::row_major && !convolve->geometry.is_pointwise() &&
        !convolve->geometry.is_depthwise()) {
      convolve->planar_input = true;
    } else {
      inputs.front() = as(inputs.front(), Layout::channels_last);
    }
    if (inputs.size() > 1) inputs[1] = as(inputs[1], Layout::channels_last);
    set_outputs(instruction, Layout::channels_last);
  }

  static bool keeps_any_layout(const Clamp&) { return true; }
  static bool keeps_any_layout(const Quantize& quantize) { return quantize.scales.is_uniform(); }
  static bool keeps_any_layout(const Dequantize& dequantize) { return dequantize.scales.is_uniform(); }
  template <class Kind>
  static bool keeps_any_layout(const Kind&) {
    return false;
  }

  Listing listing_;
  std::vector<std::optional<ValueId>> copies_;  // of each value, in the layout that it does not have
  std::vector<bool> only_convolved_;
};

}  // namespace

Listing arrange(Listing listing) { return Arrangement(std::move(listing)).run(); }

}  // namespace actionscope::engine
