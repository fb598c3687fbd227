#pragma once

#include <memory>
#include <vector>

#include "image/resampler.hpp"

namespace actionscope::image {

// Filters that widen with the shrinking, through stb_image_resize2: what Pillow does for BILINEAR (a triangle) and
// BICUBIC (Keys' kernel with a = -0.5), in floats throughout. Where a filter reaches over the edge of the picture, what
// remains of it inside is scaled up to a sum of 1, as Pillow does.
class AntialiasingResampler final : public Resampler {
 public:
  explicit AntialiasingResampler(Filter filter);

  bool prepare(const Geometry& geometry) override;
  void run(RowSource& source, RowSink& sink) override;

 private:
  struct Samplers;  // what stb keeps of a geometry
  struct Release {
    void operator()(Samplers* samplers) const;
  };

  // 1 / (the share of the filter's weight that lies inside of the picture), for each target pixel along one axis.
  std::vector<float> edge_gains(int source, double from, double to, int target) const;

  Filter filter_;
  std::unique_ptr<Samplers, Release> samplers_;
  std::vector<float> column_gains_;  // four a pixel, as the channels lie
  std::vector<float> row_gains_;
  std::vector<float> row_;
};

}  // namespace actionscope::image
