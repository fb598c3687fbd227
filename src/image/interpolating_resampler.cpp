#include "image/interpolating_resampler.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "image/kernels.hpp"

namespace actionscope::image {
namespace {

constexpr std::size_t kChannels = 4;

constexpr double kCubicParameter = -0.75;  // OpenCV's

}  // namespace

InterpolatingResampler::InterpolatingResampler(Filter filter)
    : filter_(filter), tap_count_(filter == Filter::bilinear ? 2 : 4) {}

std::vector<InterpolatingResampler::Taps> InterpolatingResampler::taps_along(int source, double from, double to,
                                                                             int target) const {
  std::vector<Taps> result(static_cast<std::size_t>(target));
  for (int i = 0; i < target; ++i) {
    // Pixel centres lie at halves, so a position counts from the centre of the first source pixel.
    const double position = (from + (to - from) * (i + 0.5) / target) * source - 0.5;
    const int first = static_cast<int>(std::floor(position)) - static_cast<int>(tap_count_) / 2 + 1;
    Taps& taps = result[static_cast<std::size_t>(i)];
    for (std::size_t t = 0; t < tap_count_; ++t) {
      const int index = first + static_cast<int>(t);
      const double distance = position - index;
      taps.index[t] = std::clamp(index, 0, source - 1);
      taps.weight[t] = static_cast<float>(filter_ == Filter::bilinear ? triangle_kernel(distance)
                                                                      : cubic_kernel(distance, kCubicParameter));
    }
  }
  return result;
}

bool InterpolatingResampler::prepare(const Geometry& geometry) {
  const Region& region = geometry.region;
  columns_ = taps_along(geometry.source_width, region.left, region.right, geometry.target_width);
  rows_ = taps_along(geometry.source_height, region.top, region.bottom, geometry.target_height);
  first_column_ = columns_.front().index.front();
  column_count_ = columns_.back().index[tap_count_ - 1] - first_column_ + 1;
  for (Taps& taps : columns_) {
    for (std::size_t t = 0; t < tap_count_; ++t) taps.index[t] -= first_column_;
  }
  for (Taps& taps : rows_) {
    for (std::size_t t = 0; t < tap_count_; ++t) taps.weight[t] /= 255.0F;
  }
  result_.resize(columns_.size() * kChannels);
  for (std::size_t slot = 0; slot < tap_count_; ++slot) narrowed_[slot].resize(result_.size());
  return true;
}

const float* InterpolatingResampler::narrowed_row(int y, RowSource& source) {
  const std::size_t slot = static_cast<std::size_t>(y) % tap_count_;
  std::vector<float>& narrowed = narrowed_[slot];
  if (narrowed_index_[slot] == y) return narrowed.data();
  narrowed_index_[slot] = y;
  const std::uint8_t* pixels = source.row(y, first_column_, column_count_);
  float* target = narrowed.data();
  for (const Taps& taps : columns_) {
    std::array<float, kChannels> sum{};
    for (std::size_t t = 0; t < tap_count_; ++t) {
      const std::uint8_t* pixel = pixels + kChannels * static_cast<std::size_t>(taps.index[t]);
      for (std::size_t c = 0; c < kChannels; ++c) sum[c] += taps.weight[t] * static_cast<float>(pixel[c]);
    }
    target = std::copy(sum.begin(), sum.end(), target);
  }
  return narrowed.data();
}

void InterpolatingResampler::run(RowSource& source, RowSink& sink) {
  narrowed_index_.fill(-1);
  for (std::size_t y = 0; y < rows_.size(); ++y) {
    std::fill(result_.begin(), result_.end(), 0.0F);
    for (std::size_t t = 0; t < tap_count_; ++t) {
      const float* narrowed = narrowed_row(rows_[y].index[t], source);
      const float weight = rows_[y].weight[t];
      for (std::size_t i = 0; i < result_.size(); ++i) result_[i] += weight * narrowed[i];
    }
    sink.put(static_cast<int>(y), result_.data());
  }
}

}  // namespace actionscope::image
