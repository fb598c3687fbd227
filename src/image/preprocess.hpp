#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "image/frame.hpp"
#include "image/pixel_rows.hpp"
#include "image/resampler.hpp"
#include "input_spec.hpp"

namespace actionscope::image {

// Turns frames into tensors. Keeps its scratch memory between frames of one size, so that a clip allocates once.
class Preprocessor {
 public:
  // `spec` must be in order (sizes 1..8192, std > 0), as reading a model package ensures.
  explicit Preprocessor(const InputSpec& spec);

  // Writes one tensor of 3 x height x width floats (planar, "CHW"): (resized / 255 - mean) / std, where `resized` is
  // clamped to 0..255. `pixels` is read only during the call.
  // Errors: frame_invalid, frame_too_large (also when there is not enough memory); model_shape when `tensor` is not of
  // that size. After an error `tensor` is untouched.
  Result<void> run(std::span<const std::uint8_t> pixels, const FrameLayout& layout, std::span<float> tensor);

 private:
  bool prepare(const Geometry& geometry);

  InputSpec spec_;
  std::unique_ptr<Resampler> resampler_;
  std::optional<Geometry> prepared_;  // what resampler_ is prepared for
  YuvRows yuv_rows_;
  std::vector<float> row_;  // one normalised row, planar
};

}  // namespace actionscope::image
