// Times the fp32 kernels on the convolutions of MobileNetV2 1.0 at 224 x 224, in their order, each on the output of the
// one before. Prints the least time of many runs, for each convolution and for groups of them: other work on the
// machine only adds.
//   node engine_kernels.cjs [repetitions]

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/convolution_f32.hpp"

namespace actionscope::engine {
namespace {

struct Layer {
  const char* group;
  ConvolutionGeometry geometry;
  ConvolutionF32 convolution;
  bool adds_residual;
  double least_ms = std::numeric_limits<double>::infinity();

  double products() const {
    const ConvolutionGeometry& g = geometry;
    return static_cast<double>(g.output_height * g.output_width * g.output_channels * g.kernel_height * g.kernel_width *
                               g.input_channels / g.groups);
  }
};

class Network {
 public:
  Network() {
    add("stem", 32, 3, 2, 1, true, InputLayout::planar);
    struct Stage {
      std::size_t expansion, channels, blocks, stride;
    };
    constexpr std::array<Stage, 7> kStages = {
        {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};
    for (const Stage& stage : kStages)
      for (std::size_t block = 0; block < stage.blocks; ++block) {
        const std::size_t from = channels_;
        const std::size_t stride = block == 0 ? stage.stride : 1;
        const std::size_t wide = from * stage.expansion;
        if (stage.expansion != 1) add("pointwise", wide, 1, 1, 1, true);
        add("depthwise", wide, 3, stride, wide, true);
        add("pointwise", stage.channels, 1, 1, 1, false);
        layers_.back().adds_residual = stride == 1 && from == stage.channels;
      }
    add("pointwise", 1280, 1, 1, 1, true);

    std::size_t scratch = 0;
    for (const Layer& layer : layers_) scratch = std::max(scratch, layer.convolution.scratch());
    scratch_.resize(scratch);
    for (std::vector<float>& buffer : buffers_) buffer.resize(std::size_t{112} * 112 * 96);
    block_.resize(std::size_t{112} * 112 * 16);
    std::uniform_real_distribution<float> values(-1, 1);
    image_.resize(std::size_t{224} * 224 * 3);
    for (float& value : image_) value = values(random_);
  }

  // Milliseconds.
  double run() {
    double total = 0;
    const float* input = image_.data();
    std::size_t next = 0;
    for (Layer& layer : layers_) {
      // What a projection gives stays where it is until the next one has added it to its own.
      const bool projects =
          layer.group == std::string("pointwise") && layer.geometry.output_channels < layer.geometry.input_channels;
      float* output = projects ? block_.data() : buffers_[next].data();
      if (!projects) next = 1 - next;
      const auto start = std::chrono::steady_clock::now();
      layer.convolution.run(input, layer.adds_residual ? block_.data() : nullptr, output, scratch_.data());
      const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
      layer.least_ms = std::min(layer.least_ms, taken.count());
      total += taken.count();
      input = output;
    }
    last_ = input;
    return total;
  }

  void print(double least_total) const {
    std::printf("%-10s %7s %5s %5s %7s %8s %8s\n", "", "output", "from", "to", "M MAC", "ms", "GMAC/s");
    double ideal = 0;
    for (const Layer& layer : layers_) {
      const ConvolutionGeometry& g = layer.geometry;
      std::printf("%-10s %3zux%-3zu %5zu %5zu %7.2f %8.3f %8.2f\n", layer.group, g.output_height, g.output_width,
                  g.input_channels, g.output_channels, layer.products() / 1e6, layer.least_ms,
                  layer.products() / 1e6 / layer.least_ms);
      ideal += layer.least_ms;
    }
    double products = 0;
    for (const char* group : {"stem", "pointwise", "depthwise"}) {
      double ms = 0;
      double group_products = 0;
      for (const Layer& layer : layers_)
        if (layer.group == std::string(group)) {
          ms += layer.least_ms;
          group_products += layer.products();
        }
      products += group_products;
      std::printf("%-31s %7.2f %8.3f %8.2f\n", group, group_products / 1e6, ms, group_products / 1e6 / ms);
    }
    std::printf("%-31s %7.2f %8.3f %8.2f\n", "sum of each one's least", products / 1e6, ideal, products / 1e6 / ideal);
    std::printf("%-31s %7.2f %8.3f %8.2f\n", "least whole run", products / 1e6, least_total,
                products / 1e6 / least_total);
    double sum = 0;
    for (std::size_t i = 0; i < std::size_t{49} * 1280; ++i) sum += static_cast<double>(last_[i]);
    std::printf("mean of the outputs: %.6f\n", sum / (49 * 1280));
  }

 private:
  void add(const char* group, std::size_t channels, std::size_t kernel, std::size_t stride, std::size_t groups,
           bool clamps, InputLayout layout = InputLayout::channels_last) {
    const std::size_t output = (size_ + stride - 1) / stride;
    const ConvolutionGeometry geometry{.input_height = size_,
                                       .input_width = size_,
                                       .input_channels = channels_,
                                       .output_height = output,
                                       .output_width = output,
                                       .output_channels = channels,
                                       .kernel_height = kernel,
                                       .kernel_width = kernel,
                                       .stride_y = stride,
                                       .stride_x = stride,
                                       .pad_top = kernel / 2,
                                       .pad_left = kernel / 2,
                                       .groups = groups};
    const std::size_t depth = channels_ / groups * kernel * kernel;
    const float bound = std::sqrt(6.0F / static_cast<float>(depth));
    std::uniform_real_distribution<float> values(-bound, bound);
    std::vector<float> weights(channels * depth);
    for (float& weight : weights) weight = values(random_);
    std::vector<float> bias(channels);
    for (float& value : bias) value = 0.1F * values(random_);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    layers_.push_back({.group = group,
                       .geometry = geometry,
                       .convolution = ConvolutionF32(geometry, weights, bias, clamps ? 0 : -kInfinity,
                                                     clamps ? 6 : kInfinity, layout),
                       .adds_residual = false});
    size_ = output;
    channels_ = channels;
  }

  std::size_t size_ = 224;
  std::size_t channels_ = 3;
  std::mt19937 random_{7};
  std::vector<Layer> layers_;
  std::array<std::vector<float>, 2> buffers_;
  std::vector<float> block_;
  std::vector<float> image_;
  std::vector<float> scratch_;
  const float* last_ = nullptr;
};

}  // namespace
}  // namespace actionscope::engine

int main(int count, char** arguments) {
  const int repetitions = count > 1 ? std::atoi(arguments[1]) : 200;
  actionscope::engine::Network network;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repetitions; ++i) least = std::min(least, network.run());
  network.print(least);
  return 0;
}
