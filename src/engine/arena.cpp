#include "engine/arena.hpp"

#include <algorithm>
#include <numeric>

namespace actionscope::engine {
namespace {

std::size_t padded(std::size_t bytes) {
  return (bytes + kArenaSlack + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
}

bool meet(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

ArenaPlan plan_arena(std::span<const Lifetime> lifetimes) {
  std::vector<std::size_t> by_size(lifetimes.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  // Ties are broken by position, so that a plan depends on nothing else.
  std::sort(by_size.begin(), by_size.end(), [&](std::size_t a, std::size_t b) {
    return lifetimes[a].bytes != lifetimes[b].bytes ? lifetimes[a].bytes > lifetimes[b].bytes : a < b;
  });

  ArenaPlan plan;
  plan.offsets.resize(lifetimes.size());
  std::vector<std::size_t> placed;  // ascending by offset
  for (const std::size_t block : by_size) {
    const std::size_t size = padded(lifetimes[block].bytes);
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      if (!meet(lifetimes[block], lifetimes[other])) continue;
      if (offset + size <= plan.offsets[other]) break;
      offset = std::max(offset, plan.offsets[other] + padded(lifetimes[other].bytes));
    }
    plan.offsets[block] = offset;
    plan.bytes = std::max(plan.bytes, offset + size);
    const auto behind = std::upper_bound(placed.begin(), placed.end(), offset,
                                         [&](std::size_t at, std::size_t other) { return at < plan.offsets[other]; });
    placed.insert(behind, block);
  }
  return plan;
}

}  // namespace actionscope::engine
