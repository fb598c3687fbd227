#include "engine/lstm_f32.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "floats.hpp"

namespace actionscope::engine::testing {
namespace {

struct Options {
  bool bias = true;
  bool peepholes = false;
  bool reverse = false;
  bool lengths = false;
  bool initial = false;
  bool batch_first = false;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The equations of ONNX, one number at a time, in double.
struct Lstm {
  std::size_t steps, batch, inputs, hidden;
  Options options;
  std::vector<float> input_weights, recurrent_weights, bias, peepholes, input, initial_hidden, initial_cell;
  std::vector<std::int32_t> lengths;
  std::vector<double> output, last_hidden, last_cell;  // expected

  Lstm(std::size_t steps_, std::size_t batch_, std::size_t inputs_, std::size_t hidden_, const Options& options_,
       std::mt19937& random)
      : steps(steps_),
        batch(batch_),
        inputs(inputs_),
        hidden(hidden_),
        options(options_),
        input_weights(random_floats(4 * hidden * inputs, random)),
        recurrent_weights(random_floats(4 * hidden * hidden, random)),
        bias(options.bias ? random_floats(8 * hidden, random) : std::vector<float>()),
        peepholes(options.peepholes ? random_floats(3 * hidden, random) : std::vector<float>()),
        input(random_floats(steps * batch * inputs, random)),
        initial_hidden(options.initial ? random_floats(batch * hidden, random) : std::vector<float>()),
        initial_cell(options.initial ? random_floats(batch * hidden, random) : std::vector<float>()),
        output(steps * batch * hidden),
        last_hidden(batch * hidden),
        last_cell(batch * hidden) {
    if (options.lengths)
      for (std::size_t i = 0; i < batch; ++i)
        lengths.push_back(std::uniform_int_distribution<std::int32_t>(0, static_cast<std::int32_t>(steps))(random));
    for (std::size_t sequence = 0; sequence < batch; ++sequence) expect(sequence);
  }

  LstmF32::Strides strides(std::size_t size) const {
    return options.batch_first ? LstmF32::Strides{.step = size, .batch = steps * size}
                               : LstmF32::Strides{.step = batch * size, .batch = size};
  }
  std::size_t output_at(std::size_t step, std::size_t sequence) const {
    return step * strides(hidden).step + sequence * strides(hidden).batch;
  }

  void expect(std::size_t sequence) {
    std::vector<double> h(hidden);
    std::vector<double> c(hidden);
    if (options.initial)
      for (std::size_t i = 0; i < hidden; ++i) {
        h[i] = initial_hidden[sequence * hidden + i];
        c[i] = initial_cell[sequence * hidden + i];
      }
    const std::size_t length = lengths.empty() ? steps : static_cast<std::size_t>(lengths[sequence]);
    for (std::size_t t = 0; t < length; ++t) {
      const std::size_t step = options.reverse ? length - 1 - t : t;
      const float* x = &input[step * strides(inputs).step + sequence * strides(inputs).batch];
      const std::vector<double> before = h;
      for (std::size_t i = 0; i < hidden; ++i) {
        const auto gate = [&](std::size_t which) {
          const std::size_t row = which * hidden + i;
          double sum = options.bias ? double{bias[row]} + bias[4 * hidden + row] : 0;
          for (std::size_t k = 0; k < inputs; ++k) sum += double{input_weights[row * inputs + k]} * x[k];
          for (std::size_t k = 0; k < hidden; ++k) sum += recurrent_weights[row * hidden + k] * before[k];
          return sum;
        };
        const auto peephole = [&](std::size_t which) {
          return options.peepholes ? double{peepholes[which * hidden + i]} : 0.0;
        };
        const double in = sigmoid(gate(0) + peephole(0) * c[i]);
        const double forget = sigmoid(gate(2) + peephole(2) * c[i]);
        c[i] = forget * c[i] + in * std::tanh(gate(3));
        h[i] = sigmoid(gate(1) + peephole(1) * c[i]) * std::tanh(c[i]);
        output[output_at(step, sequence) + i] = h[i];
      }
    }
    std::ranges::copy(h, &last_hidden[sequence * hidden]);
    std::ranges::copy(c, &last_cell[sequence * hidden]);
  }

