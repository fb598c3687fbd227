#include "classify/clip_classifier.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "fakes.hpp"
#include "temporal/scores.hpp"

namespace {

using actionscope::Error;
using actionscope::ErrorCode;
using actionscope::Result;
using actionscope::classify::ClipClassifier;
using actionscope::classify::SampleRequest;
using actionscope::classify::Scores;
using actionscope::model::Model;
using actionscope::model::ShortClips;
using actionscope::test::fake_feature;
using actionscope::test::fake_first_frames_model;
using actionscope::test::fake_head;
using actionscope::test::fake_model;
using actionscope::test::kFeatureSize;
using actionscope::test::numbers;
using Catch::Approx;

constexpr std::size_t kFirstLook = ClipClassifier::kFirstLook;

ClipClassifier classifier_of(const Model& model, double duration, std::size_t most_windows = 0) {
  Result<ClipClassifier> classifier = ClipClassifier::create(model, model.variants.front(), duration, most_windows);
  REQUIRE(classifier.has_value());
  return std::move(*classifier);
}

Result<void> add(ClipClassifier& classifier, std::size_t sample, double timestamp, int number) {
  return classifier.add_feature(sample, timestamp, fake_feature(number));
}

// Adds the feature of a sample's frame as it should be: at the sample's own time, showing the sample's index + 1.
void feed(ClipClassifier& classifier, std::size_t sample) {
  REQUIRE(add(classifier, sample, static_cast<double>(sample), static_cast<int>(sample) + 1).has_value());
}

// Adds the feature of a frame that is near to a sample's time: it shows the sample's index + 100.
void stand_in(ClipClassifier& classifier, std::size_t sample) {
  const double timestamp = static_cast<double>(sample) + 0.5;
  REQUIRE(classifier.add_stand_in(sample, timestamp, fake_feature(static_cast<int>(sample) + 100)).has_value());
}

std::vector<float> features_of(const ClipClassifier& classifier, std::size_t window, std::size_t frames = 4) {
  std::vector<float> features(frames * kFeatureSize);
  const Result<void> written = classifier.window_features(window, features);
  REQUIRE(written.has_value());
  return features;
}

std::vector<int> numbers_of(const ClipClassifier& classifier, std::size_t window) {
  return numbers(features_of(classifier, window));
}

// Scores every window that is ready; the windows in order.
std::vector<std::size_t> run_heads(ClipClassifier& classifier) {
  std::vector<std::size_t> windows;
  while (const std::optional<std::size_t> window = classifier.next_window()) {
    REQUIRE(classifier.add_logits(*window, fake_head(features_of(classifier, *window))).has_value());
    windows.push_back(*window);
  }
  return windows;
}

std::vector<std::size_t> indexes(std::span<const SampleRequest> requests) {
  std::vector<std::size_t> result;
  for (const SampleRequest& request : requests) result.push_back(request.sample);
  return result;
}

template <class Value>
ErrorCode code_of(const Result<Value>& result) {
  REQUIRE_FALSE(result.has_value());
  CHECK_FALSE(result.error().message.empty());
  return result.error().code;
}

std::vector<float> fake_probabilities(int number) {
  return actionscope::temporal::probabilities(fake_head(std::vector{static_cast<float>(number)}), 2);
}

}  // namespace

