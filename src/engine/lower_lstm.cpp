// LSTM, with the default activations.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"

namespace actionscope::engine {
namespace {

// Refuses other activations than ONNX's defaults, once a direction: sigmoid of the gates, tanh of cell and output.
void want_default_activations(NodeLowering& node, std::size_t directions) {
  const std::span<const std::string_view> named = node.attributes.texts("activations");
  for (std::size_t index = 0; index < named.size(); ++index) {
    if (named.size() != 3 * directions || named[index] != (index % 3 == 0 ? "Sigmoid" : "Tanh")) {
      unsupported(node.node(), "with other activations than its defaults");
    }
  }
  node.attributes.ignore("activation_alpha");  // the defaults have none
  node.attributes.ignore("activation_beta");
}

// The elements of an optional input, [directions] of `count` each; empty where it is left out.
std::vector<std::vector<float>> by_direction(NodeLowering& node, std::size_t input, const Shape& shape) {
  const auto directions = static_cast<std::size_t>(shape.front());
  std::vector<std::vector<float>> parts(directions);
  const std::optional<ValueId> id = node.optional_input(input);
  if (!id) return parts;
  if (node.shape(*id) != shape) invalid(node.node(), "has an input " + std::to_string(input) + " of the wrong shape");
  std::vector<float> all = node.known_floats(*id);
  if (directions == 1) return {std::move(all)};
  const auto count = static_cast<std::ptrdiff_t>(all.size() / directions);
  for (std::size_t index = 0; index < directions; ++index) {
    const auto start = all.begin() + static_cast<std::ptrdiff_t>(index) * count;
    parts[index].assign(start, start + count);
  }
  return parts;
}

// An initial state, whose batch comes first where X's does: [batch][directions][hidden] to [directions][batch][hidden].
std::vector<std::vector<float>> initial_state(NodeLowering& node, std::size_t input, const Lstm& lstm,
                                              std::size_t directions) {
  const auto outer = static_cast<std::int64_t>(directions);
  const auto batch = static_cast<std::int64_t>(lstm.batch);
  const auto hidden = static_cast<std::int64_t>(lstm.hidden);
  if (!lstm.batch_first) return by_direction(node, input, {outer, batch, hidden});
  std::vector<std::vector<float>> parts(directions);
  const std::optional<ValueId> id = node.optional_input(input);
  if (!id) return parts;
  if (node.shape(*id) != Shape{batch, outer, hidden}) {
    invalid(node.node(), "has an input " + std::to_string(input) + " of the wrong shape");
  }
  const std::vector<float> all = node.known_floats(*id);
  for (std::size_t index = 0; index < all.size(); ++index)
    parts[index / lstm.hidden % directions].push_back(all[index]);
  return parts;
}

}  // namespace

void lower_lstm(NodeLowering& node) {
  const ValueId input = node.input(0);
  node.want_type(input, ElementType::float32);
  const Shape& x = node.shape(input);
  if (x.size() != 3) invalid(node.node(), "has an input that is not steps, batch and features");
  Lstm lstm;
  lstm.batch_first = node.attributes.integer("layout", 0) != 0;
  lstm.steps = static_cast<std::size_t>(x[lstm.batch_first ? 1 : 0]);
  lstm.batch = static_cast<std::size_t>(x[lstm.batch_first ? 0 : 1]);
  lstm.input = static_cast<std::size_t>(x[2]);
  const std::string_view direction = node.attributes.text("direction", "forward");
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional") {
    invalid(node.node(), "has a direction that ONNX does not know");
  }
  const std::size_t directions = direction == "bidirectional" ? 2 : 1;
  const Shape& recurrence_shape = node.shape(node.input(2));
  if (recurrence_shape.size() != 3 || recurrence_shape[2] < 1)
    invalid(node.node(), "has recurrent weights of the wrong shape");
  const std::int64_t hidden = recurrence_shape[2];
  if (node.attributes.integer("hidden_size", hidden) != hidden)
    invalid(node.node(), "has weights of another size than it says");
  lstm.hidden = static_cast<std::size_t>(hidden);
  want_default_activations(node, directions);
  if (node.attributes.has("clip")) unsupported(node.node(), "with the attribute clip");
  if (node.attributes.integer("input_forget", 0) != 0) unsupported(node.node(), "with the attribute input_forget");
  if (lstm.input == 0) invalid(node.node(), "has an input without features");

  const auto outer = static_cast<std::int64_t>(directions);
  const auto batch = static_cast<std::int64_t>(lstm.batch);
  node.input(1);
  std::vector<std::vector<float>> weights = by_direction(node, 1, {outer, 4 * hidden, x[2]});
  std::vector<std::vector<float>> recurrence = by_direction(node, 2, {outer, 4 * hidden, hidden});
  std::vector<std::vector<float>> bias = by_direction(node, 3, {outer, 8 * hidden});
  std::vector<std::vector<float>> initial_hidden = initial_state(node, 5, lstm, directions);
  std::vector<std::vector<float>> initial_cell = initial_state(node, 6, lstm, directions);
  std::vector<std::vector<float>> peepholes = by_direction(node, 7, {outer, 3 * hidden});
  if (const std::optional<ValueId> lengths = node.optional_input(4)) {
    if (node.shape(*lengths) != Shape{batch})
      invalid(node.node(), "has sequence lengths of another number than sequences");
    for (const std::int64_t length : node.known_integers(*lengths)) {
      if (length < 0 || static_cast<std::uint64_t>(length) > lstm.steps)
        invalid(node.node(), "has a sequence longer than its input");
      lstm.lengths.push_back(static_cast<std::int32_t>(length));
    }
  }
  for (std::size_t index = 0; index < directions; ++index) {
    lstm.directions.push_back({.reverse = direction == "reverse" || index == 1,
                               .weights = std::move(weights[index]),
                               .recurrence = std::move(recurrence[index]),
                               .bias = std::move(bias[index]),
                               .peepholes = std::move(peepholes[index]),
                               .initial_hidden = std::move(initial_hidden[index]),
                               .initial_cell = std::move(initial_cell[index])});
  }
  node.count_work({directions, lstm.steps, lstm.batch, 4 * lstm.hidden, lstm.input + lstm.hidden});

  const auto steps = static_cast<std::int64_t>(lstm.steps);
  const bool first = lstm.batch_first;
  const Shape all = first ? Shape{batch, steps, outer, hidden} : Shape{steps, outer, batch, hidden};
  const Shape last = first ? Shape{batch, outer, hidden} : Shape{outer, batch, hidden};
  const std::optional<ValueId> every = node.output(0, ElementType::float32, all);
  const std::optional<ValueId> last_hidden = node.output(1, ElementType::float32, last);
  const std::optional<ValueId> last_cell = node.output(2, ElementType::float32, last);
  node.emit(std::move(lstm), {input}, {every, last_hidden, last_cell});
}

}  // namespace actionscope::engine
