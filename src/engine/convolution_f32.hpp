#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "engine/convolution.hpp"
#include "engine/depthwise_f32.hpp"
#include "engine/gemm_f32.hpp"

namespace actionscope::engine {

// How the input of a convolution lies in memory, per image.
enum class InputLayout {
  channels_last,  // [height][width][channels]
  planar,         // [channels][height][width], as a graph's first input comes
};

// A two-dimensional convolution over channels-last activations: input [batch][height][width][channels], output
// likewise. Weights are packed once; depthwise, pointwise and all other convolutions each have their own kernel inside.
// Pads count as zeros in every product, so that a weight that is infinite or NaN gives NaN there. Denormals are kept.
class ConvolutionF32 {
 public:
  // `weights`: as ONNX has them, [output_channels][input_channels / groups][kernel_height][kernel_width]. `bias`: one
  // an output channel, or empty. low, high: what sums are clamped to, see EpilogueF32. Any convolution takes a planar
  // input, but depthwise and pointwise ones are then as slow as the general kernel.
  ConvolutionF32(const ConvolutionGeometry& geometry, std::span<const float> weights, std::span<const float> bias,
                 float low, float high, InputLayout input_layout = InputLayout::channels_last);

  // Floats that run() needs to work in; 0 for pointwise and depthwise ones that are channels-last.
  std::size_t scratch() const;

  // `residual`: laid out as the output, added last; may be the output itself; or null. `scratch`: scratch() floats; may
  // be null if that is 0. Input and output do not overlap.
  void run(const float* input, const float* residual, float* output, float* scratch) const;

 private:
  struct Pointwise {
    PackedF32 matrix;
  };
  // The input rows of one output row are copied into the scratch with their pads, and its windows multiplied there.
  struct General {
    std::vector<PackedF32> matrices;   // one a group
    std::vector<std::size_t> offsets;  // in the scratch, of the runs of the first group's first window
    std::size_t run_length = 0;
    std::size_t window_step = 0;  // floats from a window to the next one on its right
    std::size_t group_step = 0;   // floats from a group's first channel to the next group's
  };

  General general(std::span<const float> weights) const;
  void run_general(const General& general, const float* input, const float* residual, float* output,
                   float* scratch) const;
  void copy_rows(const float* image, std::size_t output_y, float* scratch) const;

  ConvolutionGeometry geometry_;
  std::vector<float> bias_;
  float low_;
  float high_;
  InputLayout input_layout_;
  std::variant<Pointwise, General, DepthwiseF32> kernel_;
};

}  // namespace actionscope::engine
