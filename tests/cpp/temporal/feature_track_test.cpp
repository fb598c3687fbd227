#include "temporal/feature_track.hpp"

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <utility>
#include <vector>

namespace {

using actionscope::temporal::FeatureTrack;

std::vector<float> to_vector(std::span<const float> values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("A feature is kept with the exact time of its frame, in order of arrival") {
  FeatureTrack track(2);
  CHECK(track.size() == 0);

  const std::size_t later = track.add(0.5, std::array{5.0F, 50.0F});
  const std::size_t earlier = track.add(0.1, std::array{1.0F, 10.0F});
  CHECK(track.size() == 2);
  CHECK(later == 0);
  CHECK(earlier == 1);
  CHECK(track.add(0.1000001, std::array{2.0F, 20.0F}) == 2);
  CHECK(to_vector(track[earlier]) == std::vector{1.0F, 10.0F});
  CHECK(to_vector(track[later]) == std::vector{5.0F, 50.0F});
  CHECK(track.timestamp(later) == 0.5);
  CHECK(track.timestamp(earlier) == 0.1);
}

TEST_CASE("A time that is there already keeps its first feature") {
  FeatureTrack track(1);
  const std::size_t slot = track.add(0.1, std::array{1.0F});
  CHECK(track.add(0.1, std::array{2.0F}) == slot);
  CHECK(track.size() == 1);
  CHECK(track[slot][0] == 1.0F);
  CHECK(track.add(0.0, std::array{3.0F}) == track.add(-0.0, std::array{4.0F}));
}

TEST_CASE("Spans stay valid while the track grows and when it is moved") {
  FeatureTrack track(3);
  const std::span<const float> first = track[track.add(0, std::array{1.0F, 2.0F, 3.0F})];
  for (int frame = 1; frame < 1000; ++frame) {
    track.add(frame, std::array{static_cast<float>(frame), 0.0F, static_cast<float>(-frame)});
  }
  const FeatureTrack moved = std::move(track);
  CHECK(moved[0].data() == first.data());
  CHECK(to_vector(first) == std::vector{1.0F, 2.0F, 3.0F});
  CHECK(moved.size() == 1000);
  for (std::size_t slot = 1; slot < 1000; ++slot) {
    CHECK(to_vector(moved[slot]) == std::vector{static_cast<float>(slot), 0.0F, -static_cast<float>(slot)});
  }
}
