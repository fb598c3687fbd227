#include "engine/fusion.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <utility>
#include <variant>
#include <vector>

namespace actionscope::engine {
namespace {

class Fusion {
 public:
  explicit Fusion(Listing listing)
      : listing_(std::move(listing)), readers_(listing_.values.size(), 0), producers_(listing_.values.size()) {
    for (const Instruction& instruction : listing_.instructions) {
      for (const ValueId input : instruction.inputs) ++readers_[input];
    }
    for (const ValueId output : listing_.outputs) ++readers_[output];
  }

  Listing run() {
    std::vector<Instruction> instructions = std::move(listing_.instructions);
    for (Instruction& instruction : instructions) {
      if (std::holds_alternative<Convolve>(instruction.operation)) quantise(instruction);
      const bool joined =
          std::visit([&](auto& operation) { return join(operation, instruction); }, instruction.operation);
      if (!joined) append(std::move(instruction));
    }
    listing_.instructions = std::move(done_);
    remove_unread();
    return std::move(listing_);
  }

 private:
  Value& value(ValueId id) { return listing_.values[id]; }

  void append(Instruction instruction) {
    for (const auto& output : instruction.outputs) {
      if (output) producers_[*output] = done_.size();
    }
    done_.push_back(std::move(instruction));
  }

  // The instruction that computes a value; null for inputs and constants.
  Instruction* producer(ValueId id) { return producers_[id] ? &done_[*producers_[id]] : nullptr; }

  // The operation of that kind that computes a value, if the one who asks is the value's only reader.
  template <class Kind>
  Kind* only_for_this(ValueId id) {
    Instruction* instruction = producer(id);
    return instruction == nullptr || readers_[id] != 1 ? nullptr : std::get_if<Kind>(&instruction->operation);
  }

  // Lets the producer of `joined` compute the output of `instruction` in its stead.
  void take_over(ValueId joined, const Instruction& instruction) {
    const std::size_t index = *producers_[joined];
    done_[index].outputs.front() = instruction.outputs.front();
    producers_[*instruction.outputs.front()] = index;
  }

  // An input that is read no more.
  void drop(ValueId id) { --readers_[id]; }

  // Turns a convolution of dequantised operands into a quantised one.
  void quantise(Instruction& instruction) {
    auto& convolve = std::get<Convolve>(instruction.operation);
    const auto* weights = std::get_if<DequantizedConstant>(&convolve.weights);
    const Instruction* source = producer(instruction.inputs.front());
    const auto* dequantize = source == nullptr ? nullptr : std::get_if<Dequantize>(&source->operation);
    if (weights == nullptr || weights->type != ElementType::int8 || dequantize == nullptr) return;
    const ValueId quanta = source->inputs.front();
    const Value& activations = value(quanta);
    const bool seven_bit = activations.type == ElementType::uint8 && activations.high <= 127;
    if (!seven_bit || !dequantize->scales.is_uniform() || dequantize->scales.zero_points.front() > 127) return;
    const Scales& scales = weights->scales;
    const std::size_t channels = convolve.geometry.output_channels;
    const bool by_channel =
        scales.is_uniform() || (scales.block == 0 && scales.outer == 1 && scales.channels == channels);
    const bool symmetric =
        std::all_of(scales.zero_points.begin(), scales.zero_points.end(), [](auto zero) { return zero == 0; });
    if (!by_channel || !symmetric || weights->elements.bytes().size() / channels > kMostDepthI8) return;

    ConvolveI8 quantised;
    quantised.geometry = convolve.geometry;
    quantised.weights = weights->elements;
    quantised.weight_scales = scales.is_uniform() ? std::vector<float>(channels, scales.scales.front()) : scales.scales;
    quantised.bias = std::move(convolve.bias);
    quantised.input = {dequantize->scales.scales.front(), dequantize->scales.zero_points.front()};
    drop(instruction.inputs.front());
    ++readers_[quanta];
    instruction.inputs.front() = quanta;
    instruction.operation = std::move(quantised);
  }

  template <class Kind>
  bool join(Kind&, const Instruction&) {
    return false;
  }

  // A fixed batch normalisation after a float convolution scales its weights and moves its bias.
  bool join(Affine& affine, const Instruction& instruction) {
    const ValueId input = instruction.inputs.front();
    auto* convolve = only_for_this<Convolve>(input);
    if (convolve == nullptr || is_clamped(*convolve) || has_residual(input)) return false;
    const std::size_t channels = affine.scale.size();
    if (convolve->multiplier.empty()) convolve->multiplier.assign(channels, 1);
    if (convolve->bias.empty()) convolve->bias.assign(channels, 0);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      convolve->multiplier[channel] *= affine.scale[channel];
      convolve->bias[channel] = convolve->bias[channel] * affine.scale[channel] + affine.shift[channel];
    }
    take_over(input, instruction);
    return true;
  }

