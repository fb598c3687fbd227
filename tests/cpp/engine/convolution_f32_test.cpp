#include "engine/convolution_f32.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "floats.hpp"

namespace actionscope::engine::testing {
namespace {

struct Case {
  ConvolutionGeometry geometry;
  std::vector<float> input;  // channels last
  std::vector<float> weights;
  std::vector<float> bias;
  std::vector<float> residual;
  float low = -0.8F;
  float high = 0.9F;

  Case(const ConvolutionGeometry& g, std::mt19937& random)
      : geometry(g),
        input(random_floats(g.batch * g.input_height * g.input_width * g.input_channels, random)),
        weights(random_floats(g.output_channels * (g.input_channels / g.groups) * g.kernel_height * g.kernel_width,
                              random)),
        bias(random_floats(g.output_channels, random)),
        residual(random_floats(g.batch * g.output_height * g.output_width * g.output_channels, random)) {}

  std::vector<float> planar_input() const {
    const ConvolutionGeometry& g = geometry;
    const std::size_t pixels = g.input_height * g.input_width;
    std::vector<float> planar(input.size());
    for (std::size_t image = 0; image < g.batch; ++image)
      for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        for (std::size_t channel = 0; channel < g.input_channels; ++channel)
          planar[(image * g.input_channels + channel) * pixels + pixel] =
              input[(image * pixels + pixel) * g.input_channels + channel];
    return planar;
  }

  std::vector<float> run(bool with_residual, InputLayout layout = InputLayout::channels_last) const {
    const ConvolutionF32 convolution(geometry, weights, bias, low, high, layout);
    std::vector<float> scratch(convolution.scratch(), kNan);
    std::vector<float> output(residual.size(), kUntouched);
    const std::vector<float> values = layout == InputLayout::planar ? planar_input() : input;
    convolution.run(values.data(), with_residual ? residual.data() : nullptr, output.data(), scratch.data());
    return output;
  }

  Sum sum_at(std::size_t image, std::size_t y, std::size_t x, std::size_t channel) const {
    const ConvolutionGeometry& g = geometry;
    const std::size_t inputs = g.input_channels / g.groups;
    const std::size_t first = channel / (g.output_channels / g.groups) * inputs;
    Sum sum;
    sum.add(bias.empty() ? 0 : double{bias[channel]});
    for (std::size_t c = 0; c < inputs; ++c)
      for (std::size_t ky = 0; ky < g.kernel_height; ++ky)
        for (std::size_t kx = 0; kx < g.kernel_width; ++kx) {
          const auto iy =
              static_cast<std::ptrdiff_t>(y * g.stride_y + ky * g.dilation_y) - static_cast<std::ptrdiff_t>(g.pad_top);
          const auto ix =
              static_cast<std::ptrdiff_t>(x * g.stride_x + kx * g.dilation_x) - static_cast<std::ptrdiff_t>(g.pad_left);
          if (iy < 0 || ix < 0 || iy >= static_cast<std::ptrdiff_t>(g.input_height) ||
              ix >= static_cast<std::ptrdiff_t>(g.input_width))
            continue;
          const std::size_t pixel =
              (image * g.input_height + static_cast<std::size_t>(iy)) * g.input_width + static_cast<std::size_t>(ix);
          sum.add(double{input[pixel * g.input_channels + first + c]} *
                  weights[((channel * inputs + c) * g.kernel_height + ky) * g.kernel_width + kx]);
        }
    return sum;
  }

  // Largest error, in units of what rounding explains.
  double worst(const std::vector<float>& output, bool with_residual) const {
    const ConvolutionGeometry& g = geometry;
    double largest = 0;
    std::size_t at = 0;
    for (std::size_t image = 0; image < g.batch; ++image)
      for (std::size_t y = 0; y < g.output_height; ++y)
        for (std::size_t x = 0; x < g.output_width; ++x)
          for (std::size_t channel = 0; channel < g.output_channels; ++channel, ++at) {
            const Sum sum = sum_at(image, y, x, channel);
            const double expected =
                std::clamp(sum.value, double{low}, double{high}) + (with_residual ? double{residual[at]} : 0.0);
            largest = std::max(largest, std::abs(output[at] - expected) / (sum.tolerance() + 2e-7));
          }
    return largest;
  }
};

std::string words(const ConvolutionGeometry& g) {
  std::string text;
  for (const std::size_t number : Sizes{g.batch, g.input_height, g.input_width, g.input_channels, g.output_height,
                                        g.output_width, g.output_channels, g.kernel_height, g.kernel_width, g.stride_y,
                                        g.stride_x, g.dilation_y, g.dilation_x, g.pad_top, g.pad_left, g.groups})
    text += std::to_string(number) + " ";
  return text;
}

// A geometry whose windows need not end where the input ends.
ConvolutionGeometry random_geometry(std::mt19937& random) {
  const auto from = [&](std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random);
  };
  ConvolutionGeometry g{.batch = from(1, 2), .input_height = from(1, 9), .input_width = from(1, 15)};
  g.kernel_height = from(1, 4);
  g.kernel_width = from(1, 5);
  g.stride_y = from(1, 3);
  g.stride_x = from(1, 3);
  g.dilation_y = from(1, 3);
  g.dilation_x = from(1, 2);
  g.pad_top = from(0, 4);
  g.pad_left = from(0, 4);
  const auto size = [&](std::size_t input, std::size_t kernel, std::size_t stride, std::size_t dilation,
                        std::size_t pad) {
    const std::size_t extent = (kernel - 1) * dilation + 1;
    const std::size_t padded = std::max(input + pad + from(0, 3), extent);
    return (padded - extent) / stride + 1;
  };
  g.output_height = size(g.input_height, g.kernel_height, g.stride_y, g.dilation_y, g.pad_top);
  g.output_width = size(g.input_width, g.kernel_width, g.stride_x, g.dilation_x, g.pad_left);
  return g;
}

void check(const ConvolutionGeometry& geometry, std::mt19937& random) {
  const Case test(geometry, random);
  INFO(words(geometry));
  for (const bool with_residual : {false, true}) {
    CHECK(test.worst(test.run(with_residual), with_residual) <= 1);
    CHECK(test.worst(test.run(with_residual, InputLayout::planar), with_residual) <= 1);
  }
}

}  // namespace

