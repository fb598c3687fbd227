#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/convolution.hpp"

namespace actionscope::engine {

// A convolution whose every channel is filtered by itself (geometry.is_depthwise()): input
// [batch][height][width][channels], output likewise. Every sum starts from the bias and takes the kernel row after row,
// so that its bits do not depend on where in the picture it is. Pads count as zeros in every product. Denormals are
// kept, NaN and infinities go through.
class DepthwiseF32 {
 public:
  // `weights`: [channels][kernel_height][kernel_width]. `bias`: one a channel, or empty. low, high: what sums are
  // clamped to.
  DepthwiseF32(const ConvolutionGeometry& geometry, std::span<const float> weights, std::span<const float> bias,
               float low, float high);

  // `residual`: laid out as the output, added last; may be the output itself; or null. Input and output do not overlap.
  void run(const float* input, const float* residual, float* output) const;

 private:
  // Neighbouring pixels of one output row.
  struct Piece {
    const float* image = nullptr;  // all of the input
    std::size_t output_y = 0;
    std::size_t output_x = 0;
    const float* residual = nullptr;  // of the first of these pixels, as is output
    float* output = nullptr;
  };

  const float* pixel(const float* image, std::size_t padded_y, std::size_t padded_x) const;
  template <std::size_t Stride, std::size_t Outputs>
  void filter_3x3(const Piece& piece) const;
  template <std::size_t Vectors>
  std::size_t filter_channels(const Piece& piece, std::size_t channel) const;
  void filter_pixel(const Piece& piece) const;

  ConvolutionGeometry geometry_;
  float low_;
  float high_;
  std::size_t filled_channels_;  // the next multiple of a vector's lanes
  std::vector<float> weights_;   // [kernel_height * kernel_width][filled_channels_]
  std::vector<float> bias_;      // [filled_channels_]
  std::vector<float> zeros_;     // the channels of a pad
};

}  // namespace actionscope::engine
