#include "image/tensor_writer.hpp"

#include <algorithm>

namespace actionscope::image {
namespace {

bool is_blue_first(PixelFormat format) { return format == PixelFormat::bgra || format == PixelFormat::bgrx; }

}  // namespace

TensorWriter::TensorWriter(const InputSpec& spec, const FrameLayout& layout, std::span<float> scratch,
                           std::span<float> tensor)
    : mean_(spec.mean), scratch_(scratch), tensor_(tensor) {
  const std::ptrdiff_t width = spec.width;
  const std::ptrdiff_t last_column = width - 1;
  const std::ptrdiff_t last_row = (spec.height - 1) * width;
  switch (layout.rotation) {
    case Rotation::none:
      start_ = 0;
      x_step_ = 1;
      y_step_ = width;
      break;
    case Rotation::clockwise_90:
      start_ = last_column;
      x_step_ = width;
      y_step_ = -1;
      break;
    case Rotation::clockwise_180:
      start_ = last_row + last_column;
      x_step_ = -1;
      y_step_ = -width;
      break;
    case Rotation::clockwise_270:
      start_ = last_row;
      x_step_ = -width;
      y_step_ = 1;
      break;
  }
  if (layout.flip) {
    // Columns run the other way: whatever steps along a row does so backwards, from its other end.
    const bool turned = layout.rotation == Rotation::clockwise_90 || layout.rotation == Rotation::clockwise_270;
    std::ptrdiff_t& along_row = turned ? y_step_ : x_step_;
    start_ += along_row * last_column;
    along_row = -along_row;
  }
  const bool swapped = is_blue_first(layout.format) != (spec.channel_order == ChannelOrder::bgr);
  component_ = swapped ? std::array<std::size_t, 3>{2, 1, 0} : std::array<std::size_t, 3>{0, 1, 2};
  std::transform(spec.std.begin(), spec.std.end(), gain_.begin(), [](float std) { return 1.0F / std; });
}

void TensorWriter::put(int y, const float* row) {
  const std::size_t width = scratch_.size() / 3;
  const std::size_t plane_size = tensor_.size() / 3;
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const float* source = row + component_[plane];
    const float mean = mean_[plane];
    const float gain = gain_[plane];
    float* normalised = scratch_.data() + plane * width;
    for (std::size_t x = 0; x < width; ++x) {
      float value = source[4 * x];
      value = value > 0.0F ? value : 0.0F;
      value = value < 1.0F ? value : 1.0F;
      normalised[x] = (value - mean) * gain;
    }
    float* target = tensor_.data() + plane * plane_size + start_ + y * y_step_;
    for (std::size_t x = 0; x < width; ++x) target[static_cast<std::ptrdiff_t>(x) * x_step_] = normalised[x];
  }
}

}  // namespace actionscope::image
