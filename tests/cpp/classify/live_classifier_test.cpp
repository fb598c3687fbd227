#include "classify/live_classifier.hpp"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "fakes.hpp"
#include "temporal/scores.hpp"

namespace {

using actionscope::ErrorCode;
using actionscope::Result;
using actionscope::classify::LiveClassifier;
using actionscope::model::Model;
using actionscope::model::ShortClips;
using actionscope::test::fake_backbone;
using actionscope::test::fake_first_frames_model;
using actionscope::test::fake_head;
using actionscope::test::fake_model;
using actionscope::test::kFeatureSize;
using actionscope::test::lying_layout;
using actionscope::test::numbers;
using actionscope::test::pixel;
using actionscope::test::pixel_layout;
using Catch::Approx;

// Windows of 4 samples at 10 a second: a span of 0.4 s.
LiveClassifier live_of(const Model& model) { return {model, model.variants.front()}; }

bool offer(LiveClassifier& live, double timestamp, int number) {
  const Result<bool> added = live.add_frame(timestamp, pixel(number), pixel_layout());
  REQUIRE(added.has_value());
  return *added;
}

// A frame that is taken and run through the backbone.
void look_at(LiveClassifier& live, double timestamp, int number) {
  CAPTURE(timestamp);
  REQUIRE(offer(live, timestamp, number));
  REQUIRE(live.add_feature(fake_backbone(live.tensor())).has_value());
}

std::vector<float> window(const LiveClassifier& live, std::size_t frames = 4) {
  std::vector<float> features(frames * kFeatureSize);
  REQUIRE(live.window_features(features).has_value());
  return features;
}

// The timestamps at which frames are taken of a camera whose frames come at `timestamps`.
std::vector<double> taken(LiveClassifier& live, const std::vector<double>& timestamps) {
  std::vector<double> result;
  for (const double timestamp : timestamps) {
    if (!offer(live, timestamp, 1)) continue;
    REQUIRE(live.add_feature(fake_backbone(live.tensor())).has_value());
    result.push_back(timestamp);
  }
  return result;
}

template <class Value>
ErrorCode code_of(const Result<Value>& result) {
  REQUIRE_FALSE(result.has_value());
  CHECK_FALSE(result.error().message.empty());
  return result.error().code;
}

}  // namespace

TEST_CASE("Each frame gives a window over the last ones") {
  LiveClassifier live = live_of(fake_model());
  CHECK(live.tensor().empty());
  for (int frame = 0; frame < 6; ++frame) look_at(live, 0.1 * frame, frame + 1);
  CHECK(numbers(window(live)) == std::vector{3, 4, 5, 6});
}

TEST_CASE("A stream that has only begun is stretched, even where short clips are padded with zeros") {
  for (const ShortClips short_clips : {ShortClips::stretch, ShortClips::zeros}) {
    Model model = fake_model();
    model.window.short_clips = short_clips;
    LiveClassifier live = live_of(model);
    CHECK(live.filled() == 0);
    look_at(live, 5.0, 1);
    CHECK(numbers(window(live)) == std::vector{1, 1, 1, 1});
    CHECK(live.filled() == 0.25);
    look_at(live, 5.1, 2);
    CHECK(numbers(window(live)) == std::vector{1, 1, 2, 2});
    look_at(live, 5.2, 3);
    CHECK(numbers(window(live)) == std::vector{1, 2, 2, 3});
    CHECK(live.filled() == 0.75);
    look_at(live, 5.3, 4);
    CHECK(numbers(window(live)) == std::vector{1, 2, 3, 4});
    CHECK(live.filled() == 1);
    look_at(live, 5.4, 5);
    CHECK(live.filled() == 1);
  }
}

TEST_CASE("Frames that come sooner than the rate asks for are left out") {
  LiveClassifier live = live_of(fake_model());
  CHECK(taken(live, {0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.28, 0.32}) == std::vector{0.0, 0.12, 0.2, 0.32});
  CHECK(live.tensor().empty());
}

