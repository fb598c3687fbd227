#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/convolution.hpp"
#include "engine/depthwise_i8.hpp"
#include "engine/gemm_i8.hpp"

namespace actionscope::engine {

// A two-dimensional convolution of 7-bit activations with signed 8-bit weights, one scale an output channel.
// Activations are channels last: input [batch][height][width][channels], output likewise. The sums are exact; see
// Dequantization, Quantization and Requantization for what becomes of them.
class ConvolutionI8 {
 public:
  // Spans are read by the constructor only.
  struct Settings {
    std::span<const std::int8_t> weights;  // [output_channels][input_channels / groups][kernel_height][kernel_width]
    std::span<const float> weight_scales;  // one an output channel, finite
    std::span<const float> bias;           // in float, one an output channel, or empty
    Quantization input;                    // of the activations that come in; pads hold the zero point
    float low = 0;                         // what the real output is clamped to
    float high = 0;
    std::optional<Quantization> output;  // no value: the output stays float; else see can_requantize
    DotUnit unit = fastest_dot_unit();
  };

  // input_channels / groups * kernel_height * kernel_width must not be more than kMostDepthI8.
  ConvolutionI8(const ConvolutionGeometry& geometry, const Settings& settings);

  std::size_t scratch() const;  // bytes that a run needs to work in

  // For settings without output quantisation. `residual`: laid out as the output, added last; may be the output; or
  // null.
  void run(const std::uint8_t* input, const float* residual, float* output, std::uint8_t* scratch) const;

  // For settings with output quantisation.
  void run(const std::uint8_t* input, std::uint8_t* output, std::uint8_t* scratch) const;

 private:
  // What becomes of sums: the first for float outputs, the second for quantised ones.
  struct Results {
    Dequantization dequantization;
    Requantization requantization;
  };
  // What one group of channels is multiplied with.
  struct Product {
    PackedI8 matrix;
    Results results;
  };

  bool is_direct() const;
  std::size_t tile_rows() const;
  void gather(const std::uint8_t* input, std::size_t group, std::size_t first, std::size_t rows,
              std::uint8_t* gathered) const;
  template <class Multiply>
  void multiply_tiles(const std::uint8_t* input, std::uint8_t* scratch, const Multiply& multiply) const;

  ConvolutionGeometry geometry_;
  std::uint8_t zero_point_;  // of the input
  std::size_t depth_;
  std::size_t row_bytes_;  // depth_ filled up to whole groups of bytes

  std::optional<DepthwiseI8> depthwise_;
  Results depthwise_results_;
  std::vector<Product> products_;  // one a group, unless depthwise
};

}  // namespace actionscope::engine
