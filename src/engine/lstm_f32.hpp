#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/gemm_f32.hpp"

namespace actionscope::engine {

// One direction of ONNX's LSTM with its default activations (sigmoid, tanh, tanh), no clipping and no coupled gates.
// For each step, with gates in ONNX's order:
//   i = sigmoid(Wi x + Ri h + bi + pi * c)     o = sigmoid(Wo x + Ro h + bo + po * c')
//   f = sigmoid(Wf x + Rf h + bf + pf * c)     g = tanh(Wc x + Rc h + bc)
//   c' = f * c + i * g                         h' = o * tanh(c')
// where b is the sum of ONNX's two biases. Formulas: ONNX operators, LSTM-14.
class LstmF32 {
 public:
  // H: hidden size.
  struct Settings {
    std::size_t input_size = 0;
    std::size_t hidden_size = 0;
    std::span<const float> input_weights;      // [4H][input_size], gates i, o, f, c
    std::span<const float> recurrent_weights;  // [4H][H], likewise
    std::span<const float> bias = {};          // [8H]: those of the input's product, then of the recurrent; or empty
    std::span<const float> peepholes = {};     // [3H]: i, o, f; or empty
    bool reverse = false;                      // from the last step to the first
  };

  explicit LstmF32(const Settings& settings);

  // A tensor [steps][batch][...] whose innermost axis is dense; strides in floats.
  struct Strides {
    std::size_t step = 0;
    std::size_t batch = 0;
  };

  struct Run {
    std::size_t steps = 0;
    std::size_t batch = 0;
    const float* input = nullptr;  // [steps][batch][input_size]
    Strides input_strides;
    // One a sequence, each 0..steps; or null: all are `steps` long. Later steps are not read, and their outputs are 0.
    const std::int32_t* sequence_lengths = nullptr;
    const float* initial_hidden = nullptr;  // [batch][H], dense; or null: zeros
    const float* initial_cell = nullptr;    // likewise
    float* output = nullptr;                // h of every step, [steps][batch][H]; or null
    Strides output_strides = {};
    float* last_hidden = nullptr;  // after the last step taken, [batch][H], dense; or null
    float* last_cell = nullptr;    // likewise
  };

  // Floats that run() needs to work in.
  std::size_t scratch(std::size_t steps) const;

  // Outputs overlap neither each other nor the inputs.
  void run(const Run& run, float* scratch) const;

 private:
  void run_sequence(const Run& run, std::size_t sequence, float* scratch) const;
  void advance(const float* gates, float* hidden, float* cell) const;

  std::size_t hidden_size_;
  bool reverse_;
  PackedF32 input_matrix_;        // [input_size][4H]
  PackedF32 recurrent_matrix_;    // [H][4H]
  std::vector<float> bias_;       // [4H]
  std::vector<float> peepholes_;  // [3H], zeros if there are none
};

}  // namespace actionscope::engine
