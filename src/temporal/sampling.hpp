#pragma once

#include <cstddef>
#include <vector>

#include "model/model.hpp"

namespace actionscope::temporal {

// "The answer, defined once" (ARCHITECTURE.md): which samples a clip has, and which of them each window reads.

// Sample counts are never larger; clips that would have more are refused by whoever plans them.
inline constexpr std::size_t kMostSamples = 1'000'000'000;

// Number of samples of a clip of `duration` seconds at `rate` samples a second (> 0):
// max(1, ceil(duration * rate - 0.5 - 1e-6)), at most kMostSamples. A duration that is negative or NaN counts as 0.
std::size_t sample_count(double duration, double rate);

// Time in seconds of sample `index`: (index + 0.5) / rate, or 0 in a clip that ends before its first sample.
double sample_time(std::size_t index, double rate, double duration);

// Slot values of a window: the index of a sample, or kZeroFeature, a frame of zeros after normalisation.
inline constexpr std::size_t kZeroFeature = static_cast<std::size_t>(-1);
using WindowSlots = std::vector<std::size_t>;

// One window spread evenly over `samples` samples (1..kMostSamples): slot j reads sample floor((j + 0.5) * samples /
// frames).
WindowSlots spread_window(std::size_t samples, std::size_t frames);

// Number of windows that clip_windows gives.
std::size_t window_count(std::size_t samples, const model::Window& window, std::size_t most);

// All windows of a clip of `samples` samples (1..kMostSamples), in order, frames slots each: starts 0, hop, 2 * hop,
// ... while the window fits, and one more that ends with the clip if the last of these does not. Fewer samples than a
// window: one window, stretched (spread_window) or the samples followed by kZeroFeature. With more than `most` windows
// (0: no limit), `most` of them spread evenly: start k = round(k * (samples - frames) / (most - 1)), half up; a single
// one lies in the middle.
std::vector<WindowSlots> clip_windows(std::size_t samples, const model::Window& window, std::size_t most);

// The first look: the clip's only window where it has no more samples than a window, else spread_window.
WindowSlots first_look(std::size_t samples, const model::Window& window);

}  // namespace actionscope::temporal