TEST_CASE("A clip asks for its samples by time, and names those of the first look") {
  const ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  CHECK(indexes(classifier.samples()) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(classifier.samples()[0].time == Approx(0.05));
  CHECK(classifier.samples()[7].time == Approx(0.75));
  CHECK(indexes(classifier.first_look_samples()) == std::vector<std::size_t>{1, 3, 5, 7});
  CHECK(classifier.first_look_samples()[3].time == Approx(0.75));
  CHECK(classifier.window_count() == 3);
  CHECK_FALSE(classifier.next_window().has_value());
  CHECK_FALSE(classifier.first().has_value());
  CHECK_FALSE(classifier.answer().has_value());
  CHECK_FALSE(classifier.ended_early());
}

TEST_CASE("From features to the answer: each window reads its samples' features, the first look before the others") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  for (std::size_t sample = 0; sample < 8; ++sample) feed(classifier, sample);

  CHECK(classifier.next_window() == kFirstLook);
  CHECK(numbers_of(classifier, kFirstLook) == std::vector{2, 4, 6, 8});
  CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 3, 4});
  CHECK(numbers_of(classifier, 1) == std::vector{3, 4, 5, 6});
  CHECK(numbers_of(classifier, 2) == std::vector{5, 6, 7, 8});

  REQUIRE(classifier.add_logits(kFirstLook, std::vector{0.0F, 2.0F, 4.0F}).has_value());
  CHECK_FALSE(classifier.answer().has_value());
  REQUIRE(classifier.first().has_value());
  CHECK(classifier.first()->probabilities ==
        actionscope::temporal::probabilities(std::vector{0.0F, 2.0F, 4.0F}, 2));  // the variant's temperature
  CHECK(classifier.first()->label == 2);

  CHECK(run_heads(classifier) == std::vector<std::size_t>{0, 1, 2});
  const std::optional<Scores> answer = classifier.answer();
  REQUIRE(answer.has_value());
  CHECK(answer->probabilities ==
        actionscope::temporal::mean(std::vector{fake_probabilities(1), fake_probabilities(3), fake_probabilities(5)}));
  CHECK(answer->label == 0);
  CHECK(answer->confidence == answer->probabilities[0]);
}

TEST_CASE("A window's scores come with the times of its first and last sample") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  for (std::size_t sample = 0; sample < 8; ++sample) feed(classifier, sample);
  CHECK_FALSE(classifier.window(1).has_value());
  run_heads(classifier);

  const auto window = classifier.window(1);
  REQUIRE(window.has_value());
  CHECK(window->start == Approx(0.25));
  CHECK(window->end == Approx(0.55));
  CHECK(window->scores.probabilities == fake_probabilities(3));
  CHECK_FALSE(classifier.window(3).has_value());
  CHECK_FALSE(classifier.window(kFirstLook).has_value());
}

TEST_CASE("An answer is sure from the variant's threshold on") {
  Model model = fake_model();
  for (const auto& [threshold, sure] : {std::pair(0.2, true), std::pair(0.7F * 1.0, true), std::pair(0.71, false)}) {
    CAPTURE(threshold);
    model.variants[0].answer_threshold = threshold;
    model.variants[0].temperature = 1;
    ClipClassifier classifier = classifier_of(model, 0.4);
    for (std::size_t sample = 0; sample < 4; ++sample) feed(classifier, sample);
    const std::vector logits = {std::log(0.7F), std::log(0.2F), std::log(0.1F)};
    REQUIRE(classifier.add_logits(0, logits).has_value());
    CHECK(classifier.answer()->confidence == Approx(0.7));
    CHECK(classifier.answer()->sure == sure);
  }
}

TEST_CASE("The driver may take samples and windows in the order that suits it") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);

  SECTION("the first look's samples first") {
    for (const SampleRequest& request :
         std::vector(classifier.first_look_samples().begin(), classifier.first_look_samples().end())) {
      feed(classifier, request.sample);
    }
    CHECK(run_heads(classifier) == std::vector{kFirstLook});
    CHECK(classifier.first().has_value());
    for (const std::size_t sample : {0U, 2U, 4U, 6U}) feed(classifier, sample);
    CHECK(run_heads(classifier) == std::vector<std::size_t>{0, 1, 2});
  }
  SECTION("one feature, one head at a time") {
    std::vector<std::size_t> order;
    for (std::size_t sample = 0; sample < 8; ++sample) {
      feed(classifier, sample);
      for (const std::size_t window : run_heads(classifier)) order.push_back(window);
    }
    CHECK(order == std::vector<std::size_t>{0, 1, kFirstLook, 2});
  }
  SECTION("backwards, windows scored out of order") {
    for (std::size_t sample = 8; sample-- > 0;) feed(classifier, sample);
    for (const std::size_t window : {std::size_t{2}, std::size_t{0}, kFirstLook, std::size_t{1}}) {
      REQUIRE(classifier.add_logits(window, fake_head(features_of(classifier, window))).has_value());
    }
    CHECK_FALSE(classifier.next_window().has_value());
  }
  CHECK(classifier.first()->probabilities == fake_probabilities(2));
  CHECK(classifier.answer()->probabilities ==
        actionscope::temporal::mean(std::vector{fake_probabilities(1), fake_probabilities(3), fake_probabilities(5)}));
}