TEST_CASE("A camera of the model's own rate is taken whole, though its frames are a little early or late") {
  LiveClassifier live = live_of(fake_model());
  const std::vector<double> timestamps = {0, 0.104, 0.2, 0.301, 0.4, 0.508, 0.6};
  CHECK(taken(live, timestamps) == timestamps);
}

TEST_CASE("A frame a little late does not make the next one late") {
  LiveClassifier live = live_of(fake_model());
  CHECK(taken(live, {0, 0.133, 0.2}) == std::vector{0.0, 0.133, 0.2});
}

TEST_CASE("After a pause frames are not taken in a burst") {
  LiveClassifier live = live_of(fake_model());
  CHECK(taken(live, {0, 0.39, 0.40, 0.41, 0.42, 0.43, 0.441, 0.46, 0.48, 0.50, 0.52, 0.541}) ==
        std::vector{0.0, 0.39, 0.441, 0.541});
}

TEST_CASE("While the backbone is busy frames are dropped rather than queued") {
  LiveClassifier live = live_of(fake_model());
  REQUIRE(offer(live, 0, 1));
  const std::vector<float> waiting(live.tensor().begin(), live.tensor().end());
  CHECK_FALSE(offer(live, 0.1, 2));
  CHECK_FALSE(offer(live, 100, 3));
  CHECK(std::vector(live.tensor().begin(), live.tensor().end()) == waiting);
  REQUIRE(live.add_feature(fake_backbone(live.tensor())).has_value());
  CHECK(numbers(window(live)) == std::vector{1, 1, 1, 1});
  CHECK(offer(live, 0.2, 4));
}

TEST_CASE("A slow device sees the same span of time, with features repeated") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 0.0, 1);
  look_at(live, 0.2, 2);
  look_at(live, 0.4, 3);
  CHECK(numbers(window(live)) == std::vector{1, 2, 2, 3});  // 0.1, 0.2, 0.3, 0.4
  look_at(live, 0.75, 4);
  CHECK(numbers(window(live)) == std::vector{3, 3, 3, 4});  // 0.45, 0.55, 0.65, 0.75
}

TEST_CASE("Each of the frames that come about on time fills one slot") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 0.0, 1);
  look_at(live, 0.133, 2);
  look_at(live, 0.2, 3);
  look_at(live, 0.301, 4);
  look_at(live, 0.433, 5);
  CHECK(numbers(window(live)) == std::vector{2, 3, 4, 5});
}

TEST_CASE("A gap of more than a window's span starts anew") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 0.0, 1);
  look_at(live, 0.1, 2);
  REQUIRE(live.add_logits(fake_head(window(live))).has_value());

  SECTION("a gap of just the span does not") {
    look_at(live, 0.5, 3);
    CHECK(numbers(window(live)) == std::vector{2, 2, 2, 3});
    CHECK(live.current().has_value());
  }
  SECTION("a longer one does") {
    look_at(live, 0.501, 3);
    CHECK(numbers(window(live)) == std::vector{3, 3, 3, 3});
    CHECK(live.filled() == 0.25);
    CHECK_FALSE(live.current().has_value());
  }
}

TEST_CASE("A step back in time starts anew, and is not too soon") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 7.0, 1);
  look_at(live, 7.1, 2);
  look_at(live, 7.09, 3);
  CHECK(numbers(window(live)) == std::vector{3, 3, 3, 3});
  look_at(live, 7.19, 4);
  CHECK(numbers(window(live)) == std::vector{3, 3, 4, 4});
}

TEST_CASE("What was known stays until the new beginning has its feature") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 0.0, 1);
  REQUIRE(offer(live, 60, 2));
  REQUIRE(live.add_logits(fake_head(window(live))).has_value());  // they were on their way
  CHECK(live.current().has_value());
  REQUIRE(live.add_feature(fake_backbone(live.tensor())).has_value());
  CHECK_FALSE(live.current().has_value());
}

TEST_CASE("A frame of the same time as the last one is too soon") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 1.0, 1);
  CHECK_FALSE(offer(live, 1.0, 2));
  CHECK(numbers(window(live)) == std::vector{1, 1, 1, 1});
}

