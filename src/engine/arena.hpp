#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace actionscope::engine {

// Memory that is needed from one step to another, both included.
struct Lifetime {
  std::size_t bytes = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

struct ArenaPlan {
  std::vector<std::size_t> offsets;  // one a lifetime, multiples of kArenaAlignment
  std::size_t bytes = 0;
};

inline constexpr std::size_t kArenaAlignment = 64;

// Bytes behind each block that kernels may read, but not write, when they take a whole vector.
inline constexpr std::size_t kArenaSlack = 16;

// Places blocks in one arena so that those whose lifetimes meet do not overlap: the largest first, each as low as it
// fits.
ArenaPlan plan_arena(std::span<const Lifetime> lifetimes);

}  // namespace actionscope::engine
