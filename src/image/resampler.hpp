#pragma once

#include <cstdint>
#include <memory>

#include "input_spec.hpp"

namespace actionscope::image {

// A rectangle of the source, in fractions 0..1 of its width and height.
struct Region {
  double left = 0;
  double top = 0;
  double right = 1;
  double bottom = 1;
  bool operator==(const Region&) const = default;
};

// Which pixels become which: the region of a source picture is stretched over a target picture. Sizes in pixels, >= 1.
// Pixels outside of the region, but inside of the picture, still count where a filter reaches over the region's edge.
struct Geometry {
  int source_width = 0;
  int source_height = 0;
  Region region;
  int target_width = 0;
  int target_height = 0;
  bool operator==(const Geometry&) const = default;
};

// Gives the rows of the source picture, four bytes a pixel.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // Pixels first .. first + count - 1 of row y. Valid until the next call.
  virtual const std::uint8_t* row(int y, int first, int count) = 0;
};

// Takes the rows of the target picture in ascending order: four floats a pixel, 255 having become 1. Filters with
// negative lobes, and rounding, may leave 0..1.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void put(int y, const float* row) = 0;
};

// Resizes pictures of one geometry after another; the fourth channel is resized like the others.
class Resampler {
 public:
  virtual ~Resampler() = default;

  // Computes weights and takes memory for a geometry. False when there is not enough memory.
  virtual bool prepare(const Geometry& geometry) = 0;

  // Resizes one picture of the prepared geometry; allocates nothing.
  virtual void run(RowSource& source, RowSink& sink) = 0;
};

std::unique_ptr<Resampler> make_resampler(Filter filter, bool antialias);

}  // namespace actionscope::image
