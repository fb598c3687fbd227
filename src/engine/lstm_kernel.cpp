#include "engine/lstm_kernel.hpp"

#include <algorithm>

namespace actionscope::engine {

LstmKernel::LstmKernel(const Lstm& lstm)
    : steps_(lstm.steps),
      batch_(lstm.batch),
      input_(lstm.input),
      hidden_(lstm.hidden),
      batch_first_(lstm.batch_first),
      lengths_(lstm.lengths) {
  kernels_.reserve(lstm.directions.size());
  for (const Lstm::Direction& direction : lstm.directions) {
    kernels_.emplace_back(LstmF32::Settings{.input_size = lstm.input,
                                            .hidden_size = lstm.hidden,
                                            .input_weights = direction.weights,
                                            .recurrent_weights = direction.recurrence,
                                            .bias = direction.bias,
                                            .peepholes = direction.peepholes,
                                            .reverse = direction.reverse});
    initial_.push_back({direction.initial_hidden, direction.initial_cell});
    weights_ += direction.weights.size() + direction.recurrence.size();
  }
}

std::size_t LstmKernel::scratch() const {
  std::size_t floats = 0;
  for (const LstmF32& kernel : kernels_) floats = std::max(floats, kernel.scratch(steps_));
  return floats;
}

std::size_t LstmKernel::weights() const { return weights_; }

void LstmKernel::run(const float* input, float* output, float* last_hidden, float* last_cell, float* scratch) const {
  const std::size_t directions = kernels_.size();
  const std::size_t hidden = hidden_;
  const bool first = batch_first_;
  // Sequences are run one by one, so that both orders are the same to the kernel. Distances are in inputs and states.
  const std::size_t input_step = first ? 1 : batch_;
  const std::size_t input_sequence = first ? steps_ : 1;
  const std::size_t output_step = first ? directions : directions * batch_;
  const std::size_t output_sequence = first ? steps_ * directions : 1;
  const std::size_t direction_step = first ? 1 : batch_;
  const std::size_t last_sequence = first ? directions : 1;
  for (std::size_t direction = 0; direction < directions; ++direction) {
    const InitialState& initial = initial_[direction];
    for (std::size_t sequence = 0; sequence < batch_; ++sequence) {
      const std::size_t last = (direction * direction_step + sequence * last_sequence) * hidden;
      LstmF32::Run run;
      run.steps = steps_;
      run.batch = 1;
      run.input = input + sequence * input_sequence * input_;
      run.input_strides.step = input_step * input_;
      if (!lengths_.empty()) run.sequence_lengths = &lengths_[sequence];
      if (!initial.hidden.empty()) run.initial_hidden = &initial.hidden[sequence * hidden];
      if (!initial.cell.empty()) run.initial_cell = &initial.cell[sequence * hidden];
      if (output != nullptr) {
        run.output = output + (direction * direction_step + sequence * output_sequence) * hidden;
      }
      run.output_strides.step = output_step * hidden;
      if (last_hidden != nullptr) run.last_hidden = last_hidden + last;
      if (last_cell != nullptr) run.last_cell = last_cell + last;
      kernels_[direction].run(run, scratch);
    }
  }
}

}  // namespace actionscope::engine