TEST_CASE("Samples may share a frame: of features of one timestamp the first counts") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.4);
  REQUIRE(add(classifier, 0, 0.0, 7).has_value());
  REQUIRE(add(classifier, 2, 0.1, 8).has_value());
  REQUIRE(add(classifier, 1, 0.0, 99).has_value());
  REQUIRE(add(classifier, 3, 0.1, 99).has_value());
  CHECK(numbers_of(classifier, 0) == std::vector{7, 7, 8, 8});
  CHECK(classifier.frame_timestamp(1) == 0.0);
  CHECK(classifier.frame_timestamp(3) == 0.1);
}

TEST_CASE("A feature is copied") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.1);
  std::vector<float> feature = fake_feature(5);
  REQUIRE(classifier.add_feature(0, 0, feature).has_value());
  feature[0] = 99;
  CHECK(numbers_of(classifier, 0) == std::vector{5, 5, 5, 5});
}

TEST_CASE("A sample's frame has the timestamp that its feature came with") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  CHECK_FALSE(classifier.frame_timestamp(2).has_value());
  REQUIRE(add(classifier, 2, 0.2333, 5).has_value());
  CHECK(classifier.frame_timestamp(2) == 0.2333);
  CHECK_FALSE(classifier.frame_timestamp(99).has_value());
}

TEST_CASE("A clip of no more samples than a window has is scored once, for first look and answer") {
  struct Case {
    double duration;
    std::vector<int> numbers;
  };
  for (const Case& each : {Case{0.4, {1, 2, 3, 4}}, Case{0.3, {1, 2, 2, 3}}, Case{0.2, {1, 1, 2, 2}},
                           Case{0.1, {1, 1, 1, 1}}, Case{0.001, {1, 1, 1, 1}}, Case{0, {1, 1, 1, 1}}}) {
    CAPTURE(each.duration);
    ClipClassifier classifier = classifier_of(fake_model(), each.duration);
    CHECK(std::ranges::equal(indexes(classifier.samples()), indexes(classifier.first_look_samples())));
    for (const std::size_t sample : indexes(classifier.samples())) feed(classifier, sample);
    CHECK(classifier.next_window() == 0);
    CHECK(numbers_of(classifier, 0) == each.numbers);
    CHECK(numbers_of(classifier, kFirstLook) == each.numbers);
    CHECK(run_heads(classifier) == std::vector<std::size_t>{0});
    CHECK(classifier.first()->probabilities == classifier.answer()->probabilities);
  }
}

TEST_CASE("A clip that ends before its first sample time is asked for its first frame") {
  CHECK(classifier_of(fake_model(), 0.001).samples()[0].time == 0);
}

