#include "engine/program.hpp"

#include <cstring>
#include <new>
#include <optional>
#include <utility>
#include <variant>

#include "engine/arena.hpp"
#include "engine/fusion.hpp"
#include "engine/instructions.hpp"
#include "engine/layout.hpp"
#include "engine/memory_plan.hpp"
#include "engine/steps.hpp"

namespace actionscope::engine {
namespace {

struct Free {
  void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{kArenaAlignment}); }
};
using Memory = std::unique_ptr<std::byte, Free>;

// At least one byte, zeroed, so that a run never depends on what was there before.
Memory allocate(std::size_t bytes) {
  const std::size_t size = bytes + kArenaAlignment;
  Memory memory(static_cast<std::byte*>(::operator new(size, std::align_val_t{kArenaAlignment})));
  std::memset(memory.get(), 0, size);
  return memory;
}

struct Tensor {
  ElementType type = ElementType::float32;
  Shape shape;
  std::byte* place = nullptr;
  std::size_t bytes = 0;
};

// The elements of a value that is known ahead, where kernels can read them.
Memory written_out(const Known& known, std::size_t bytes) {
  Memory memory = allocate(bytes + kArenaSlack);
  if (const auto* constant = std::get_if<Constant>(&known)) {
    if (bytes != 0) std::memcpy(memory.get(), constant->bytes().data(), bytes);
  } else {
    const std::vector<float> elements = known_floats(known);
    if (bytes != 0) std::memcpy(memory.get(), elements.data(), bytes);
  }
  return memory;
}

}  // namespace

struct Program::State {
  Memory arena;
  Memory scratch;
  std::vector<Memory> constants;
  std::vector<Step> steps;
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
  std::size_t memory = 0;
};

Result<Program> Program::compile(const model::Graph& graph, std::span<const InputBinding> inputs,
                                 const Limits& limits) {
  Result<Listing> lowered = lower(graph, inputs, limits);
  if (!lowered) return tl::unexpected<Error>(lowered.error());
  const Listing listing = arrange(fuse(std::move(*lowered)));
  const MemoryPlan plan = plan_memory(listing);
  if (plan.bytes > limits.bytes) {
    return fail(ErrorCode::onnx_invalid,
                "needs " + std::to_string(plan.bytes >> 20) + " MB of memory for its activations, which is too much");
  }
  try {
    auto state = std::make_unique<State>();
    state->arena = allocate(plan.bytes);
    state->memory = plan.bytes;
    std::vector<std::byte*> places(listing.values.size(), nullptr);
    for (const ValueId id : plan.constants) {
      const Value& value = listing.values[id];
      const std::size_t bytes = element_count(value.shape) * element_size(value.type);
      state->constants.push_back(written_out(*value.known, bytes));
      state->memory += bytes;
      places[id] = state->constants.back().get();
    }
    for (ValueId id = 0; id < places.size(); ++id) {
      if (plan.offsets[id]) {
        places[id] = state->arena.get() + *plan.offsets[id];
      } else if (places[id] == nullptr) {
        places[id] = places[plan.roots[id]];
      }
    }
    Steps made = make_steps(listing, places);
    state->steps = std::move(made.steps);
    state->scratch = allocate(made.scratch);
    state->memory += made.scratch + made.weights;
    const auto tensor = [&](ValueId id) {
      const Value& value = listing.values[id];
      return Tensor{value.type, value.shape, places[id], element_count(value.shape) * element_size(value.type)};
    };
    for (const ValueId id : listing.inputs) state->inputs.push_back(tensor(id));
    for (const ValueId id : listing.outputs) state->outputs.push_back(tensor(id));
    return Program(std::move(state));
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::out_of_memory, "needs more memory than there is");
  }
}

Program::Program(std::unique_ptr<State> state) : state_(std::move(state)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::size_t Program::inputs() const { return state_->inputs.size(); }
std::size_t Program::outputs() const { return state_->outputs.size(); }

TensorView<std::byte> Program::input(std::size_t index) {
  const Tensor& tensor = state_->inputs[index];
  return {tensor.type, tensor.shape, {tensor.place, tensor.bytes}};
}

TensorView<const std::byte> Program::output(std::size_t index) const {
  const Tensor& tensor = state_->outputs[index];
  return {tensor.type, tensor.shape, {tensor.place, tensor.bytes}};
}

void Program::run() {
  for (const Step& step : state_->steps) step(state_->scratch.get());
}

std::size_t Program::memory() const { return state_->memory; }

}  // namespace actionscope::engine
