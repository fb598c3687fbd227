#include "temporal/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace actionscope::temporal {
namespace {

// Durations are sums of decimal fractions; without it 0.25 s at 10 a second could have 2 samples or 3.
constexpr double kTolerance = 1e-6;

// Number of windows before any limit, for a clip of at least as many samples as a window.
std::size_t all_windows(std::size_t samples, const model::Window& window) {
  const auto frames = static_cast<std::size_t>(window.frames);
  const auto hop = static_cast<std::size_t>(window.hop);
  return (samples - frames + hop - 1) / hop + 1;
}

WindowSlots consecutive(std::size_t start, std::size_t frames) {
  WindowSlots slots(frames);
  std::iota(slots.begin(), slots.end(), start);
  return slots;
}

WindowSlots short_window(std::size_t samples, const model::Window& window) {
  const auto frames = static_cast<std::size_t>(window.frames);
  if (window.short_clips == model::ShortClips::stretch) return spread_window(samples, frames);
  WindowSlots slots = consecutive(0, samples);
  slots.resize(frames, kZeroFeature);
  return slots;
}

}  // namespace

std::size_t sample_count(double duration, double rate) {
  const double count = std::ceil(duration * rate - 0.5 - kTolerance);
  if (!(count > 1)) return 1;
  return static_cast<std::size_t>(std::min(count, static_cast<double>(kMostSamples)));
}

double sample_time(std::size_t index, double rate, double duration) {
  if (index == 0 && duration < 0.5 / rate) return 0;
  return (static_cast<double>(index) + 0.5) / rate;
}

WindowSlots spread_window(std::size_t samples, std::size_t frames) {
  WindowSlots slots(frames);
  for (std::size_t slot = 0; slot < frames; ++slot) {
    // (slot + 0.5) * samples / frames in whole numbers, so that no rounding decides; 64 bits, since wasm's size_t
    // has 32.
    slots[slot] = static_cast<std::size_t>((2 * std::uint64_t{slot} + 1) * samples / (2 * std::uint64_t{frames}));
  }
  return slots;
}

std::size_t window_count(std::size_t samples, const model::Window& window, std::size_t most) {
  if (samples <= static_cast<std::size_t>(window.frames)) return 1;
  const std::size_t all = all_windows(samples, window);
  return most == 0 ? all : std::min(all, most);
}

std::vector<WindowSlots> clip_windows(std::size_t samples, const model::Window& window, std::size_t most) {
  const auto frames = static_cast<std::size_t>(window.frames);
  const auto hop = static_cast<std::size_t>(window.hop);
  if (samples < frames) return {short_window(samples, window)};

  const std::size_t count = window_count(samples, window, most);
  const std::size_t last_start = samples - frames;
  const bool limited = count < all_windows(samples, window);
  std::vector<WindowSlots> windows;
  windows.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    std::size_t start = std::min(index * hop, last_start);
    if (limited && count == 1) {
      start = (last_start + 1) / 2;
    } else if (limited) {
      // round(index * last_start / (count - 1)), half up
      const std::uint64_t steps = count - 1;
      start = static_cast<std::size_t>((2 * std::uint64_t{index} * last_start + steps) / (2 * steps));
    }
    windows.push_back(consecutive(start, frames));
  }
  return windows;
}

WindowSlots first_look(std::size_t samples, const model::Window& window) {
  const auto frames = static_cast<std::size_t>(window.frames);
  return samples < frames ? short_window(samples, window) : spread_window(samples, frames);
}

}  // namespace actionscope::temporal
