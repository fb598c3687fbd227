#include "image/resampler.hpp"

#include "image/antialiasing_resampler.hpp"
#include "image/interpolating_resampler.hpp"

namespace actionscope::image {

std::unique_ptr<Resampler> make_resampler(Filter filter, bool antialias) {
  if (antialias) return std::make_unique<AntialiasingResampler>(filter);
  return std::make_unique<InterpolatingResampler>(filter);
}

}  // namespace actionscope::image