  LstmF32 kernel() const {
    return LstmF32({.input_size = inputs,
                    .hidden_size = hidden,
                    .input_weights = input_weights,
                    .recurrent_weights = recurrent_weights,
                    .bias = bias,
                    .peepholes = peepholes,
                    .reverse = options.reverse});
  }
  LstmF32::Run run() const {
    return {.steps = steps,
            .batch = batch,
            .input = input.data(),
            .input_strides = strides(inputs),
            .sequence_lengths = options.lengths ? lengths.data() : nullptr,
            .initial_hidden = options.initial ? initial_hidden.data() : nullptr,
            .initial_cell = options.initial ? initial_cell.data() : nullptr};
  }
};

double largest_difference(const std::vector<float>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE_FALSE(std::isnan(a[i]));
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("an LSTM follows ONNX's equations, with and without each of its options", "[lstm_f32]") {
  std::mt19937 random(1);
  for (int flags = 0; flags < 64; ++flags) {
    const Options options{.bias = (flags & 1) != 0,
                          .peepholes = (flags & 2) != 0,
                          .reverse = (flags & 4) != 0,
                          .lengths = (flags & 8) != 0,
                          .initial = (flags & 16) != 0,
                          .batch_first = (flags & 32) != 0};
    const auto from = [&](std::size_t low, std::size_t high) {
      return std::uniform_int_distribution<std::size_t>(low, high)(random);
    };
    const Lstm lstm(from(1, 9), from(1, 4), from(1, 13), from(1, 19), options, random);
    const LstmF32 kernel = lstm.kernel();
    std::vector<float> scratch(kernel.scratch(lstm.steps), kNan);
    std::vector<float> output(lstm.output.size(), kUntouched);
    std::vector<float> hidden(lstm.last_hidden.size(), kUntouched);
    std::vector<float> cell(lstm.last_cell.size(), kUntouched);
    LstmF32::Run run = lstm.run();
    run.output = output.data();
    run.output_strides = lstm.strides(lstm.hidden);
    run.last_hidden = hidden.data();
    run.last_cell = cell.data();
    kernel.run(run, scratch.data());
    INFO("options " << flags);
    CHECK(largest_difference(output, lstm.output) < 2e-5);
    CHECK(largest_difference(hidden, lstm.last_hidden) < 2e-5);
    CHECK(largest_difference(cell, lstm.last_cell) < 2e-5);
  }
}

TEST_CASE("outputs that nobody wants are left out", "[lstm_f32]") {
  std::mt19937 random(2);
  const Lstm lstm(5, 2, 3, 6, {}, random);
  const LstmF32 kernel = lstm.kernel();
  std::vector<float> scratch(kernel.scratch(lstm.steps));
  std::vector<float> hidden(lstm.last_hidden.size());
  LstmF32::Run run = lstm.run();
  run.last_hidden = hidden.data();
  kernel.run(run, scratch.data());
  CHECK(largest_difference(hidden, lstm.last_hidden) < 2e-5);
}

TEST_CASE("steps of no length leave the initial state", "[lstm_f32]") {
  std::mt19937 random(3);
  const Lstm lstm(0, 2, 3, 4, {.initial = true}, random);
  const LstmF32 kernel = lstm.kernel();
  std::vector<float> scratch(kernel.scratch(0));
  std::vector<float> hidden(8);
  std::vector<float> cell(8);
  LstmF32::Run run = lstm.run();
  run.last_hidden = hidden.data();
  run.last_cell = cell.data();
  kernel.run(run, scratch.data());
  CHECK(hidden == lstm.initial_hidden);
  CHECK(cell == lstm.initial_cell);
}

TEST_CASE("gates saturate without overflow, and a NaN reaches its own sequence only", "[lstm_f32]") {
  const std::vector<float> input_weights(4, 1.0F);
  const std::vector<float> recurrent_weights(4, 0.0F);
  const LstmF32 kernel(
      {.input_size = 1, .hidden_size = 1, .input_weights = input_weights, .recurrent_weights = recurrent_weights});
  const std::vector<float> input = {1e30F, -1e30F, kNan, 0};
  std::vector<float> hidden(4);
  std::vector<float> scratch(kernel.scratch(1));
  kernel.run({.steps = 1,
              .batch = 4,
              .input = input.data(),
              .input_strides = {.step = 4, .batch = 1},
              .last_hidden = hidden.data()},
             scratch.data());
  CHECK(hidden[0] == Catch::Approx(std::tanh(1.0)));
  CHECK(hidden[1] == 0);
  CHECK(std::isnan(hidden[2]));
  CHECK(hidden[3] == 0);
}

}  // namespace actionscope::engine::testing