  bool join(Clamp& clamp, const Instruction& instruction) {
    const ValueId input = instruction.inputs.front();
    return (join_clamp<Convolve>(clamp, input) || join_clamp<ConvolveI8>(clamp, input)) &&
           (take_over(input, instruction), true);
  }

  // Two clamps one after the other are one to the bounds of the first as the second leaves them.
  template <class Convolution>
  bool join_clamp(const Clamp& clamp, ValueId input) {
    auto* convolve = only_for_this<Convolution>(input);
    if (convolve == nullptr || has_residual(input) || !(clamp.low <= clamp.high)) return false;
    const auto low = static_cast<float>(clamp.low);
    const auto high = static_cast<float>(clamp.high);
    convolve->low = std::clamp(convolve->low, low, high);
    convolve->high = std::clamp(convolve->high, low, high);
    return true;
  }

  // Of two convolutions the one that is computed later can add the other's output.
  bool join(Add&, const Instruction& instruction) {
    const ValueId a = instruction.inputs[0];
    const ValueId b = instruction.inputs[1];
    if (a == b || value(a).type != ElementType::float32 || value(a).shape != value(b).shape) return false;
    const bool a_is_later = position(a) > position(b);
    const ValueId sum = a_is_later ? a : b;
    const ValueId residual = a_is_later ? b : a;
    if (only_for_this<Convolve>(sum) == nullptr && only_for_this<ConvolveI8>(sum) == nullptr) return false;
    if (has_residual(sum)) return false;
    producer(sum)->inputs.push_back(residual);
    take_over(sum, instruction);
    return true;
  }

  bool join(Quantize& quantize, Instruction& instruction) {
    const ValueId input = instruction.inputs.front();
    const Value& output = value(*instruction.outputs.front());
    if (!quantize.scales.is_uniform() || output.type != ElementType::uint8 || output.high > 127) return false;
    const Quantization quantization{quantize.scales.scales.front(), quantize.scales.zero_points.front()};
    if (quantization.zero_point > 127) return false;
    auto* convolve = only_for_this<ConvolveI8>(input);
    if (convolve != nullptr && !has_residual(input) && can_requantize(*convolve, quantization)) {
      convolve->output = quantization;
      take_over(input, instruction);
      return true;
    }
    quantize.seven_bit = true;
    const Instruction* source = producer(input);
    if (source != nullptr && std::holds_alternative<Clamp>(source->operation) && output.low == 0 &&
        output.high == 127) {
      const ValueId unclamped = source->inputs.front();
      drop(input);
      ++readers_[unclamped];
      instruction.inputs.front() = unclamped;
    }
    return false;
  }

  static bool can_requantize(const ConvolveI8& convolve, const Quantization& output) {
    const std::size_t depth = convolve.weights.bytes().size() / convolve.geometry.output_channels;
    return engine::can_requantize(convolve.input, convolve.weight_scales, convolve.bias, depth, output);
  }

  static bool is_clamped(const Convolve& convolve) { return convolve.low != -kInfinity || convolve.high != kInfinity; }

  bool has_residual(ValueId id) { return producer(id)->inputs.size() > 1; }

  // Where a value is computed; inputs and constants are there before everything.
  std::size_t position(ValueId id) const { return producers_[id] ? *producers_[id] + 1 : 0; }

  void remove_unread() {
    std::vector<bool> read(listing_.values.size(), false);
    for (const ValueId output : listing_.outputs) read[output] = true;
    std::vector<Instruction> kept;
    for (Instruction& instruction : std::views::reverse(listing_.instructions)) {
      bool wanted = false;
      for (auto& output : instruction.outputs) {
        // What is known ahead is not computed again.
        if (output && (!read[*output] || value(*output).known)) output.reset();
        wanted = wanted || output.has_value();
      }
      if (!wanted) continue;
      for (const ValueId input : instruction.inputs) read[input] = true;
      kept.push_back(std::move(instruction));
    }
    std::reverse(kept.begin(), kept.end());
    listing_.instructions = std::move(kept);
  }

  Listing listing_;
  std::vector<std::size_t> readers_;  // of each value; a graph's outputs count as read once more
  std::vector<Instruction> done_;
  std::vector<std::optional<std::size_t>> producers_;  // of each value, an index into done_
};

}  // namespace

Listing fuse(Listing listing) { return Fusion(std::move(listing)).run(); }

}  // namespace actionscope::engine
