// Depthwise convolutions of float activations, [batch][height][width][channels]. 3x3 with stride 1 or 2: four channels
// of several neighbouring output pixels at once, so that each input and each weight is loaded once for them; all other
// kernels one pixel at a time. Bound by loads and stores, of which nine products have two or three: 23 GMAC/s over the
// depthwise layers of MobileNetV2, each by itself in the cache (Intel Xeon, relaxed SIMD in Chromium 156).

#include "engine/depthwise_f32.hpp"

#include <array>

#include "engine/simd_f32.hpp"
#include "engine/unroll.hpp"

namespace actionscope::engine {
namespace {

constexpr std::size_t kMostOutputs = 4;

}  // namespace

DepthwiseF32::DepthwiseF32(const ConvolutionGeometry& geometry, std::span<const float> weights,
                           std::span<const float> bias, float low, float high)
    : geometry_(geometry),
      low_(low),
      high_(high),
      filled_channels_((geometry.input_channels + kLanesF32 - 1) / kLanesF32 * kLanesF32),
      weights_(geometry.kernel_height * geometry.kernel_width * filled_channels_),
      bias_(filled_channels_),
      zeros_(filled_channels_) {
  const std::size_t taps = geometry.kernel_height * geometry.kernel_width;
  for (std::size_t channel = 0; channel < geometry.input_channels; ++channel) {
    for (std::size_t tap = 0; tap < taps; ++tap)
      weights_[tap * filled_channels_ + channel] = weights[channel * taps + tap];
    if (!bias.empty()) bias_[channel] = bias[channel];
  }
}

// The channels of an input pixel, counted with the pads above and to the left of it.
const float* DepthwiseF32::pixel(const float* image, std::size_t padded_y, std::size_t padded_x) const {
  // What lies before the first row or column wraps around to a large number.
  const std::size_t y = padded_y - geometry_.pad_top;
  const std::size_t x = padded_x - geometry_.pad_left;
  if (y >= geometry_.input_height || x >= geometry_.input_width) return zeros_.data();
  return image + (y * geometry_.input_width + x) * geometry_.input_channels;
}

template <std::size_t Stride, std::size_t Outputs>
void DepthwiseF32::filter_3x3(const Piece& piece) const {
  constexpr std::size_t kernel = 3;
  constexpr std::size_t inputs = (Outputs - 1) * Stride + kernel;
  const std::size_t channels = geometry_.input_channels;

  std::array<std::array<const float*, inputs>, kernel> pixels{};
  for (std::size_t row = 0; row < kernel; ++row)
    for (std::size_t column = 0; column < inputs; ++column)
      pixels[row][column] = pixel(piece.image, piece.output_y * Stride + row, piece.output_x * Stride + column);

  const F32x4 low = splat(low_);
  const F32x4 high = splat(high_);
  const auto filter = [&](std::size_t channel, const auto& load_at,
                          const auto& store_at) __attribute__((always_inline)) {
    std::array<F32x4, Outputs> sums{};
    sums.fill(load<F32x4>(bias_.data() + channel));
    unroll<kernel>([&](auto row) {
      std::array<F32x4, kernel> weights{};
      unroll<kernel>([&](auto tap) {
        weights[tap] = load<F32x4>(weights_.data() + (row * kernel + tap) * filled_channels_ + channel);
      });
      unroll<inputs>([&](auto column) {
        const F32x4 value = load_at(pixels[row][column]);
        unroll<Outputs>([&](auto output) {
          constexpr std::size_t tap_at = column - output * Stride;
          if constexpr (tap_at < kernel) sums[output] = multiply_add(value, weights[tap_at], sums[output]);
        });
      });
    });
    unroll<Outputs>([&](auto output) { sums[output] = clamp(sums[output], low, high); });
    if (piece.residual != nullptr)
      unroll<Outputs>([&](auto output) { sums[output] += load_at(piece.residual + output * channels); });
    unroll<Outputs>([&](auto output) { store_at(piece.output + output * channels, sums[output]); });
  };

  std::size_t channel = 0;
  for (; channel + kLanesF32 <= channels; channel += kLanesF32)
    filter(
        channel, [&](const float* from) { return load<F32x4>(from + channel); },
        [&](float* to, F32x4 result) { store(to + channel, result); });
  if (channel < channels)
    filter(
        channel, [&](const float* from) { return load_lanes(from, channel, channels); },
        [&](float* to, F32x4 result) { store_lanes(to, channel, channels, result); });
}

// One output pixel, as many channels from `channel` on as whole groups of Vectors reach. Returns the next channel.
template <std::size_t Vectors>
std::size_t DepthwiseF32::filter_channels(const Piece& piece, std::size_t channel) const {
  const std::size_t channels = geometry_.input_channels;
  for (; channel + Vectors * kLanesF32 <= filled_channels_; channel += Vectors * kLanesF32) {
    std::array<F32x4, Vectors> sums{};
    for (std::size_t v = 0; v < Vectors; ++v) sums[v] = load<F32x4>(bias_.data() + channel + v * kLanesF32);
    const float* weights = weights_.data() + channel;
    for (std::size_t row = 0; row < geometry_.kernel_height; ++row)
      for (std::size_t column = 0; column < geometry_.kernel_width; ++column) {
        const float* values = pixel(piece.image, piece.output_y * geometry_.stride_y + row * geometry_.dilation_y,
                                    piece.output_x * geometry_.stride_x + column * geometry_.dilation_x) +
                              channel;
        for (std::size_t v = 0; v < Vectors; ++v)
          sums[v] = multiply_add(load_lanes(values, v * kLanesF32, channels - channel),
                                 load<F32x4>(weights + v * kLanesF32), sums[v]);
        weights += filled_channels_;
      }
    for (std::size_t v = 0; v < Vectors; ++v) {
      const std::size_t at = channel + v * kLanesF32;
      F32x4 result = clamp(sums[v], splat(low_), splat(high_));
      if (piece.residual != nullptr) result += load_lanes(piece.residual, at, channels);
      store_lanes(piece.output, at, channels, result);
    }
  }
  return channel;
}

void DepthwiseF32::filter_pixel(const Piece& piece) const { filter_channels<1>(piece, filter_channels<4>(piece, 0)); }

void DepthwiseF32::run(const float* input, const float* residual, float* output) const {
  using Filter = void (DepthwiseF32::*)(const Piece&) const;
  static constexpr std::array<Filter, kMostOutputs> kFilters1 = {
      &DepthwiseF32::filter_3x3<1, 1>, &DepthwiseF32::filter_3x3<1, 2>, &DepthwiseF32::filter_3x3<1, 3>,
      &DepthwiseF32::filter_3x3<1, 4>};
  static constexpr std::array<Filter, kMostOutputs> kFilters2 = {
      &DepthwiseF32::filter_3x3<2, 1>, &DepthwiseF32::filter_3x3<2, 2>, &DepthwiseF32::filter_3x3<2, 3>,
      &DepthwiseF32::filter_3x3<2, 4>};
  static constexpr std::array<Filter, 1> kFiltersAny = {&DepthwiseF32::filter_pixel};

  const ConvolutionGeometry& g = geometry_;
  const bool is_3x3 = g.kernel_height == 3 && g.kernel_width == 3 && g.dilation_y == 1 && g.dilation_x == 1 &&
                      g.stride_y == g.stride_x && g.stride_x <= 2;
  std::span<const Filter> filters = kFiltersAny;
  if (is_3x3) filters = g.stride_x == 1 ? kFilters1 : kFilters2;

  const std::size_t pieces = (g.output_width + filters.size() - 1) / filters.size();
  for (std::size_t image = 0; image < g.batch; ++image)
    for (std::size_t y = 0; y < g.output_height; ++y)
      for (std::size_t i = 0; i < pieces; ++i) {
        const std::size_t x = i * g.output_width / pieces;
        const std::size_t outputs = (i + 1) * g.output_width / pieces - x;
        const std::size_t at = ((image * g.output_height + y) * g.output_width + x) * g.output_channels;
        (this->*filters[outputs - 1])({.image = input + image * g.input_height * g.input_width * g.input_channels,
                                       .output_y = y,
                                       .output_x = x,
                                       .residual = residual != nullptr ? residual + at : nullptr,
                                       .output = output + at});
      }
}

}  // namespace actionscope::engine
