#include "temporal/sampling.hpp"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using actionscope::model::ShortClips;
using actionscope::model::Window;
using actionscope::temporal::clip_windows;
using actionscope::temporal::first_look;
using actionscope::temporal::kMostSamples;
using actionscope::temporal::kZeroFeature;
using actionscope::temporal::sample_count;
using actionscope::temporal::sample_time;
using actionscope::temporal::spread_window;
using actionscope::temporal::window_count;
using actionscope::temporal::WindowSlots;
using Catch::Approx;

constexpr Window kStretch = {.frames = 20, .hop = 10, .short_clips = ShortClips::stretch};
constexpr Window kZeros = {.frames = 20, .hop = 10, .short_clips = ShortClips::zeros};

// The first samples of windows; each window must be one of consecutive samples.
std::vector<std::size_t> starts(const std::vector<WindowSlots>& windows, std::size_t frames) {
  std::vector<std::size_t> result;
  for (const WindowSlots& slots : windows) {
    WindowSlots consecutive(frames);
    std::iota(consecutive.begin(), consecutive.end(), slots.front());
    CHECK(slots == consecutive);
    result.push_back(slots.front());
  }
  return result;
}

}  // namespace

TEST_CASE("A clip has as many samples as sample times lie in it") {
  struct Case {
    double duration;
    double rate;
    std::size_t samples;
  };
  const std::vector<Case> cases = {
      {0, 10, 1},         // a single frame
      {0.001, 10, 1},     // ends before its first sample time, 0.05
      {0.05, 10, 1},      // 0.05 * 10 - 0.5 = 0
      {0.15, 10, 1},      // 1.5 - 0.5 = 1: the sample at 0.15 would be at the very end
      {0.150001, 10, 2},  // past it by more than the tolerance of 1e-6 samples
      {0.1500000001, 10, 1},
      {0.25, 10, 2},
      {1, 10, 10},
      {2, 10, 20},
      {2.04, 10, 20},
      {2.06, 10, 21},
      {9.97, 10, 100},  // 99.7 - 0.5 = 99.2
      {10, 10, 100},
      {10.05, 10, 100},
      {10, 29.97, 300},  // 299.7 - 0.5 = 299.2
      {86400, 10, 864000},
      {60, 0.1, 6},
  };
  for (const Case& each : cases) {
    CAPTURE(each.duration, each.rate);
    CHECK(sample_count(each.duration, each.rate) == each.samples);
  }
}

TEST_CASE("A length that is none counts as a single frame, one beyond all reason as the most samples") {
  CHECK(sample_count(-5, 10) == 1);
  CHECK(sample_count(std::numeric_limits<double>::quiet_NaN(), 10) == 1);
  CHECK(sample_count(std::numeric_limits<double>::infinity(), 10) == kMostSamples);
  CHECK(sample_count(1e300, 10) == kMostSamples);
}

