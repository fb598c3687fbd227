// Shapes: input [batch][pixels][channels], output [batch][channels], both dense. Tile: all pixels of 16 channels, their
// sums in registers; then of 4, then what is left. Bound by reading the input once.

#include "engine/pool_f32.hpp"

#include <array>

#include "engine/simd_f32.hpp"

namespace actionscope::engine {
namespace {

// Channels from `channel` on, as far as whole groups of Vectors vectors reach. Returns the next channel.
template <std::size_t Vectors>
std::size_t mean_of_channels(const float* input, std::size_t pixels, std::size_t channel, std::size_t channels,
                             float* output) {
  const F32x4 factor = splat(1.0F / static_cast<float>(pixels));
  for (; channel + Vectors * kLanesF32 <= channels; channel += Vectors * kLanesF32) {
    std::array<F32x4, Vectors> sums{};
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t v = 0; v < Vectors; ++v)
        sums[v] += load<F32x4>(input + pixel * channels + channel + v * kLanesF32);
    for (std::size_t v = 0; v < Vectors; ++v) store(output + channel + v * kLanesF32, sums[v] * factor);
  }
  return channel;
}

}  // namespace

void mean_pool_f32(const float* input, std::size_t batch, std::size_t pixels, std::size_t channels, float* output) {
  for (std::size_t image = 0; image < batch; ++image) {
    std::size_t channel = mean_of_channels<4>(input, pixels, 0, channels, output);
    channel = mean_of_channels<1>(input, pixels, channel, channels, output);
    if (channel < channels) {
      F32x4 sum{};
      for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        sum += load_lanes(input + pixel * channels, channel, channels);
      store_lanes(output, channel, channels, sum * splat(1.0F / static_cast<float>(pixels)));
    }
    input += pixels * channels;
    output += channels;
  }
}

}  // namespace actionscope::engine
