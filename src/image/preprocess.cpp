#include "image/preprocess.hpp"

#include <new>
#include <string>

#include "image/tensor_writer.hpp"

namespace actionscope::image {
namespace {

bool is_turned(Rotation rotation) { return rotation == Rotation::clockwise_90 || rotation == Rotation::clockwise_270; }

// The part of the stored picture that is resized to the tensor.
Region region_of(const InputSpec& spec, const FrameLayout& layout) {
  if (spec.resize == ResizeMode::stretch) return {};
  const double tensor_aspect = static_cast<double>(spec.width) / spec.height;
  const double display_aspect = static_cast<double>(layout.display_width) / layout.display_height;
  // Both as the picture is stored, where a turned tensor lies on its side.
  const double wanted_aspect = is_turned(layout.rotation) ? 1 / tensor_aspect : tensor_aspect;
  Region region;
  if (display_aspect > wanted_aspect) {
    const double margin = (1 - wanted_aspect / display_aspect) / 2;
    region.left = margin;
    region.right = 1 - margin;
  } else {
    const double margin = (1 - display_aspect / wanted_aspect) / 2;
    region.top = margin;
    region.bottom = 1 - margin;
  }
  return region;
}

Geometry geometry_of(const InputSpec& spec, const FrameLayout& layout) {
  // Turning is done last, on the small picture, so a picture to be turned by 90 degrees is resized to a turned tensor.
  const bool turned = is_turned(layout.rotation);
  return {layout.width, layout.height, region_of(spec, layout), turned ? spec.height : spec.width,
          turned ? spec.width : spec.height};
}

}  // namespace

Preprocessor::Preprocessor(const InputSpec& spec)
    : spec_(spec), resampler_(make_resampler(spec.filter, spec.antialias)) {}

// Takes all the memory that frames of this geometry need. False when there is not enough.
bool Preprocessor::prepare(const Geometry& geometry) {
  if (prepared_ == geometry) return true;
  prepared_.reset();
  try {
    if (!resampler_->prepare(geometry)) return false;
    yuv_rows_.reserve(geometry.source_width);
    row_.resize(3 * static_cast<std::size_t>(geometry.target_width));
  } catch (const std::bad_alloc&) {
    return false;
  }
  prepared_ = geometry;
  return true;
}

Result<void> Preprocessor::run(std::span<const std::uint8_t> pixels, const FrameLayout& layout,
                               std::span<float> tensor) {
  if (const auto sound = check(layout, pixels.size()); !sound) return sound;
  const std::size_t size = 3 * static_cast<std::size_t>(spec_.width) * static_cast<std::size_t>(spec_.height);
  if (tensor.size() != size) {
    return fail(ErrorCode::model_shape, "The tensor for a frame holds " + std::to_string(tensor.size()) +
                                            " numbers, but the model's input has " + std::to_string(size) + ".");
  }

  if (!prepare(geometry_of(spec_, layout))) {
    return fail(ErrorCode::frame_too_large, "There is not enough memory to resize a frame of " +
                                                std::to_string(layout.width) + " x " + std::to_string(layout.height) +
                                                " pixels.");
  }

  TensorWriter writer(spec_, layout, row_, tensor);
  if (plane_count(layout.format) == 1) {
    PackedRows rows(pixels, layout);
    resampler_->run(rows, writer);
  } else {
    yuv_rows_.begin(pixels, layout);
    resampler_->run(yuv_rows_, writer);
  }
  return {};
}

}  // namespace actionscope::image
