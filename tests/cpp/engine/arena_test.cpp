#include "engine/arena.hpp"

#include <catch_amalgamated.hpp>
#include <random>
#include <vector>

using namespace actionscope::engine;

namespace {

bool overlap(const ArenaPlan& plan, const std::vector<Lifetime>& lifetimes, std::size_t a, std::size_t b) {
  return plan.offsets[a] < plan.offsets[b] + lifetimes[b].bytes + kArenaSlack &&
         plan.offsets[b] < plan.offsets[a] + lifetimes[a].bytes + kArenaSlack;
}

}  // namespace

TEST_CASE("an arena without blocks is empty") { CHECK(plan_arena({}).bytes == 0); }

TEST_CASE("blocks whose lifetimes do not meet share memory") {
  const std::vector<Lifetime> lifetimes{{1000, 0, 1}, {1000, 2, 3}};
  const ArenaPlan plan = plan_arena(lifetimes);
  CHECK(plan.offsets[0] == plan.offsets[1]);
  CHECK(plan.bytes == 1024);
}

TEST_CASE("a block fits into the gap that two larger ones leave") {
  // The first and the last meet the middle one, which lies behind the first; the small one lives beside the middle
  // alone.
  const std::vector<Lifetime> lifetimes{{4000, 0, 1}, {3000, 1, 2}, {500, 2, 2}};
  const ArenaPlan plan = plan_arena(lifetimes);
  CHECK(plan.offsets[2] < plan.offsets[1]);
  CHECK(plan.bytes == plan.offsets[1] + 3072);
}

TEST_CASE("blocks that live at the same time never overlap, and all are aligned") {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<Lifetime> lifetimes(40);
    for (Lifetime& lifetime : lifetimes) {
      lifetime = {random() % 5000, random() % 30, 0};
      lifetime.last = lifetime.first + random() % 6;
    }
    const ArenaPlan plan = plan_arena(lifetimes);
    for (std::size_t a = 0; a < lifetimes.size(); ++a) {
      CHECK(plan.offsets[a] % kArenaAlignment == 0);
      CHECK(plan.offsets[a] + lifetimes[a].bytes + kArenaSlack <= plan.bytes);
      for (std::size_t b = 0; b < a; ++b) {
        if (lifetimes[a].first > lifetimes[b].last || lifetimes[b].first > lifetimes[a].last) continue;
        CHECK_FALSE(overlap(plan, lifetimes, a, b));
      }
    }
  }
}
