#include "image/antialiasing_resampler.hpp"

#include <stb_image_resize2.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "image/kernels.hpp"

namespace actionscope::image {
namespace {

constexpr std::size_t kChannels = 4;
constexpr double kCubicParameter = -0.5;  // Pillow's

// STBIR_FILTER_CATMULLROM but for its zeros between the lobes. Where stb scatters rows (it shrinks by more than 8), it
// loses what it knows of a row when it meets a weight of exactly zero inside of a filter (seen in 2.12 to 2.18).
float cubic_weight(float distance, float, void*) {
  constexpr float nothing = 1e-20F;
  const auto weight = static_cast<float>(cubic_kernel(distance, kCubicParameter));
  return weight == 0.0F && std::abs(distance) < 2 ? nothing : weight;
}

float cubic_reach(float, void*) { return 2; }

// What stb hands back to its callbacks during one run.
struct Run {
  RowSource& source;
  RowSink& sink;
  const std::vector<float>& column_gains;
  const std::vector<float>& row_gains;
  std::vector<float>& row;
};

const void* read_row(void*, const void*, int count, int first, int y, void* context) {
  return static_cast<Run*>(context)->source.row(y, first, count);
}

void write_row(const void* resized, int, int y, void* context) {
  Run& run = *static_cast<Run*>(context);
  const auto* values = static_cast<const float*>(resized);
  const float row_gain = run.row_gains[static_cast<std::size_t>(y)];
  for (std::size_t i = 0; i < run.row.size(); ++i) run.row[i] = values[i] * (run.column_gains[i] * row_gain);
  run.sink.put(y, run.row.data());
}

}  // namespace

struct AntialiasingResampler::Samplers {
  STBIR_RESIZE resize;
};

AntialiasingResampler::AntialiasingResampler(Filter filter) : filter_(filter) {}

void AntialiasingResampler::Release::operator()(Samplers* samplers) const {
  stbir_free_samplers(&samplers->resize);
  delete samplers;
}

std::vector<float> AntialiasingResampler::edge_gains(int source, double from, double to, int target) const {
  const double step = (to - from) * source / target;
  const double widening = std::max(1.0, step);
  const double reach = (filter_ == Filter::bilinear ? 1 : 2) * widening;
  std::vector<float> gains(static_cast<std::size_t>(target));
  for (int i = 0; i < target; ++i) {
    // Pixel centres lie at halves, so a position counts from the centre of the first source pixel.
    const double position = from * source + (i + 0.5) * step - 0.5;
    double all = 0;
    double inside = 0;
    for (int j = static_cast<int>(std::floor(position - reach)); j <= std::ceil(position + reach); ++j) {
      const double distance = (position - j) / widening;
      const double weight =
          filter_ == Filter::bilinear ? triangle_kernel(distance) : cubic_kernel(distance, kCubicParameter);
      all += weight;
      if (j >= 0 && j < source) inside += weight;
    }
    gains[static_cast<std::size_t>(i)] = static_cast<float>(all / inside);
  }
  return gains;
}

bool AntialiasingResampler::prepare(const Geometry& geometry) {
  const Region& region = geometry.region;
  row_gains_ = edge_gains(geometry.source_height, region.top, region.bottom, geometry.target_height);
  const std::vector<float> gains = edge_gains(geometry.source_width, region.left, region.right, geometry.target_width);
  column_gains_.clear();
  for (const float gain : gains) column_gains_.insert(column_gains_.end(), kChannels, gain);
  row_.resize(column_gains_.size());

  samplers_.reset(new Samplers{});
  STBIR_RESIZE* resize = &samplers_->resize;
  // Both ends are callbacks, so stb needs no buffers; it does count rows on from what it is given as their addresses,
  // though, and must not start at null. Four plain channels: alpha must not weigh the colours.
  stbir_resize_init(resize, row_.data(), geometry.source_width, geometry.source_height, 0, row_.data(),
                    geometry.target_width, geometry.target_height, 0, STBIR_4CHANNEL, STBIR_TYPE_UINT8);
  stbir_set_datatypes(resize, STBIR_TYPE_UINT8, STBIR_TYPE_FLOAT);
  // Weights beyond the edge are dropped here and made up for by the gains.
  stbir_set_edgemodes(resize, STBIR_EDGE_ZERO, STBIR_EDGE_ZERO);
  if (filter_ == Filter::bilinear) {
    stbir_set_filters(resize, STBIR_FILTER_TRIANGLE, STBIR_FILTER_TRIANGLE);
  } else {
    stbir_set_filter_callbacks(resize, cubic_weight, cubic_reach, cubic_weight, cubic_reach);
  }
  stbir_set_input_subrect(resize, region.left, region.top, region.right, region.bottom);
  stbir_set_pixel_callbacks(resize, read_row, write_row);
  return stbir_build_samplers(resize) != 0;
}

void AntialiasingResampler::run(RowSource& source, RowSink& sink) {
  Run run{source, sink, column_gains_, row_gains_, row_};
  stbir_set_user_data(&samplers_->resize, &run);
  stbir_resize_extended(&samplers_->resize);
}

}  // namespace actionscope::image
