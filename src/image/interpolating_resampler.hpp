#pragma once

#include <array>
#include <vector>

#include "image/resampler.hpp"

namespace actionscope::image {

// Plain interpolation at the centres of the target's pixels, however far apart these are: what OpenCV does for
// INTER_LINEAR (2 x 2 pixels) and INTER_CUBIC (4 x 4, Keys' kernel with a = -0.75). Beyond an edge its pixels repeat.
//
// Written out here rather than asked of stb_image_resize2 with a filter of our own: stb (2.12) gives both axes the
// kernel of the horizontal one, which cannot tell an axis that shrinks from one that grows, and it reads every source
// row where a few suffice.
class InterpolatingResampler final : public Resampler {
 public:
  explicit InterpolatingResampler(Filter filter);

  bool prepare(const Geometry& geometry) override;
  void run(RowSource& source, RowSink& sink) override;

 private:
  static constexpr int kMostTaps = 4;

  // The source pixels (or rows) that make one target pixel (or row), and their weights, of which the sum is 1.
  struct Taps {
    std::array<int, kMostTaps> index{};
    std::array<float, kMostTaps> weight{};
  };

  std::vector<Taps> taps_along(int source, double from, double to, int target) const;
  const float* narrowed_row(int y, RowSource& source);

  Filter filter_;
  std::size_t tap_count_;
  std::vector<Taps> columns_;
  std::vector<Taps> rows_;
  int first_column_ = 0;  // the span of source columns that any target pixel reads
  int column_count_ = 0;
  // Source rows already brought to the target's width: row y lives in slot y % tap_count_.
  std::array<std::vector<float>, kMostTaps> narrowed_;
  std::array<int, kMostTaps> narrowed_index_{};
  std::vector<float> result_;
};

}  // namespace actionscope::image
