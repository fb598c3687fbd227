#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "engine/instructions.hpp"

namespace actionscope::engine {

// One kernel with everything that it needs; called with `Steps::scratch` bytes to work in, which hold nothing between
// steps.
using Step = std::function<void(void* scratch)>;

struct Steps {
  std::vector<Step> steps;
  std::size_t scratch = 0;
  std::size_t weights = 0;  // bytes that the steps keep themselves
};

// Packs the weights of a listing that has been arranged, and ties each instruction to where its values lie: `places`
// has one address a value (null where it has none), aligned to 64 bytes, which outlives the steps.
Steps make_steps(const Listing& listing, std::span<std::byte* const> places);

}  // namespace actionscope::engine