TEST_CASE("The label is the mean over the windows of the last quarter of a span") {
  LiveClassifier live = live_of(fake_model(8, 1));  // a span of 0.8 s, a quarter of which holds 2 windows
  CHECK_FALSE(live.current().has_value());
  const auto score = [&live](double timestamp, const std::vector<float>& logits) {
    look_at(live, timestamp, 1);
    REQUIRE(live.add_logits(logits).has_value());
    return live.current()->probabilities;
  };
  const std::vector<float> low = {6, 0, 0};
  const std::vector<float> high = {0, 6, 0};
  const std::vector<float> of_low = actionscope::temporal::probabilities(low, 2);
  const std::vector<float> of_high = actionscope::temporal::probabilities(high, 2);
  const std::vector<float> of_both = actionscope::temporal::mean(std::vector{of_low, of_high});

  CHECK(score(0.0, low) == of_low);
  CHECK(score(0.1, low) == of_low);
  CHECK(score(0.2, high) == of_both);
  CHECK(score(0.3, high) == of_high);
  CHECK(live.current()->label == 1);
  CHECK(live.current()->sure);
  CHECK(score(0.55, low) == of_low);  // the only one of the last 0.2 s
}

TEST_CASE("A model of first frames is fed 25 frames a second") {
  LiveClassifier live = live_of(fake_first_frames_model(4));
  CHECK(taken(live, {0, 0.02, 0.04, 0.06, 0.08}) == std::vector{0.0, 0.04, 0.08});
  look_at(live, 0.12, 2);
  CHECK(numbers(window(live)) == std::vector{1, 1, 1, 2});
  CHECK(live.filled() == 1);
}

TEST_CASE("A frame that cannot be read changes nothing") {
  LiveClassifier live = live_of(fake_model());
  look_at(live, 1.0, 1);
  CHECK(code_of(live.add_frame(60, pixel(2), lying_layout())) == ErrorCode::frame_invalid);
  CHECK(code_of(live.add_frame(std::numeric_limits<double>::quiet_NaN(), pixel(2), pixel_layout())) ==
        ErrorCode::frame_invalid);
  CHECK(live.tensor().empty());
  look_at(live, 1.1, 3);
  CHECK(numbers(window(live)) == std::vector{1, 1, 3, 3});
}

TEST_CASE("Calls out of turn or of a wrong size are refused") {
  LiveClassifier live = live_of(fake_model());
  std::vector<float> features(4 * kFeatureSize);
  CHECK(code_of(live.add_feature(std::vector<float>(kFeatureSize))) == ErrorCode::order_violated);
  CHECK(code_of(live.window_features(features)) == ErrorCode::order_violated);
  CHECK(code_of(live.add_logits(std::vector<float>(3))) == ErrorCode::order_violated);

  REQUIRE(offer(live, 0, 1));
  CHECK(code_of(live.window_features(features)) == ErrorCode::order_violated);
  CHECK(code_of(live.add_feature(std::vector<float>(kFeatureSize + 1))) == ErrorCode::order_violated);
  REQUIRE(live.add_feature(fake_backbone(live.tensor())).has_value());
  CHECK(code_of(live.add_feature(std::vector<float>(kFeatureSize))) == ErrorCode::order_violated);
  CHECK(code_of(live.window_features(std::span(features).first(7))) == ErrorCode::order_violated);
  CHECK(code_of(live.add_logits(std::vector<float>(2))) == ErrorCode::order_violated);
  REQUIRE(live.add_logits(std::vector<float>(3)).has_value());
  CHECK(code_of(live.add_logits(std::vector<float>(3))) == ErrorCode::order_violated);
}

TEST_CASE("Hours of a stream are followed with the features of one span") {
  LiveClassifier live = live_of(fake_model());
  for (int frame = 0; frame < 100'000; ++frame) {
    REQUIRE(offer(live, 0.1 * frame, frame % 60'000));
    REQUIRE(live.add_feature(fake_backbone(live.tensor())).has_value());
  }
  CHECK(numbers(window(live)) == std::vector{39'996, 39'997, 39'998, 39'999});
}
