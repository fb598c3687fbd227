#pragma once

#include <algorithm>
#include <cmath>

namespace actionscope::image {

// Weights of linear interpolation, by distance in pixels.
inline double triangle_kernel(double distance) { return std::max(0.0, 1 - std::abs(distance)); }

// Weights of cubic interpolation, by distance in pixels. R. Keys, "Cubic convolution interpolation for digital image
// processing" (1981), with its parameter left free: a = -0.5 is Catmull and Rom's spline.
inline double cubic_kernel(double distance, double a) {
  const double x = std::abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

}  // namespace actionscope::image
