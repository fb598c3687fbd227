// Conv and BatchNormalization.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/node_lowering.hpp"
#include "engine/refusal.hpp"

namespace actionscope::engine {
namespace {

// Sizes beyond it would overflow when multiplied; no sensible convolution comes near.
constexpr std::int64_t kMostSize = std::int64_t{1} << 30;

// Two sizes of an attribute, vertical first; each at least `least`.
std::pair<std::int64_t, std::int64_t> pair_of(NodeLowering& node, std::string_view name, std::int64_t otherwise) {
  const std::span<const std::int64_t> sizes = node.attributes.integers(name);
  if (sizes.empty()) return {otherwise, otherwise};
  if (sizes.size() != 2 ||
      std::any_of(sizes.begin(), sizes.end(), [](auto size) { return size < 1 || size > kMostSize; })) {
    invalid(node.node(), "has an attribute " + std::string(name) + " that is not two sizes");
  }
  return {sizes[0], sizes[1]};
}

struct Pads {
  std::int64_t before = 0;
  std::int64_t after = 0;
};

// One direction of a convolution: sizes in elements.
struct Extent {
  std::int64_t input, kernel, stride, dilation;

  std::int64_t reach() const { return dilation * (kernel - 1) + 1; }

  // ONNX's formula of `pads`: as many whole strides as fit.
  std::int64_t output(const Pads& pads) const { return (input + pads.before + pads.after - reach()) / stride + 1; }