TEST_CASE("Where short clips are padded with zeros, their feature is asked for once") {
  Model model = fake_model();
  model.window.short_clips = ShortClips::zeros;

  SECTION("in a clip that is known to be short") {
    ClipClassifier classifier = classifier_of(model, 0.2);
    CHECK(classifier.needs_zero_feature());
    REQUIRE(classifier.add_zero_feature(fake_feature(0)).has_value());
    CHECK_FALSE(classifier.needs_zero_feature());
    CHECK_FALSE(classifier.next_window().has_value());
    feed(classifier, 0);
    feed(classifier, 1);
    CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 0, 0});
    CHECK(features_of(classifier, 0)[5] == 1);  // a feature of zeros is not zero features
    CHECK(run_heads(classifier) == std::vector<std::size_t>{0});
    CHECK(classifier.window(0)->start == Approx(0.05));
    CHECK(classifier.window(0)->end == Approx(0.15));
    CHECK(classifier.first().has_value());
  }
  SECTION("and its frames' may come before that feature") {
    ClipClassifier classifier = classifier_of(model, 0.1);
    feed(classifier, 0);
    CHECK(classifier.needs_zero_feature());
    CHECK_FALSE(classifier.next_window().has_value());
    REQUIRE(classifier.add_zero_feature(fake_feature(0)).has_value());
    CHECK(classifier.next_window() == 0);
  }
  SECTION("in a clip that turns out to be short") {
    ClipClassifier classifier = classifier_of(model, 0.8);
    CHECK_FALSE(classifier.needs_zero_feature());
    feed(classifier, 0);
    REQUIRE(classifier.end_early().has_value());
    CHECK(classifier.needs_zero_feature());
    CHECK_FALSE(classifier.next_window().has_value());
    REQUIRE(classifier.add_zero_feature(fake_feature(0)).has_value());
    CHECK(numbers_of(classifier, 0) == std::vector{1, 0, 0, 0});
  }
  SECTION("in one that turns out to be shorter than short, where it is there already") {
    ClipClassifier classifier = classifier_of(model, 0.2);
    REQUIRE(classifier.add_zero_feature(fake_feature(0)).has_value());
    feed(classifier, 0);
    REQUIRE(classifier.end_early().has_value());
    CHECK_FALSE(classifier.needs_zero_feature());
    CHECK(numbers_of(classifier, 0) == std::vector{1, 0, 0, 0});
  }
  SECTION("but not in a clip that is long enough") { CHECK_FALSE(classifier_of(model, 0.4).needs_zero_feature()); }
  SECTION("nor where they are stretched") { CHECK_FALSE(classifier_of(fake_model(), 0.2).needs_zero_feature()); }
}

TEST_CASE("A feature of zeros that is not asked for, or of another size, is refused") {
  Model model = fake_model();
  model.window.short_clips = ShortClips::zeros;
  ClipClassifier whole = classifier_of(model, 0.4);
  CHECK(code_of(whole.add_zero_feature(fake_feature(0))) == ErrorCode::order_violated);

  ClipClassifier brief = classifier_of(model, 0.2);
  for (const std::size_t size : {0U, 1U, 3U}) {
    CAPTURE(size);
    CHECK(code_of(brief.add_zero_feature(std::vector<float>(size))) == ErrorCode::order_violated);
    CHECK(brief.needs_zero_feature());
  }
  REQUIRE(brief.add_zero_feature(fake_feature(0)).has_value());
  CHECK(code_of(brief.add_zero_feature(fake_feature(0))) == ErrorCode::order_violated);
}

TEST_CASE("A still is one frame, and fills its window even where short clips are padded with zeros") {
  Model model = fake_model();
  model.window.short_clips = ShortClips::zeros;
  ClipClassifier classifier = ClipClassifier::create_for_still(model, model.variants[0]);
  REQUIRE(indexes(classifier.samples()) == std::vector<std::size_t>{0});
  CHECK(classifier.samples()[0].time == 0);
  feed(classifier, 0);
  CHECK(numbers_of(classifier, 0) == std::vector{1, 1, 1, 1});
  CHECK(run_heads(classifier) == std::vector<std::size_t>{0});
  CHECK(classifier.answer()->probabilities == fake_probabilities(1));
}

TEST_CASE("A still of a model that takes first frames has ended once its frame is there") {
  const Model model = fake_first_frames_model(20);
  ClipClassifier classifier = ClipClassifier::create_for_still(model, model.variants[0]);
  feed(classifier, 0);
  CHECK(numbers_of(classifier, 0) == std::vector{1, 1, 1, 1});
}

