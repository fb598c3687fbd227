#include "engine/memory_plan.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

namespace actionscope::engine {
namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

std::size_t bytes_of(const Value& value) { return element_count(value.shape) * element_size(value.type); }

class Planner {
 public:
  explicit Planner(const Listing& listing)
      : listing_(listing), last_read_(listing.values.size(), 0), lifetimes_(listing.values.size()) {
    plan_.offsets.resize(listing.values.size());
    plan_.roots.resize(listing.values.size());
    for (ValueId id = 0; id < listing.values.size(); ++id) {
      plan_.roots[id] = id;
      lifetimes_[id] = {bytes_of(listing.values[id]), kNever, 0};
    }
  }

  MemoryPlan run() {
    // Inputs are there before the first instruction, which is number 1; outputs are read after the last one.
    const std::size_t end = listing_.instructions.size() + 1;
    for (std::size_t index = 0; index < listing_.instructions.size(); ++index) {
      for (const ValueId input : listing_.instructions[index].inputs) last_read_[input] = index + 1;
    }
    for (const ValueId output : listing_.outputs) last_read_[output] = end;
    for (const ValueId input : listing_.inputs) touch(input, 0);
    for (std::size_t index = 0; index < listing_.instructions.size(); ++index) {
      const Instruction& instruction = listing_.instructions[index];
      share(instruction, index + 1);
      for (const ValueId input : instruction.inputs) touch(input, index + 1);
      for (const auto& output : instruction.outputs) {
        if (output) touch(*output, index + 1);
      }
    }
    for (const ValueId output : listing_.outputs) touch(output, end);
    place();
    return std::move(plan_);
  }

 private:
  ValueId root(ValueId id) const { return plan_.roots[id]; }
  bool is_known(ValueId id) const { return listing_.values[root(id)].known.has_value(); }

  void touch(ValueId id, std::size_t step) {
    Lifetime& lifetime = lifetimes_[root(id)];
    lifetime.first = std::min(lifetime.first, step);
    lifetime.last = std::max(lifetime.last, step);
  }

  // Lets the output share an input's memory where it can.
  void share(const Instruction& instruction, std::size_t step) {
    const std::optional<ValueId> shared = std::visit(
        [&](const auto& operation) { return candidate(operation, instruction, step); }, instruction.operation);
    if (shared) plan_.roots[*instruction.outputs.front()] = root(*shared);
  }

  std::optional<ValueId> candidate(const Alias&, const Instruction& instruction, std::size_t) const {
    return instruction.inputs.front();
  }
  std::optional<ValueId> candidate(const Clamp&, const Instruction& instruction, std::size_t step) const {
    return over(instruction, 0, step);
  }
  std::optional<ValueId> candidate(const Affine&, const Instruction& instruction, std::size_t step) const {
    return over(instruction, 0, step);
  }
  std::optional<ValueId> candidate(const Convolve&, const Instruction& instruction, std::size_t step) const {
    return over_residual(instruction, step);
  }
  std::optional<ValueId> candidate(const ConvolveI8&, const Instruction& instruction, std::size_t step) const {
    return over_residual(instruction, step);
  }
  template <class Kind>
  std::optional<ValueId> candidate(const Kind&, const Instruction&, std::size_t) const {
    return std::nullopt;
  }

  // Input `index` if nothing reads its memory after this step, and the output has its size.
  std::optional<ValueId> over(const Instruction& instruction, std::size_t index, std::size_t step) const {
    const ValueId input = instruction.inputs[index];
    if (is_known(input) || lifetimes_[root(input)].bytes != bytes_of(listing_.values[*instruction.outputs.front()])) {
      return std::nullopt;
    }
    for (ValueId id = 0; id < plan_.roots.size(); ++id) {
      if (root(id) == root(input) && last_read_[id] > step) return std::nullopt;
    }
    return input;
  }

  // A convolution may write over its residual, but never over its activations.
  std::optional<ValueId> over_residual(const Instruction& instruction, std::size_t step) const {
    const std::vector<ValueId>& inputs = instruction.inputs;
    if (inputs.size() < 2 || root(inputs[0]) == root(inputs[1])) return std::nullopt;
    return over(instruction, 1, step);
  }

  void place() {
    std::vector<Lifetime> needed;
    std::vector<ValueId> owners;
    for (ValueId id = 0; id < lifetimes_.size(); ++id) {
      if (root(id) != id || lifetimes_[id].first == kNever) continue;
      if (is_known(id)) {
        plan_.constants.push_back(id);
      } else {
        needed.push_back(lifetimes_[id]);
        owners.push_back(id);
      }
    }
    const ArenaPlan arena = plan_arena(needed);
    for (std::size_t index = 0; index < owners.size(); ++index) plan_.offsets[owners[index]] = arena.offsets[index];
    for (ValueId id = 0; id < plan_.offsets.size(); ++id) plan_.offsets[id] = plan_.offsets[root(id)];
    plan_.bytes = arena.bytes;
  }

  const Listing& listing_;
  std::vector<std::size_t> last_read_;  // the step that reads a value last; 0: none
  std::vector<Lifetime> lifetimes_;     // of roots
  MemoryPlan plan_;
};

}  // namespace

MemoryPlan plan_memory(const Listing& listing) { return Planner(listing).run(); }

}  // namespace actionscope::engine
