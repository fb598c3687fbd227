#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "image/frame.hpp"
#include "image/resampler.hpp"
#include "input_spec.hpp"

namespace actionscope::image {

// Takes the rows of a resized picture as it is stored, and writes them clamped, normalised, turned upright and flipped
// into a planar tensor.
class TensorWriter final : public RowSink {
 public:
  // `scratch` holds a row of three planes: 3 x (the width of the stored picture). `tensor` holds 3 x height x width
  // floats. Both must outlive this object.
  TensorWriter(const InputSpec& spec, const FrameLayout& layout, std::span<float> scratch, std::span<float> tensor);

  void put(int y, const float* row) override;

 private:
  // Stored pixel (x, y) goes to tensor[start + x * x_step + y * y_step] of each plane.
  std::ptrdiff_t start_ = 0;
  std::ptrdiff_t x_step_ = 1;
  std::ptrdiff_t y_step_ = 0;
  std::array<std::size_t, 3> component_{};  // which of the four floats of a pixel each plane takes
  std::array<float, 3> mean_;
  std::array<float, 3> gain_{};
  std::span<float> scratch_;
  std::span<float> tensor_;
};

}  // namespace actionscope::image
