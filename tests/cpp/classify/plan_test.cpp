#include "classify/plan.hpp"

#include <catch_amalgamated.hpp>
#include <numeric>
#include <vector>

namespace {

using actionscope::classify::last_sample;
using actionscope::classify::Plan;
using actionscope::classify::plan_clip;
using actionscope::classify::plan_run;
using actionscope::classify::plan_still;
using actionscope::model::ShortClips;
using actionscope::model::Window;
using actionscope::temporal::kZeroFeature;
using actionscope::temporal::WindowSlots;

constexpr Window kWindow = {.frames = 4, .hop = 2, .short_clips = ShortClips::stretch};
constexpr Window kZeros = {.frames = 4, .hop = 2, .short_clips = ShortClips::zeros};

std::vector<std::size_t> first_samples(std::size_t count) {
  std::vector<std::size_t> samples(count);
  std::iota(samples.begin(), samples.end(), 0);
  return samples;
}

}  // namespace

TEST_CASE("Without a limit a plan reads every sample once") {
  const Plan plan = plan_clip(9, kWindow, 0);
  CHECK(plan.windows == std::vector<WindowSlots>{{0, 1, 2, 3}, {2, 3, 4, 5}, {4, 5, 6, 7}, {5, 6, 7, 8}});
  CHECK(plan.first_look == WindowSlots{1, 3, 5, 7});
  CHECK(plan.samples == first_samples(9));
}

TEST_CASE("Under a limit a plan reads only what windows and first look need") {
  const Plan plan = plan_clip(100, kWindow, 2);
  CHECK(plan.windows == std::vector<WindowSlots>{{0, 1, 2, 3}, {96, 97, 98, 99}});
  CHECK(plan.first_look == WindowSlots{12, 37, 62, 87});
  CHECK(plan.samples == std::vector<std::size_t>{0, 1, 2, 3, 12, 37, 62, 87, 96, 97, 98, 99});
}

TEST_CASE("A day's plan is small under a limit") {
  const Plan plan = plan_clip(864'000, {.frames = 20, .hop = 10}, 30);
  CHECK(plan.windows.size() == 30);
  CHECK(plan.samples.size() <= 30 * 20 + 20);
}

TEST_CASE("A plan padded with zeros asks for no sample in their place") {
  const Plan plan = plan_clip(2, kZeros, 0);
  CHECK(plan.windows == std::vector<WindowSlots>{{0, 1, kZeroFeature, kZeroFeature}});
  CHECK(plan.first_look == plan.windows[0]);
  CHECK(plan.samples == first_samples(2));
  CHECK(last_sample(plan.windows[0]) == 1);
}

TEST_CASE("A still is one sample in every slot, even where short clips are padded with zeros") {
  const Plan plan = plan_still(kZeros);
  CHECK(plan.windows == std::vector<WindowSlots>{{0, 0, 0, 0}});
  CHECK(plan.first_look == plan.windows[0]);
  CHECK(plan.samples == first_samples(1));
}

TEST_CASE("The plan of a run from the start is that of a clip as long") {
  for (const Window& window : {kWindow, kZeros}) {
    const Plan announced = plan_clip(30, window, 0);
    for (std::size_t length = 1; length <= 30; ++length) {
      CAPTURE(length);
      const Plan cut = plan_run(announced, std::span(announced.samples).first(length), window);
      const Plan whole = plan_clip(length, window, 0);
      CHECK(cut.windows == whole.windows);
      CHECK(cut.first_look == whole.first_look);
      CHECK(cut.samples == whole.samples);
    }
  }
}

TEST_CASE("Under a limit a run keeps the windows that lie in it and adds its end where it is whole") {
  const Plan announced = plan_clip(100, kWindow, 3);  // windows at 0, 48, 96; first look 12, 37, 62, 87
  REQUIRE(announced.samples == std::vector<std::size_t>{0, 1, 2, 3, 12, 37, 48, 49, 50, 51, 62, 87, 96, 97, 98, 99});

  const Plan until_62 = plan_run(announced, std::span(announced.samples).first(11), kWindow);
  CHECK(until_62.windows == std::vector<WindowSlots>{{0, 1, 2, 3}, {48, 49, 50, 51}});
  CHECK(until_62.first_look == WindowSlots{3, 12, 37, 51});  // last that came until 7, 23, 39, 55 of 0..62

  const Plan until_50 = plan_run(announced, std::span(announced.samples).first(9), kWindow);
  CHECK(until_50.windows == std::vector<WindowSlots>{{0, 1, 2, 3}});
  CHECK(until_50.first_look == WindowSlots{3, 12, 12, 37});  // 6, 19, 31, 44
  CHECK(until_50.samples == std::vector<std::size_t>{0, 1, 2, 3, 12, 37});
}

TEST_CASE("A run that does not begin with the clip is planned where it lies") {
  const Plan announced = plan_clip(30, kWindow, 0);
  const Plan cut = plan_run(announced, std::span(announced.samples).subspan(3, 6), kWindow);  // 3..8
  CHECK(cut.windows == std::vector<WindowSlots>{{4, 5, 6, 7}, {5, 6, 7, 8}});
  CHECK(cut.first_look == WindowSlots{3, 5, 6, 8});  // 3 + 0, 2, 3, 5
}
