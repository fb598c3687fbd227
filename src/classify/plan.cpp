#include "classify/plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace actionscope::classify {
namespace {

using temporal::kZeroFeature;
using temporal::WindowSlots;

Plan with_samples(std::vector<WindowSlots> windows, WindowSlots first_look) {
  // Slots ascend within a window and windows ascend, so whatever does not exceed the last sample is there already.
  const auto append = [](std::vector<std::size_t>& samples, const WindowSlots& slots) {
    for (const std::size_t sample : slots) {
      if (sample != kZeroFeature && (samples.empty() || sample > samples.back())) samples.push_back(sample);
    }
  };
  std::vector<std::size_t> of_windows;
  for (const WindowSlots& slots : windows) append(of_windows, slots);
  std::vector<std::size_t> of_first_look;
  append(of_first_look, first_look);

  Plan plan = {std::move(windows), std::move(first_look), {}, std::move(of_windows)};
  plan.samples.reserve(plan.window_samples.size());
  std::set_union(plan.window_samples.begin(), plan.window_samples.end(), of_first_look.begin(), of_first_look.end(),
                 std::back_inserter(plan.samples));
  return plan;
}

}  // namespace

Plan plan_clip(std::size_t samples, const model::Window& window, std::size_t most_windows) {
  return with_samples(temporal::clip_windows(samples, window, most_windows), temporal::first_look(samples, window));
}

Plan plan_still(const model::Window& window) {
  const WindowSlots slots(static_cast<std::size_t>(window.frames), 0);
  return {{slots}, slots, {0}, {0}};
}

Plan plan_run(const Plan& plan, std::span<const std::size_t> run, const model::Window& window) {
  const std::size_t first = run.front();
  const std::size_t last = run.back();
  const auto frames = static_cast<std::size_t>(window.frames);

  std::vector<WindowSlots> windows;
  std::copy_if(plan.windows.begin(), plan.windows.end(), std::back_inserter(windows),
               [&](const WindowSlots& slots) { return slots.front() >= first && last_sample(slots) <= last; });
  const bool ends_with_window = !windows.empty() && last_sample(windows.back()) == last;
  const bool has_whole_end = run.size() >= frames && last - run[run.size() - frames] == frames - 1;
  if (!ends_with_window && has_whole_end) {
    windows.emplace_back(run.end() - static_cast<std::ptrdiff_t>(frames), run.end());
  }

  WindowSlots first_look = temporal::first_look(last - first + 1, window);
  for (std::size_t& slot : first_look) {
    if (slot != kZeroFeature) slot = *std::prev(std::upper_bound(run.begin(), run.end(), first + slot));
  }
  if (windows.empty()) windows.push_back(first_look);
  return with_samples(std::move(windows), std::move(first_look));
}

std::size_t last_sample(const WindowSlots& slots) {
  return *std::find_if(slots.rbegin(), slots.rend(), [](std::size_t slot) { return slot != kZeroFeature; });
}

}  // namespace actionscope::classify