  // ONNX's SAME_UPPER and SAME_LOWER: the output has ceil(input / stride) elements; an odd pad goes after or before.
  Pads same(bool lower) const {
    const std::int64_t outputs = (input + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>(0, (outputs - 1) * stride + reach() - input);
    const std::int64_t less = total / 2;
    return lower ? Pads{total - less, less} : Pads{less, total - less};
  }
};

std::pair<Pads, Pads> pads_of(NodeLowering& node, const Extent& vertical, const Extent& horizontal) {
  const std::string_view automatic = node.attributes.text("auto_pad", "NOTSET");
  const std::span<const std::int64_t> pads = node.attributes.integers("pads");
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    const bool lower = automatic == "SAME_LOWER";
    return {vertical.same(lower), horizontal.same(lower)};
  }
  if (automatic == "VALID" || (automatic == "NOTSET" && pads.empty())) return {};
  if (automatic != "NOTSET") invalid(node.node(), "has an attribute auto_pad that ONNX does not know");
  if (pads.size() != 4 || std::any_of(pads.begin(), pads.end(), [](auto pad) { return pad < 0 || pad > kMostSize; })) {
    invalid(node.node(), "has an attribute pads that is not four sizes");
  }
  return {Pads{pads[0], pads[2]}, Pads{pads[1], pads[3]}};
}

}  // namespace

void lower_convolution(NodeLowering& node) {
  const ValueId activations = node.input(0);
  const ValueId kernels = node.input(1);
  node.want_type(activations, ElementType::float32);
  node.want_type(kernels, ElementType::float32);
  const Shape& x = node.shape(activations);
  const Shape& w = node.shape(kernels);
  if (x.size() != 4) unsupported(node.node(), "on " + std::to_string(x.size()) + " dimensions");
  if (w.size() != 4) invalid(node.node(), "has kernels of another number of dimensions than its input");
  if (std::any_of(x.begin() + 1, x.end(), [](auto size) { return size < 1 || size > kMostSize; }) ||
      std::any_of(w.begin(), w.end(), [](auto size) { return size < 1 || size > kMostSize; })) {
    invalid(node.node(), "has an input or kernels of a size that cannot be");
  }
  const auto [kernel_height, kernel_width] = pair_of(node, "kernel_shape", 0);
  if (kernel_height != 0 && (kernel_height != w[2] || kernel_width != w[3])) {
    invalid(node.node(), "has kernels of another size than it says");
  }
  const std::int64_t groups = node.attributes.integer("group", 1);
  if (groups < 1 || groups > kMostSize || x[1] % groups != 0 || w[0] % groups != 0 || w[1] != x[1] / groups) {
    invalid(node.node(), "has channels, kernels and groups that do not fit each other");
  }
  const auto [stride_y, stride_x] = pair_of(node, "strides", 1);
  const auto [dilation_y, dilation_x] = pair_of(node, "dilations", 1);
  const Extent vertical{x[2], w[2], stride_y, dilation_y};
  const Extent horizontal{x[3], w[3], stride_x, dilation_x};
  const auto [rows, columns] = pads_of(node, vertical, horizontal);
  if (x[2] + rows.before + rows.after < vertical.reach() ||
      x[3] + columns.before + columns.after < horizontal.reach()) {
    invalid(node.node(), "has kernels that are larger than its input");
  }
  const std::int64_t height = vertical.output(rows);
  const std::int64_t width = horizontal.output(columns);

  Convolve convolve;
  convolve.geometry = {.batch = size_of(x[0]),
                       .input_height = size_of(x[2]),
                       .input_width = size_of(x[3]),
                       .input_channels = size_of(x[1]),
                       .output_height = size_of(height),
                       .output_width = size_of(width),
                       .output_channels = size_of(w[0]),
                       .kernel_height = size_of(w[2]),
                       .kernel_width = size_of(w[3]),
                       .stride_y = size_of(stride_y),
                       .stride_x = size_of(stride_x),
                       .dilation_y = size_of(dilation_y),
                       .dilation_x = size_of(dilation_x),
                       .pad_top = size_of(rows.before),
                       .pad_left = size_of(columns.before),
                       .groups = size_of(groups)};
  const std::optional<ValueId> output = node.output(0, ElementType::float32, {x[0], w[0], height, width});
  node.count_work(
      {size_of(x[0]), size_of(height), size_of(width), size_of(w[0]), size_of(w[1]), size_of(w[2]), size_of(w[3])});
  convolve.weights = node.known(kernels);
  if (const std::optional<ValueId> bias = node.optional_input(2)) {
    if (node.shape(*bias) != Shape{w[0]}) invalid(node.node(), "has a bias of another size than its output");
    convolve.bias = node.known_floats(*bias);
  }
  node.emit(std::move(convolve), {activations}, {output});
}

void lower_batch_normalization(NodeLowering& node) {
  const ValueId input = node.input(0);
  node.want_type(input, ElementType::float32);
  const float epsilon = node.attributes.number("epsilon", 1e-5F);
  node.attributes.ignore("momentum");  // only training uses it
  if (node.attributes.integer("training_mode", 0) != 0) unsupported(node.node(), "in training mode");
  if (node.attributes.integer("spatial", 1) != 1) unsupported(node.node(), "that is not spatial");
  if (node.node().outputs.size() > 1) unsupported(node.node(), "with the outputs of training");
  const Shape& shape = node.shape(input);
  if (shape.size() < 2) invalid(node.node(), "has an input without channels");
  for (std::size_t index = 1; index < 5; ++index) {
    if (node.shape(node.input(index)) != Shape{shape[1]}) {
      invalid(node.node(), "has statistics of another size than its channels");
    }
  }
  const std::vector<float> scale = node.known_floats(node.input(1));
  const std::vector<float> shift = node.known_floats(node.input(2));
  const std::vector<float> mean = node.known_floats(node.input(3));
  const std::vector<float> variance = node.known_floats(node.input(4));
  // (x - mean) / sqrt(variance + epsilon) * scale + shift, with what does not depend on x put together.
  Affine affine;
  for (std::size_t channel = 0; channel < scale.size(); ++channel) {
    const double factor =
        scale[channel] / std::sqrt(static_cast<double>(variance[channel]) + static_cast<double>(epsilon));
    affine.scale.push_back(static_cast<float>(factor));
    affine.shift.push_back(static_cast<float>(shift[channel] - mean[channel] * factor));
  }
  node.emit(std::move(affine), {input}, {node.output(0, ElementType::float32, shape)});
}

}  // namespace actionscope::engine