TEST_CASE("A model of first frames asks for so many frames without a time") {
  ClipClassifier classifier = classifier_of(fake_first_frames_model(6), std::numeric_limits<double>::quiet_NaN());
  CHECK(indexes(classifier.samples()) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
  for (const SampleRequest& request : classifier.samples()) CHECK(std::isnan(request.time));
  CHECK(classifier.window_count() == 2);

  for (std::size_t sample = 0; sample < 6; ++sample) {
    REQUIRE(add(classifier, sample, 0.04 * static_cast<double>(sample), static_cast<int>(sample) + 1).has_value());
  }
  CHECK(numbers_of(classifier, kFirstLook) == std::vector{1, 3, 4, 6});
  run_heads(classifier);
  CHECK(classifier.window(1)->start == Approx(0.08));  // timestamps of the frames that it took
  CHECK(classifier.window(1)->end == Approx(0.20));
}

TEST_CASE("A source with fewer frames than a model of first frames takes is nothing out of the ordinary") {
  Model model = fake_first_frames_model(6);
  model.window.short_clips = ShortClips::zeros;
  ClipClassifier classifier = classifier_of(model, 3);
  for (const std::size_t sample : {0U, 1U, 2U}) feed(classifier, sample);
  REQUIRE(classifier.end_early().has_value());
  REQUIRE(classifier.add_zero_feature(fake_feature(0)).has_value());
  CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 3, 0});
  CHECK_FALSE(classifier.ended_early());
}

TEST_CASE("A clip that ends early is classified as a clip of the length that came") {
  ClipClassifier classifier = classifier_of(fake_model(), 2);
  for (std::size_t sample = 0; sample < 7; ++sample) feed(classifier, sample);
  CHECK(run_heads(classifier) == std::vector<std::size_t>{0, 1});  // 0..3, 2..5

  REQUIRE(classifier.end_early().has_value());
  CHECK(classifier.ended_early());
  CHECK(indexes(classifier.samples()) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(indexes(classifier.first_look_samples()) == std::vector<std::size_t>{0, 2, 4, 6});
  CHECK(classifier.window_count() == 3);

  // Windows 0 and 1 are as they were: only the first look and the new last window are scored.
  CHECK(classifier.window(1)->scores.probabilities == fake_probabilities(3));
  CHECK(run_heads(classifier) == std::vector<std::size_t>{kFirstLook, 2});
  CHECK(numbers_of(classifier, kFirstLook) == std::vector{1, 3, 5, 7});
  CHECK(numbers_of(classifier, 2) == std::vector{4, 5, 6, 7});
  CHECK(classifier.answer()->probabilities ==
        actionscope::temporal::mean(std::vector{fake_probabilities(1), fake_probabilities(3), fake_probabilities(4)}));
}

TEST_CASE("A first look from before the early end is made anew") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  for (const std::size_t sample : {0U, 1U, 2U, 3U, 4U, 5U, 7U}) feed(classifier, sample);
  CHECK(run_heads(classifier) == std::vector<std::size_t>{kFirstLook, 0, 1});
  REQUIRE(classifier.end_early().has_value());  // sample 6 never came: 7 does not count either
  CHECK_FALSE(classifier.first().has_value());
  CHECK(classifier.answer().has_value());
  CHECK(run_heads(classifier) == std::vector{kFirstLook});
  CHECK(numbers_of(classifier, kFirstLook) == std::vector{1, 3, 4, 6});
  CHECK_FALSE(classifier.frame_timestamp(7).has_value());
}

TEST_CASE("A feature that comes after an early end is refused where its sample was given up") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  for (const std::size_t sample : {0U, 1U, 2U, 5U}) feed(classifier, sample);
  REQUIRE(classifier.end_early().has_value());
  CHECK(code_of(add(classifier, 3, 3, 4)) == ErrorCode::order_violated);
  CHECK(code_of(add(classifier, 5, 5, 6)) == ErrorCode::order_violated);
  CHECK(run_heads(classifier) == std::vector<std::size_t>{0});
  CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 2, 3});
  CHECK(classifier.answer().has_value());
}

TEST_CASE("A clip whose first frames cannot be had is classified from those that came") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  for (const std::size_t sample : {2U, 3U, 4U, 5U, 6U}) feed(classifier, sample);
  REQUIRE(classifier.end_early().has_value());
  CHECK(numbers_of(classifier, 0) == std::vector{3, 4, 5, 6});
  CHECK(numbers_of(classifier, 1) == std::vector{4, 5, 6, 7});
  CHECK(run_heads(classifier).size() == 3);
}

