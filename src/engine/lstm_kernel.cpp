#include "engine/lstm_kernel.hpp"

#include <algorithm>

namespace actionscope::engine {

LstmKernel::LstmKernel(const Lstm& lstm) : lstm_(lstm) {
  for (Lstm::Direction& direction : lstm_.directions) {
    kernels_.emplace_back(LstmF32::Settings{.input_size = lstm.input,
                                            .hidden_size = lstm.hidden,
                                            .input_weights = direction.weights,
                                            .recurrent_weights = direction.recurrence,
                                            .bias = direction.bias,
                                            .peepholes = direction.peepholes,
                                            .reverse = direction.reverse});
    weights_ += direction.weights.size() + direction.recurrence.size();
    direction.weights = {};
    direction.recurrence = {};
  }
}

std::size_t LstmKernel::scratch() const {
  std::size_t floats = 0;
  for (const LstmF32& kernel : kernels_) floats = std::max(floats, kernel.scratch(lstm_.steps));
  return floats;
}

std::size_t LstmKernel::weights() const { return weights_; }

void LstmKernel::run(const float* input, float* output, float* last_hidden, float* last_cell, float* scratch) const {
  const std::size_t directions = kernels_.size();
  const std::size_t hidden = lstm_.hidden;
  const bool first = lstm_.batch_first;
  // Sequences are run one by one, so that both orders are the same to the kernel. Distances are in inputs and states.
  const std::size_t input_step = first ? 1 : lstm_.batch;
  const std::size_t input_sequence = first ? lstm_.steps : 1;
  const std::size_t output_step = first ? directions : directions * lstm_.batch;
  const std::size_t output_sequence = first ? lstm_.steps * directions : 1;
  const std::size_t direction_step = first ? 1 : lstm_.batch;
  const std::size_t last_sequence = first ? directions : 1;
  for (std::size_t direction = 0; direction < directions; ++direction) {
    const Lstm::Direction& initial = lstm_.directions[direction];
    for (std::size_t sequence = 0; sequence < lstm_.batch; ++sequence) {
      const std::size_t last = (direction * direction_step + sequence * last_sequence) * hidden;
      LstmF32::Run run;
      run.steps = lstm_.steps;
      run.batch = 1;
      run.input = input + sequence * input_sequence * lstm_.input;
      run.input_strides.step = input_step * lstm_.input;
      if (!lstm_.lengths.empty()) run.sequence_lengths = &lstm_.lengths[sequence];
      if (!initial.initial_hidden.empty()) run.initial_hidden = &initial.initial_hidden[sequence * hidden];
      if (!initial.initial_cell.empty()) run.initial_cell = &initial.initial_cell[sequence * hidden];
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