TEST_CASE("a dense or grouped convolution of any geometry is the sum over its windows", "[convolution_f32]") {
  std::mt19937 random(1);
  for (int i = 0; i < 150; ++i) {
    ConvolutionGeometry geometry = random_geometry(random);
    geometry.groups = std::uniform_int_distribution<std::size_t>(1, 3)(random);
    geometry.input_channels = geometry.groups * std::uniform_int_distribution<std::size_t>(1, 6)(random);
    geometry.output_channels = geometry.groups * std::uniform_int_distribution<std::size_t>(1, 10)(random);
    check(geometry, random);
  }
}

TEST_CASE("a depthwise convolution of any geometry is the sum over its windows", "[convolution_f32]") {
  std::mt19937 random(2);
  for (int i = 0; i < 150; ++i) {
    ConvolutionGeometry geometry = random_geometry(random);
    geometry.groups = std::uniform_int_distribution<std::size_t>(1, 37)(random);
    geometry.input_channels = geometry.output_channels = geometry.groups;
    check(geometry, random);
  }
}

TEST_CASE("a 3 x 3 depthwise convolution is right at every border and every tail", "[convolution_f32]") {
  std::mt19937 random(3);
  for (const std::size_t stride : Sizes{1, 2})
    for (const std::size_t pad : Sizes{0, 1, 2})
      for (const std::size_t channels : Sizes{1, 3, 4, 6, 9})
        for (std::size_t width = 3; width <= 19; ++width) {
          ConvolutionGeometry geometry{.batch = 2,
                                       .input_height = 5,
                                       .input_width = width,
                                       .input_channels = channels,
                                       .output_channels = channels,
                                       .kernel_height = 3,
                                       .kernel_width = 3,
                                       .stride_y = stride,
                                       .stride_x = stride,
                                       .pad_top = pad,
                                       .pad_left = pad,
                                       .groups = channels};
          geometry.output_height = (5 + 2 * pad - 3) / stride + 1;
          geometry.output_width = (width + 2 * pad - 3) / stride + 1;
          const Case test(geometry, random);
          INFO(words(geometry));
          CHECK(test.worst(test.run(true), true) <= 1);
        }
}

TEST_CASE("a pointwise convolution multiplies every pixel of every image", "[convolution_f32]") {
  std::mt19937 random(4);
  for (const std::size_t batch : Sizes{1, 3})
    for (const std::size_t channels : Sizes{1, 5, 24})
      check({.batch = batch,
             .input_height = 4,
             .input_width = 5,
             .input_channels = channels,
             .output_height = 4,
             .output_width = 5,
             .output_channels = 19},
            random);
}

TEST_CASE("a convolution needs no bias, and its residual may be its output", "[convolution_f32]") {
  std::mt19937 random(5);
  for (const std::size_t kernel : Sizes{1, 3})
    for (const std::size_t groups : Sizes{1, 6}) {
      Case test({.input_height = 6,
                 .input_width = 7,
                 .input_channels = 6,
                 .output_height = 6,
                 .output_width = 7,
                 .output_channels = 6,
                 .kernel_height = kernel,
                 .kernel_width = kernel,
                 .pad_top = kernel / 2,
                 .pad_left = kernel / 2,
                 .groups = groups},
                random);
      test.bias.clear();
      const std::vector<float> output = test.run(true);
      CHECK(test.worst(output, true) <= 1);
      const ConvolutionF32 convolution(test.geometry, test.weights, test.bias, test.low, test.high);
      std::vector<float> scratch(convolution.scratch());
      std::vector<float> in_place = test.residual;
      convolution.run(test.input.data(), in_place.data(), in_place.data(), scratch.data());
      CHECK(same_bits(in_place, output));
    }
}

