#include "engine/convolution_i8.hpp"

#include <catch_amalgamated.hpp>
#include <vector>

#include "i8_reference.hpp"

namespace actionscope::engine::testing {
namespace {

struct Shape {
  ConvolutionGeometry geometry;
  std::size_t pad_bottom = 0, pad_right = 0;
};

// Sets the output's size.
ConvolutionGeometry sized(Shape shape) {
  ConvolutionGeometry& g = shape.geometry;
  const auto output = [](std::size_t padded, std::size_t kernel, std::size_t dilation, std::size_t stride) {
    return (padded - (kernel - 1) * dilation - 1) / stride + 1;
  };
  g.output_height = output(g.input_height + g.pad_top + shape.pad_bottom, g.kernel_height, g.dilation_y, g.stride_y);
  g.output_width = output(g.input_width + g.pad_left + shape.pad_right, g.kernel_width, g.dilation_x, g.stride_x);
  return g;
}

// The sum of one output as the definition has it, over activations less the zero point, which pads do not differ from.
std::int64_t sum_at(const ConvolutionGeometry& g, const std::vector<std::uint8_t>& input,
                    const std::vector<std::int8_t>& weights, int zero_point, std::size_t image, std::size_t oy,
                    std::size_t ox, std::size_t oc) {
  const std::size_t inputs = g.input_channels / g.groups;
  const std::size_t group = oc / (g.output_channels / g.groups);
  std::int64_t sum = 0;
  for (std::size_t ic = 0; ic < inputs; ++ic) {
    for (std::size_t ky = 0; ky < g.kernel_height; ++ky) {
      for (std::size_t kx = 0; kx < g.kernel_width; ++kx) {
        const auto y =
            static_cast<std::int64_t>(oy * g.stride_y + ky * g.dilation_y) - static_cast<std::int64_t>(g.pad_top);
        const auto x =
            static_cast<std::int64_t>(ox * g.stride_x + kx * g.dilation_x) - static_cast<std::int64_t>(g.pad_left);
        const bool inside = y >= 0 && x >= 0 && y < static_cast<std::int64_t>(g.input_height) &&
                            x < static_cast<std::int64_t>(g.input_width);
        if (!inside) continue;
        const std::size_t pixel =
            (image * g.input_height + static_cast<std::size_t>(y)) * g.input_width + static_cast<std::size_t>(x);
        const std::int64_t activation = input[pixel * g.input_channels + group * inputs + ic];
        sum += (activation - zero_point) * weights[((oc * inputs + ic) * g.kernel_height + ky) * g.kernel_width + kx];
      }
    }
  }
  return sum;
}

void check(const ConvolutionGeometry& g, unsigned seed) {
  Random random(seed);
  const std::vector<std::uint8_t> input =
      random.activations(g.batch * g.input_height * g.input_width * g.input_channels);
  const std::size_t depth = g.input_channels / g.groups * g.kernel_height * g.kernel_width;
  const std::vector<std::int8_t> weights = random.weights(g.output_channels * depth);
  const std::size_t size = g.batch * g.output_height * g.output_width * g.output_channels;
  const int zero_point = std::vector<int>{0, 127, random.integer(1, 126)}[seed % 3];

  // Powers of two, so that sums are scaled and shifted without rounding, and expectations need not know the order.
  ConvolutionI8::Settings settings;
  settings.weights = weights;
  settings.input = {0.25F, zero_point};
  settings.unit = seed / 3 % 2 == 0 ? DotUnit::pairs : DotUnit::fours;
  settings.low = -1e9F;
  settings.high = 1e9F;
  std::vector<float> scales(g.output_channels);
  for (float& scale : scales) scale = std::ldexp(1.0F, random.integer(-3, 3));
  std::vector<float> bias(g.output_channels);
  for (float& value : bias) value = static_cast<float>(random.integer(-1000, 1000));
  settings.weight_scales = scales;
  if (seed % 2 == 0) settings.bias = bias;
  const auto real = [&](std::size_t i) {
    const std::size_t oc = i % g.output_channels;
    const std::size_t pixel = i / g.output_channels;
    const std::int64_t sum = sum_at(g, input, weights, zero_point, pixel / g.output_width / g.output_height,
                                    pixel / g.output_width % g.output_height, pixel % g.output_width, oc);
    return static_cast<double>(sum) * 0.25 * static_cast<double>(scales[oc]) +
           (settings.bias.empty() ? 0.0 : static_cast<double>(bias[oc]));
  };
  const auto clamped = [&](std::size_t i) {
    return std::clamp(real(i), static_cast<double>(settings.low), static_cast<double>(settings.high));
  };

  for (const bool with_residual : {false, true}) {
    if (with_residual) settings.low = -500;
    const ConvolutionI8 convolution(g, settings);
    std::vector<std::uint8_t> scratch(convolution.scratch(), 255);
    std::vector<float> output(size, 1e30F);
    if (with_residual)
      for (float& value : output) value = static_cast<float>(random.integer(-1000, 1000));
    const std::vector<float> residual = output;
    convolution.run(input.data(), with_residual ? output.data() : nullptr, output.data(), scratch.data());
    for (std::size_t i = 0; i < size; ++i) {
      const auto added = with_residual ? static_cast<double>(residual[i]) : 0.0;
      REQUIRE(static_cast<double>(output[i]) == clamped(i) + added);
    }
  }

  settings.low = -900;
  settings.high = 1e9F;
  settings.output = Quantization{16, random.integer(0, 127)};
  const ConvolutionI8 convolution(g, settings);
  std::vector<std::uint8_t> scratch(convolution.scratch(), 255);
  std::vector<std::uint8_t> output(size + 16, 200);
  convolution.run(input.data(), output.data(), scratch.data());
  for (std::size_t i = 0; i < size; ++i) {
    const double quantum = std::nearbyint(clamped(i) / 16) + settings.output->zero_point;
    REQUIRE(output[i] == std::clamp(quantum, 0.0, 127.0));
  }
  for (std::size_t i = size; i < output.size(); ++i) REQUIRE(output[i] == 200);
}

ConvolutionGeometry depthwise(std::size_t channels) {
  ConvolutionGeometry g;
  g.input_channels = g.output_channels = g.groups = channels;
  return g;
}

}  // namespace

TEST_CASE("pointwise convolutions follow the definition", "[convolution_i8]") {
  const std::size_t inputs = GENERATE(1U, 3U, 4U, 16U, 21U);
  const std::size_t outputs = GENERATE(1U, 8U, 13U);
  ConvolutionGeometry g;
  g.batch = GENERATE(0U, 1U, 3U);
  g.input_channels = inputs;
  g.output_channels = outputs;
  g.input_height = 5;
  g.input_width = 7;
  check(sized({g}), static_cast<unsigned>(inputs + outputs));
}

TEST_CASE("depthwise 3x3 convolutions follow the definition", "[convolution_i8]") {
  ConvolutionGeometry g = depthwise(GENERATE(1U, 3U, 4U, 16U, 17U, 30U, 48U));
  g.kernel_height = g.kernel_width = 3;
  g.stride_y = GENERATE(1U, 2U);
  g.stride_x = GENERATE(1U, 2U);
  const auto [height, width] = GENERATE(table<std::size_t, std::size_t>({{1, 1}, {3, 3}, {4, 8}, {7, 12}, {5, 11}}));
  g.batch = 2;
  g.input_height = height;
  g.input_width = width;
  const auto [top, left, bottom, right] = GENERATE(table<std::size_t, std::size_t, std::size_t, std::size_t>(
      {{1, 1, 1, 1}, {0, 0, 2, 2}, {2, 2, 0, 0}, {3, 5, 4, 4}}));
  g.pad_top = top;
  g.pad_left = left;
  check(sized({g, bottom, right}), static_cast<unsigned>(g.input_channels + width + top));
}

TEST_CASE("depthwise convolutions of other shapes follow the definition", "[convolution_i8]") {
  ConvolutionGeometry g = depthwise(GENERATE(1U, 5U, 16U, 33U));
  const auto [kernel_y, kernel_x, stride, dilation] =
      GENERATE(table<std::size_t, std::size_t, std::size_t, std::size_t>(
          {{5, 5, 1, 1}, {5, 5, 2, 1}, {3, 3, 1, 2}, {3, 3, 3, 1}, {1, 3, 1, 1}, {7, 2, 2, 2}, {1, 1, 1, 1}}));
  g.kernel_height = kernel_y;
  g.kernel_width = kernel_x;
  g.stride_y = g.stride_x = stride;
  g.dilation_y = g.dilation_x = dilation;
  g.pad_top = g.pad_left = 2;
  g.input_height = 13;
  g.input_width = 10;
  g.batch = 2;
  check(sized({g, 3, 1}), static_cast<unsigned>(g.input_channels + kernel_y));
}

TEST_CASE("other convolutions follow the definition", "[convolution_i8]") {
  ConvolutionGeometry g;
  const auto [inputs, outputs, groups] = GENERATE(table<std::size_t, std::size_t, std::size_t>(
      {{3, 32, 1}, {1, 3, 1}, {5, 9, 1}, {16, 8, 1}, {8, 12, 4}, {6, 6, 2}, {4, 8, 4}, {40, 2, 1}}));
  const auto [kernel_y, kernel_x, stride, dilation] =
      GENERATE(table<std::size_t, std::size_t, std::size_t, std::size_t>(
          {{3, 3, 2, 1}, {3, 3, 1, 1}, {1, 1, 2, 1}, {5, 4, 1, 1}, {3, 2, 1, 3}, {2, 7, 3, 1}}));
  g.input_channels = inputs;
  g.output_channels = outputs;
  g.groups = groups;
  g.kernel_height = kernel_y;
  g.kernel_width = kernel_x;
  g.stride_y = g.stride_x = stride;
  g.dilation_y = g.dilation_x = dilation;
  g.pad_top = GENERATE(0U, 1U);
  g.pad_left = 2;
  g.input_height = 11;
  g.input_width = 9;
  g.batch = 2;
  check(sized({g, 1, 1}), static_cast<unsigned>(inputs + kernel_y * 3 + kernel_x));
}

TEST_CASE("the first layer of MobileNetV2 follows the definition, gathered in several tiles", "[convolution_i8]") {
  ConvolutionGeometry g;
  g.input_channels = 3;
  g.output_channels = 32;
  g.kernel_height = g.kernel_width = 3;
  g.stride_y = g.stride_x = 2;
  g.pad_top = g.pad_left = GENERATE(0U, 1U);
  g.input_height = g.input_width = 64;
  check(sized({g, 1, 1}), 2);
}

}  // namespace actionscope::engine::testing