TEST_CASE("A clip without any frame is empty") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  CHECK(code_of(classifier.end_early()) == ErrorCode::clip_empty);
  CHECK_FALSE(classifier.ended_early());
  feed(classifier, 0);
  CHECK(classifier.end_early().has_value());
}

TEST_CASE("An end after the last sample changes nothing, nor does a second end") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.4);
  for (std::size_t sample = 0; sample < 4; ++sample) feed(classifier, sample);
  REQUIRE(classifier.end_early().has_value());
  CHECK_FALSE(classifier.ended_early());
  CHECK(run_heads(classifier) == std::vector<std::size_t>{0});

  ClipClassifier shorter = classifier_of(fake_model(), 0.8);
  for (std::size_t sample = 0; sample < 5; ++sample) feed(shorter, sample);
  REQUIRE(shorter.end_early().has_value());
  run_heads(shorter);
  REQUIRE(shorter.end_early().has_value());
  CHECK(shorter.ended_early());
  CHECK(shorter.answer().has_value());
  CHECK(shorter.window_count() == 2);
}

TEST_CASE("A long clip is looked at in a limited number of windows") {
  ClipClassifier classifier = classifier_of(fake_model(), 10, 3);
  CHECK(classifier.window_count() == 3);
  const std::vector<std::size_t> wanted = indexes(classifier.samples());
  CHECK(wanted == std::vector<std::size_t>{0, 1, 2, 3, 12, 37, 48, 49, 50, 51, 62, 87, 96, 97, 98, 99});
  CHECK(classifier.samples()[6].time == Approx(4.85));
  for (const std::size_t sample : wanted) feed(classifier, sample);
  CHECK(run_heads(classifier) == std::vector<std::size_t>{kFirstLook, 0, 1, 2});
  CHECK(numbers_of(classifier, 1) == std::vector{49, 50, 51, 52});
  CHECK(classifier.window(1)->start == Approx(4.85));
}

TEST_CASE("A long clip that ends early keeps the windows that came") {
  ClipClassifier classifier = classifier_of(fake_model(), 10, 3);
  for (const std::size_t sample : {0U, 1U, 2U, 3U, 12U, 37U, 48U, 49U, 50U, 51U}) feed(classifier, sample);
  CHECK(run_heads(classifier) == std::vector<std::size_t>{0, 1});
  REQUIRE(classifier.end_early().has_value());
  CHECK(classifier.window_count() == 2);
  CHECK(run_heads(classifier) == std::vector{kFirstLook});
  CHECK(classifier.answer().has_value());
}

TEST_CASE("The first look of a long clip takes frames that are near, and the windows wait for their own") {
  ClipClassifier classifier = classifier_of(fake_model(), 10, 3);
  CHECK(indexes(classifier.first_look_samples()) == std::vector<std::size_t>{12, 37, 62, 87});
  CHECK(indexes(classifier.window_samples()) == std::vector<std::size_t>{0, 1, 2, 3, 48, 49, 50, 51, 96, 97, 98, 99});
  for (const std::size_t sample : {12U, 37U, 62U, 87U}) stand_in(classifier, sample);
  CHECK(run_heads(classifier) == std::vector{kFirstLook});
  CHECK(numbers_of(classifier, kFirstLook) == std::vector{112, 137, 162, 187});
  CHECK_FALSE(classifier.frame_timestamp(12).has_value());

  for (const std::size_t sample : indexes(classifier.window_samples())) feed(classifier, sample);
  CHECK(run_heads(classifier) == std::vector<std::size_t>{0, 1, 2});
  CHECK(classifier.answer().has_value());
  REQUIRE(classifier.end_early().has_value());  // nothing is missing
  CHECK_FALSE(classifier.ended_early());
}

TEST_CASE("A sample's own frame takes the place of the one that stood in for it") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  for (const std::size_t sample : {1U, 3U, 5U, 7U}) stand_in(classifier, sample);
  CHECK_FALSE(classifier.next_window() == 0);
  for (std::size_t sample = 0; sample < 4; ++sample) feed(classifier, sample);
  CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 3, 4});
  CHECK(numbers_of(classifier, kFirstLook) == std::vector{2, 4, 105, 107});
}

