#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/arena.hpp"
#include "engine/instructions.hpp"

namespace actionscope::engine {

// Where the values of a listing lie: those that are known ahead on their own, all others in one arena. Values share
// memory where one is another under a new shape, or is written over it by the last instruction that reads it.
struct MemoryPlan {
  std::vector<std::optional<std::size_t>>
      offsets;                     // one a value; none for those known ahead and for ones that nobody needs
  std::vector<ValueId> constants;  // values known ahead that a run reads
  std::vector<ValueId> roots;      // one a value: the value whose memory it shares, or itself
  std::size_t bytes = 0;
};

MemoryPlan plan_memory(const Listing& listing);

}  // namespace actionscope::engine
