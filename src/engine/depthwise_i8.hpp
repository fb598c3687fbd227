#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/convolution.hpp"
#include "engine/epilogue_i8.hpp"

namespace actionscope::engine {

// A convolution of each channel by itself: [batch][height][width][channels] of 0..127 to the same layout.
class DepthwiseI8 {
 public:
  // `geometry`: is_depthwise(). `weights`: [channels][1][kernel_height][kernel_width], of which at most kMostDepthI8 a
  // channel. `zero_point`: what pads hold, 0..127. `unit`: what it multiplies with.
  DepthwiseI8(const ConvolutionGeometry& geometry, std::span<const std::int8_t> weights, std::uint8_t zero_point,
              DotUnit unit);

  std::size_t scratch() const;  // bytes that run() needs to work in

  // `residual`: laid out as the output, added last; may be the output; or null.
  void run(const std::uint8_t* input, const FloatEpilogue& epilogue, const float* residual, float* output,
           std::uint8_t* scratch) const;
  void run(const std::uint8_t* input, const QuantumEpilogue& epilogue, std::uint8_t* output,
           std::uint8_t* scratch) const;

 private:
  template <class Output>
  void run_any(const std::uint8_t* input, const Output& output, std::uint8_t* scratch) const;
  template <class Dot, std::size_t Stride, class Output>
  void run_3x3(const std::uint8_t* input, const Output& output, std::uint8_t* scratch) const;
  template <class Output>
  void run_general(const std::uint8_t* input, const Output& output) const;

  bool has_3x3() const;
  std::size_t columns() const;
  void interleave_row(const std::uint8_t* image, std::size_t y, std::size_t channel, std::uint8_t* interleaved) const;

  ConvolutionGeometry geometry_;
  std::uint8_t zero_point_;
  DotUnit unit_;
  std::vector<std::int8_t> weights_;
};

}  // namespace actionscope::engine