TEST_CASE("A frame that stood in may be another sample's own") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  REQUIRE(classifier.add_stand_in(1, 0.0, fake_feature(1)).has_value());
  REQUIRE(add(classifier, 0, 0.0, 99).has_value());
  for (const std::size_t sample : {1U, 2U, 3U}) feed(classifier, sample);
  CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 3, 4});
  CHECK(classifier.frame_timestamp(0) == 0.0);
}

TEST_CASE("A long clip that ends early is answered from its own frames, or else from those that stood in") {
  ClipClassifier classifier = classifier_of(fake_model(), 10, 3);
  for (const std::size_t sample : {12U, 37U, 62U}) stand_in(classifier, sample);

  SECTION("from its own") {
    for (const std::size_t sample : {0U, 1U, 2U, 3U, 48U, 49U, 50U}) feed(classifier, sample);
    REQUIRE(classifier.end_early().has_value());
    CHECK(classifier.ended_early());
    CHECK(run_heads(classifier).size() == 2);
    CHECK(numbers_of(classifier, 0) == std::vector{1, 2, 3, 4});
    CHECK(classifier.answer().has_value());
  }
  SECTION("from those that stood in") {
    REQUIRE(classifier.end_early().has_value());
    CHECK(run_heads(classifier) == std::vector<std::size_t>{0});
    CHECK(classifier.frame_timestamp(37).has_value());
    CHECK(classifier.answer().has_value());
  }
}

TEST_CASE("A frame stands in only where the first look reads it, once, and where there are windows besides") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  CHECK(code_of(classifier.add_stand_in(0, 0.0, fake_feature(1))) == ErrorCode::order_violated);
  stand_in(classifier, 1);
  CHECK(code_of(classifier.add_stand_in(1, 0.0, fake_feature(1))) == ErrorCode::order_violated);
  ClipClassifier brief = classifier_of(fake_model(), 0.4);
  CHECK(code_of(brief.add_stand_in(0, 0.0, fake_feature(1))) == ErrorCode::order_violated);
}

TEST_CASE("A day of footage is planned at once under a limit, and window by window without one") {
  const Model model = fake_model(20, 10);
  CHECK(classifier_of(model, 86400, 30).samples().size() <= 620);
  const ClipClassifier whole = classifier_of(model, 86400);
  CHECK(whole.samples().size() == 864'000);
  CHECK(whole.window_count() == 86'399);
}

TEST_CASE("A length that is none, or too long for the plan, is refused") {
  const Model model = fake_model(20, 1, 120);
  const auto create = [&model](double duration, std::size_t most_windows) {
    return ClipClassifier::create(model, model.variants[0], duration, most_windows);
  };
  CHECK(code_of(create(-0.001, 0)) == ErrorCode::duration_invalid);
  CHECK(code_of(create(std::numeric_limits<double>::quiet_NaN(), 30)) == ErrorCode::duration_invalid);
  CHECK(code_of(create(std::numeric_limits<double>::infinity(), 30)) == ErrorCode::duration_invalid);
  CHECK(code_of(create(1e300, 30)) == ErrorCode::duration_invalid);
  CHECK(code_of(create(86400, 0)) == ErrorCode::duration_invalid);
  CHECK(code_of(create(86400, 1'000'000)) == ErrorCode::duration_invalid);
  CHECK(create(86400, 30).has_value());
  CHECK(create(8e6, 30).has_value());
  CHECK(create(-1, 0).error().message == "The clip's length must be a number of seconds, zero or more, not -1.");
}

TEST_CASE("A feature that is not asked for, or not for the first time, is refused") {
  ClipClassifier classifier = classifier_of(fake_model(), 10, 2);
  CHECK(code_of(add(classifier, 5, 0.5, 1)) == ErrorCode::order_violated);  // between the windows
  CHECK(code_of(add(classifier, 100, 10, 1)) == ErrorCode::order_violated);
  CHECK(code_of(add(classifier, kFirstLook, 10, 1)) == ErrorCode::order_violated);
  feed(classifier, 0);
  CHECK(code_of(add(classifier, 0, 0.01, 1)) == ErrorCode::order_violated);
  CHECK(classifier.frame_timestamp(0) == 0.0);
  REQUIRE(classifier.end_early().has_value());
  CHECK(code_of(add(classifier, 1, 0.1, 1)) == ErrorCode::order_violated);
}

TEST_CASE("A feature without a time, or of another size, changes nothing, and may be replaced") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double timestamp : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity}) {
    CAPTURE(timestamp);
    CHECK(code_of(add(classifier, 1, timestamp, 1)) == ErrorCode::frame_invalid);
    CHECK(code_of(classifier.add_stand_in(1, timestamp, fake_feature(1))) == ErrorCode::frame_invalid);
  }
  for (const std::size_t size : {0U, 1U, 3U, 4U}) {
    CAPTURE(size);
    CHECK(code_of(classifier.add_feature(1, 0, std::vector<float>(size))) == ErrorCode::order_violated);
    CHECK(code_of(classifier.add_stand_in(1, 0, std::vector<float>(size))) == ErrorCode::order_violated);
  }
  CHECK_FALSE(classifier.frame_timestamp(1).has_value());
  stand_in(classifier, 1);
  feed(classifier, 1);
}