TEST_CASE("Samples lie in the middle of their share of time") {
  CHECK(sample_time(0, 10, 5) == Approx(0.05));
  CHECK(sample_time(1, 10, 5) == Approx(0.15));
  CHECK(sample_time(99, 10, 10) == Approx(9.95));
  CHECK(sample_time(0, 0.5, 60) == Approx(1));
  CHECK(sample_time(863'999, 10, 86400) == Approx(86399.95));
}

TEST_CASE("A clip that ends before its first sample time is looked at where it begins") {
  CHECK(sample_time(0, 10, 0.049) == 0);
  CHECK(sample_time(0, 10, 0) == 0);
  CHECK(sample_time(0, 10, 0.05) == Approx(0.05));
}

TEST_CASE("A spread window takes the middle of each of its equal parts") {
  CHECK(spread_window(1, 4) == WindowSlots{0, 0, 0, 0});
  CHECK(spread_window(2, 4) == WindowSlots{0, 0, 1, 1});
  CHECK(spread_window(3, 4) == WindowSlots{0, 1, 1, 2});  // 0.375, 1.125, 1.875, 2.625
  CHECK(spread_window(4, 4) == WindowSlots{0, 1, 2, 3});
  CHECK(spread_window(5, 4) == WindowSlots{0, 1, 3, 4});  // 0.625, 1.875, 3.125, 4.375
  CHECK(spread_window(8, 4) == WindowSlots{1, 3, 5, 7});
  CHECK(spread_window(100, 4) == WindowSlots{12, 37, 62, 87});
  CHECK(spread_window(13, 20) == WindowSlots{0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11, 12, 12});
}

TEST_CASE("A spread window is exact for the most samples, where size_t has 32 bits, too") {
  const WindowSlots slots = spread_window(kMostSamples, 256);
  CHECK(slots.front() == 1'953'125);   // 0.5 * 1e9 / 256
  CHECK(slots.back() == 998'046'875);  // 255.5 * 1e9 / 256
}

TEST_CASE("Windows start every hop, and one more ends with the clip") {
  struct Case {
    std::size_t samples;
    std::vector<std::size_t> starts;
  };
  const std::vector<Case> cases = {
      {20, {0}},
      {21, {0, 1}},
      {29, {0, 9}},
      {30, {0, 10}},
      {31, {0, 10, 11}},
      {40, {0, 10, 20}},
      {100, {0, 10, 20, 30, 40, 50, 60, 70, 80}},
      {101, {0, 10, 20, 30, 40, 50, 60, 70, 80, 81}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.samples);
    CHECK(starts(clip_windows(each.samples, kStretch, 0), 20) == each.starts);
    CHECK(window_count(each.samples, kStretch, 0) == each.starts.size());
  }
}

TEST_CASE("Hops of one sample and of a whole window leave no sample out") {
  CHECK(starts(clip_windows(7, {.frames = 4, .hop = 1}, 0), 4) == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(starts(clip_windows(10, {.frames = 4, .hop = 4}, 0), 4) == std::vector<std::size_t>{0, 4, 6});
  CHECK(starts(clip_windows(3, {.frames = 1, .hop = 1}, 0), 1) == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("A clip shorter than a window is stretched over one") {
  const std::vector<WindowSlots> windows = clip_windows(10, kStretch, 0);
  REQUIRE(windows.size() == 1);
  CHECK(windows[0] == WindowSlots{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9});
  CHECK(clip_windows(1, kStretch, 0) == std::vector<WindowSlots>{WindowSlots(20, 0)});
  CHECK(window_count(10, kStretch, 0) == 1);
}

TEST_CASE("A clip shorter than a window is followed by zeros where the model says so") {
  const std::vector<WindowSlots> windows =
      clip_windows(3, {.frames = 5, .hop = 2, .short_clips = ShortClips::zeros}, 0);
  CHECK(windows == std::vector<WindowSlots>{{0, 1, 2, kZeroFeature, kZeroFeature}});
  CHECK(clip_windows(20, kZeros, 0).front().back() == 19);
}

TEST_CASE("More windows than the limit become as many spread evenly, rounded half up") {
  // 65 s at 10 a second: k * 630 / 29
  const std::vector<WindowSlots> windows = clip_windows(650, kStretch, 30);
  CHECK(starts(windows, 20) == std::vector<std::size_t>{0,   22,  43,  65,  87,  109, 130, 152, 174, 196,
                                                        217, 239, 261, 282, 304, 326, 348, 369, 391, 413,
                                                        434, 456, 478, 500, 521, 543, 565, 587, 608, 630});
  CHECK(window_count(650, kStretch, 30) == 30);

  // 5 / 2 = 2.5 rounds to 3
  CHECK(starts(clip_windows(9, {.frames = 4, .hop = 1}, 3), 4) == std::vector<std::size_t>{0, 3, 5});
}

TEST_CASE("A limit that is not exceeded changes nothing") {
  CHECK(clip_windows(310, kStretch, 30) == clip_windows(310, kStretch, 0));  // 30 windows
  CHECK(clip_windows(311, kStretch, 30) != clip_windows(311, kStretch, 0));  // 31
  CHECK(clip_windows(10, kStretch, 1) == clip_windows(10, kStretch, 0));
  CHECK(clip_windows(10, kZeros, 30) == clip_windows(10, kZeros, 0));
}

TEST_CASE("A single window of a long clip lies in its middle, two at its ends") {
  CHECK(starts(clip_windows(100, kStretch, 1), 20) == std::vector<std::size_t>{40});
  CHECK(starts(clip_windows(100, kStretch, 2), 20) == std::vector<std::size_t>{0, 80});
}

TEST_CASE("The most samples are planned exactly and without delay under a limit") {
  const std::vector<WindowSlots> windows = clip_windows(kMostSamples, kStretch, 30);
  REQUIRE(windows.size() == 30);
  CHECK(windows[1].front() == 34'482'758);  // 999,999,980 / 29 = 34,482,757.93
  CHECK(windows.back().back() == kMostSamples - 1);
}

TEST_CASE("The first look is the only window of a short clip, else spread over all samples") {
  CHECK(first_look(7, kStretch) == clip_windows(7, kStretch, 0).front());
  CHECK(first_look(7, kZeros) == clip_windows(7, kZeros, 0).front());
  CHECK(first_look(20, kStretch) == clip_windows(20, kStretch, 0).front());
  CHECK(first_look(100, kZeros) ==
        WindowSlots{2, 7, 12, 17, 22, 27, 32, 37, 42, 47, 52, 57, 62, 67, 72, 77, 82, 87, 92, 97});
}

TEST_CASE("Every sample of a clip without a limit is in a window, and every window ends within the clip") {
  for (const int hop : {1, 3, 7, 8}) {
    const Window window = {.frames = 8, .hop = hop};
    for (std::size_t samples = 1; samples < 60; ++samples) {
      CAPTURE(hop, samples);
      std::vector<bool> seen(samples);
      const std::vector<WindowSlots> windows = clip_windows(samples, window, 0);
      for (const WindowSlots& slots : windows) {
        CHECK(slots.size() == 8);
        for (const std::size_t slot : slots) seen.at(slot) = true;
      }
      CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
      CHECK(windows.size() == window_count(samples, window, 0));
    }
  }
}