TEST_CASE("an image's output has the same bits alone and in a batch; no images write nothing", "[convolution_f32]") {
  std::mt19937 random(6);
  for (const std::size_t groups : Sizes{1, 2, 8})
    for (const std::size_t kernel : Sizes{1, 3}) {
      ConvolutionGeometry geometry{.batch = 3,
                                   .input_height = 5,
                                   .input_width = 5,
                                   .input_channels = 8,
                                   .output_height = 5,
                                   .output_width = 5,
                                   .output_channels = 8,
                                   .kernel_height = kernel,
                                   .kernel_width = kernel,
                                   .pad_top = kernel / 2,
                                   .pad_left = kernel / 2,
                                   .groups = groups};
      Case test(geometry, random);
      const std::vector<float> together = test.run(true);
      const std::size_t size = together.size() / 3;
      Case alone = test;
      alone.geometry.batch = 1;
      const auto last = static_cast<std::ptrdiff_t>(2 * size);
      alone.input.assign(test.input.begin() + last, test.input.end());
      alone.residual.assign(test.residual.begin() + last, test.residual.end());
      CHECK(same_bits(alone.run(true), {together.begin() + last, together.end()}));

      geometry.batch = 0;
      const ConvolutionF32 none(geometry, test.weights, test.bias, test.low, test.high);
      std::vector<float> scratch(none.scratch());
      float output = kUntouched;
      none.run(nullptr, nullptr, &output, scratch.data());
      CHECK(output == kUntouched);
    }
}

TEST_CASE("NaN reaches the windows that hold it and no other; infinities clamp, denormals are kept",
          "[convolution_f32]") {
  constexpr float kDenormal = std::numeric_limits<float>::denorm_min();
  for (const std::size_t groups : Sizes{1, 4}) {
    const ConvolutionGeometry geometry{.input_height = 7,
                                       .input_width = 7,
                                       .input_channels = 4,
                                       .output_height = 7,
                                       .output_width = 7,
                                       .output_channels = 4,
                                       .kernel_height = 3,
                                       .kernel_width = 3,
                                       .pad_top = 1,
                                       .pad_left = 1,
                                       .groups = groups};
    const std::vector<float> weights(4 * (4 / groups) * 9, 1.0F);
    const ConvolutionF32 convolution(geometry, weights, {}, 0, 6);
    std::vector<float> scratch(convolution.scratch());
    std::vector<float> input(std::size_t{7} * 7 * 4, 0.0F);
    std::vector<float> output(input.size());
    const auto run_with = [&](float value) {
      input[(3 * 7 + 3) * 4] = value;
      convolution.run(input.data(), nullptr, output.data(), scratch.data());
      std::vector<float> hit;
      for (std::size_t y = 0; y < 7; ++y)
        for (std::size_t x = 0; x < 7; ++x) {
          const bool inside = y >= 2 && y <= 4 && x >= 2 && x <= 4;
          if (inside)
            hit.push_back(output[(y * 7 + x) * 4]);
          else
            CHECK(output[(y * 7 + x) * 4] == 0);
        }
      return hit;
    };
    const std::vector<float> not_numbers = run_with(kNan);
    CHECK(std::ranges::all_of(not_numbers, [](float value) { return std::isnan(value); }));
    CHECK(run_with(kInfinity) == std::vector<float>(9, 6.0F));
    CHECK(run_with(-kInfinity) == std::vector<float>(9, 0.0F));
    CHECK(run_with(kDenormal) == std::vector<float>(9, kDenormal));
  }
}

TEST_CASE("a pad is a zero that a weight is multiplied with", "[convolution_f32]") {
  for (const std::size_t kernel : Sizes{3, 5}) {
    for (const InputLayout layout : {InputLayout::channels_last, InputLayout::planar}) {
      const ConvolutionGeometry geometry{.input_height = 5,
                                         .input_width = 5,
                                         .output_height = 5,
                                         .output_width = 5,
                                         .kernel_height = kernel,
                                         .kernel_width = kernel,
                                         .pad_top = kernel / 2,
                                         .pad_left = kernel / 2};
      std::vector<float> weights(kernel * kernel, 0.0F);
      weights[0] = kInfinity;
      const ConvolutionF32 convolution(geometry, weights, {}, -kInfinity, kInfinity, layout);
      std::vector<float> scratch(convolution.scratch());
      const std::vector<float> input(25, 1.0F);
      std::vector<float> output(25);
      convolution.run(input.data(), nullptr, output.data(), scratch.data());
      CHECK(std::isnan(output[0]));
      CHECK(output[24] == kInfinity);
    }
  }
}

}  // namespace actionscope::engine::testing