TEST_CASE("A window that is not ready gives no features and takes no logits") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.8);
  std::vector<float> features(4 * kFeatureSize);
  const std::vector<float> logits(3);
  for (std::size_t sample = 0; sample < 3; ++sample) feed(classifier, sample);
  CHECK(code_of(classifier.window_features(0, features)) == ErrorCode::order_violated);
  CHECK(code_of(classifier.add_logits(0, logits)) == ErrorCode::order_violated);
  feed(classifier, 3);
  CHECK(classifier.window_features(0, features).has_value());

  for (const std::size_t window : {std::size_t{1}, std::size_t{3}, kFirstLook}) {
    CAPTURE(window);
    CHECK(code_of(classifier.window_features(window, features)) == ErrorCode::order_violated);
    CHECK(code_of(classifier.add_logits(window, logits)) == ErrorCode::order_violated);
  }
  CHECK(code_of(classifier.window_features(0, std::span(features).first(7))) == ErrorCode::order_violated);
  CHECK(code_of(classifier.add_logits(0, std::span(logits).first(2))) == ErrorCode::order_violated);
  REQUIRE(classifier.add_logits(0, logits).has_value());
  CHECK(code_of(classifier.add_logits(0, logits)) == ErrorCode::order_violated);
  CHECK(classifier.window_features(0, features).has_value());  // features stay to be read
}

TEST_CASE("Logits that are no numbers leave nothing known rather than an answer of nonsense") {
  ClipClassifier classifier = classifier_of(fake_model(), 0.4);
  for (std::size_t sample = 0; sample < 4; ++sample) feed(classifier, sample);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  REQUIRE(classifier.add_logits(0, std::vector{nan, nan, nan}).has_value());
  CHECK(classifier.answer()->confidence == Approx(1.0 / 3));
  CHECK_FALSE(classifier.answer()->sure);
}

TEST_CASE("A cancelled clip leaves nothing behind for the next one") {
  const Model model = fake_model();
  ClipClassifier classifier = classifier_of(model, 0.8);
  for (const std::size_t sample : {0U, 1U, 2U}) feed(classifier, sample);

  classifier = classifier_of(model, 0.4);
  CHECK_FALSE(classifier.frame_timestamp(0).has_value());
  for (std::size_t sample = 0; sample < 4; ++sample) {
    REQUIRE(add(classifier, sample, static_cast<double>(sample), 101 + static_cast<int>(sample)).has_value());
  }
  CHECK(numbers_of(classifier, 0) == std::vector{101, 102, 103, 104});
}

TEST_CASE("A classifier outlives the model that it was made from, and can be moved") {
  std::optional<Model> model = fake_model();
  ClipClassifier classifier = classifier_of(*model, 0.4);
  model.reset();
  feed(classifier, 0);
  ClipClassifier moved = std::move(classifier);
  for (const std::size_t sample : {1U, 2U, 3U}) feed(moved, sample);
  run_heads(moved);
  CHECK(moved.answer().has_value());
}
