#pragma once

#include <cstddef>

namespace actionscope::engine {

// The geometry of a two-dimensional convolution. Sizes are in elements; every size is at least 1 except batch, which
// may be 0, and the pads. The plan has checked that the output's size follows from the rest.
struct ConvolutionGeometry {
  std::size_t batch = 1;
  std::size_t input_height = 1, input_width = 1, input_channels = 1;
  std::size_t output_height = 1, output_width = 1, output_channels = 1;
  std::size_t kernel_height = 1, kernel_width = 1;
  std::size_t stride_y = 1, stride_x = 1;
  std::size_t dilation_y = 1, dilation_x = 1;
  std::size_t pad_top = 0, pad_left = 0;  // pads below and to the right follow from the output's size
  std::size_t groups = 1;                 // divides both channel counts

  bool is_pointwise() const {
    return kernel_height == 1 && kernel_width == 1 && stride_y == 1 && stride_x == 1 && pad_top == 0 && pad_left == 0 &&
           groups == 1 && input_height == output_height && input_width == output_width;
  }
  bool is_depthwise() const { return groups == input_channels && groups == output_channels; }
};

}  // namespace actionscope::engine
