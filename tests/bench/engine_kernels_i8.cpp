// What the 8-bit kernels take for the convolutions of MobileNetV2 1.0 at 224 x 224, in milliseconds: the shortest of
// many runs, group by group and for all of them one after the other. A program for Node; the page that loads it in a
// browser needs nothing but its script.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <span>
#include <vector>

#include "engine/convolution_i8.hpp"
#include "engine/quantize.hpp"

namespace {

using namespace actionscope::engine;

constexpr int kRuns = 100;
constexpr std::size_t kSide = 224;
constexpr float kTypicalWeight = 32;
constexpr Quantization kActivations = {0.05F, 0};

// A block's expansion, channels, repetitions and first stride, as the paper lists them (Sandler et al. 2018, table 2).
struct Stage {
  std::size_t expansion, channels, blocks, stride;
};
constexpr std::array<Stage, 7> kStages = {
    {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};

enum class Group { stem, pointwise_to_u7, pointwise_to_float, depthwise };
constexpr std::array<const char*, 4> kNames = {"stem", "pointwise, u7 out", "pointwise, float out", "depthwise"};

struct Layer {
  Group group;
  ConvolutionGeometry geometry;
  ConvolutionI8 convolution;
  bool residual;

  double products() const {
    const ConvolutionGeometry& g = geometry;
    const std::size_t inputs = g.input_channels / g.groups;
    return static_cast<double>(g.output_height * g.output_width * g.output_channels * inputs * g.kernel_height *
                               g.kernel_width);
  }
};

class Network {
 public:
  Network() {
    add(Group::stem, 3, 32, 3, 2, false);
    std::size_t channels = 32;
    for (const Stage& stage : kStages) {
      for (std::size_t block = 0; block < stage.blocks; ++block) {
        const std::size_t inner = stage.expansion * channels;
        const std::size_t stride = block == 0 ? stage.stride : 1;
        if (stage.expansion > 1) add(Group::pointwise_to_u7, channels, inner, 1, 1, false);
        add(Group::depthwise, inner, inner, 3, stride, false);
        add(Group::pointwise_to_float, inner, stage.channels, 1, 1, block > 0);
        if (block + 1 < stage.blocks || &stage != &kStages.back())
          float_sizes_.push_back(side_ * side_ * stage.channels);
        channels = stage.channels;
      }
    }
    add(Group::pointwise_to_float, channels, 1280, 1, 1, false);
    std::mt19937 random(1);
    input_.resize(largest_);
    for (std::uint8_t& byte : input_) byte = static_cast<std::uint8_t>(random() % 128);
    output_.resize(largest_);
    reals_.resize(largest_);
    for (float& real : reals_) real = static_cast<float>(random() % 1000) * 0.01F;
    real_output_.resize(largest_);
    scratch_.resize(scratch_bytes_);
  }

  const std::vector<Layer>& layers() const { return layers_; }

  void run(const Layer& layer) {
    if (layer.group == Group::pointwise_to_float) {
      layer.convolution.run(input_.data(), layer.residual ? reals_.data() : nullptr, real_output_.data(),
                            scratch_.data());
    } else {
      layer.convolution.run(input_.data(), output_.data(), scratch_.data());
    }
  }

  // The picture, and what goes from one block to the next.
  void quantize() {
    quantize_planes_u7(reals_.data(), 1, 3, kSide * kSide, kActivations, output_.data());
    for (const std::size_t size : float_sizes_) quantize_u7(reals_.data(), size, kActivations, output_.data());
  }

 private:
  void add(Group group, std::size_t inputs, std::size_t outputs, std::size_t kernel, std::size_t stride,
           bool residual) {
    ConvolutionGeometry g;
    g.input_height = g.input_width = side_;
    side_ /= stride;
    g.output_height = g.output_width = side_;
    g.input_channels = inputs;
    g.output_channels = outputs;
    g.kernel_height = g.kernel_width = kernel;
    g.stride_y = g.stride_x = stride;
    g.pad_top = g.pad_left = kernel == 3 && stride == 1 ? 1 : 0;
    g.groups = group == Group::depthwise ? inputs : 1;
    std::vector<std::int8_t> weights(outputs * (inputs / g.groups) * kernel * kernel);
    std::mt19937 random(2);
    // As trained networks have them: most are small beside the largest of their channel.
    std::normal_distribution<float> normal(0, kTypicalWeight);
    for (std::int8_t& weight : weights) weight = static_cast<std::int8_t>(std::clamp(normal(random), -127.0F, 127.0F));
    const std::vector<float> scales(outputs, 0.001F);
    ConvolutionI8::Settings settings;
    settings.weights = weights;
    settings.weight_scales = scales;
    settings.input = kActivations;
    settings.high = 6;
    if (group != Group::pointwise_to_float) settings.output = kActivations;
    layers_.push_back({group, g, ConvolutionI8(g, settings), residual});
    largest_ = std::max({largest_, g.input_height * g.input_width * inputs, side_ * side_ * outputs});
    scratch_bytes_ = std::max(scratch_bytes_, layers_.back().convolution.scratch());
  }

  std::size_t side_ = kSide;
  std::size_t largest_ = 0;
  std::size_t scratch_bytes_ = 0;
  std::vector<Layer> layers_;
  std::vector<std::size_t> float_sizes_;
  std::vector<std::uint8_t> input_, output_, scratch_;
  std::vector<float> reals_, real_output_;
};

template <class Work>
double shortest(const Work& work) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, Milliseconds(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

void print(const char* name, double milliseconds, double products) {
  std::printf("%-22s %7.3f ms", name, milliseconds);
  if (products > 0) std::printf("  %6.1f GMAC/s", products / milliseconds / 1e6);
  std::printf("\n");
}

}  // namespace

int main() {
  Network network;
  double all = 0;
  for (std::size_t group = 0; group < kNames.size(); ++group) {
    double products = 0;
    const auto work = [&](const auto& of_layer) {
      for (const Layer& layer : network.layers())
        if (layer.group == static_cast<Group>(group)) of_layer(layer);
    };
    work([&](const Layer& layer) { products += layer.products(); });
    print(kNames[group], shortest([&] { work([&](const Layer& layer) { network.run(layer); }); }), products);
    all += products;
  }
  print("quantise", shortest([&] { network.quantize(); }), 0);
  print("all", shortest([&] {
          network.quantize();
          for (const Layer& layer : network.layers()) network.run(layer);
        }),
        all);
}
