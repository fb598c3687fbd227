#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/model.hpp"
#include "temporal/sampling.hpp"

namespace actionscope::classify {

// Which samples of a clip are looked at, and by which windows.
struct Plan {
  std::vector<temporal::WindowSlots> windows;  // at least one; first and last samples ascend from window to window
  temporal::WindowSlots first_look;
  std::vector<std::size_t> samples;         // all that windows and first look read, ascending, each once
  std::vector<std::size_t> window_samples;  // those that windows read
};

// The plan of a clip of `samples` samples; `most_windows`: 0 for no limit.
Plan plan_clip(std::size_t samples, const model::Window& window, std::size_t most_windows);

// The plan of a still: one sample, in every slot of one window.
Plan plan_still(const model::Window& window);

// The plan of a clip of which only `run` came, not empty: a part of plan.samples without a gap, save for samples that
// no window reads. It keeps the windows that lie in the run, and adds one that ends with it unless such a window is
// there or would read samples that never came. A run without a window gets one as a short clip does. The first look is
// spread over the run. Without a limit of windows this is the plan of a clip that is as long as the run.
Plan plan_run(const Plan& plan, std::span<const std::size_t> run, const model::Window& window);

// The last sample that a window reads, zeros left out.
std::size_t last_sample(const temporal::WindowSlots& slots);

}  // namespace actionscope::classify
