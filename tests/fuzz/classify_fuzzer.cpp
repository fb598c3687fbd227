// Any sequence of calls to a ClipClassifier and a LiveClassifier: no crash, and what they promise holds after each.

#include <fuzzer/FuzzedDataProvider.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "classify/clip_classifier.hpp"
#include "classify/live_classifier.hpp"

namespace {

using actionscope::classify::ClipClassifier;
using actionscope::classify::LiveClassifier;
using actionscope::classify::Scores;
using actionscope::model::Model;

constexpr std::size_t kTensorSize = 3;
constexpr std::size_t kFeatureSize = 2;
constexpr std::size_t kLabels = 3;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_sane(const Scores& scores) {
  require(scores.probabilities.size() == kLabels && scores.label < kLabels);
  double sum = 0;
  for (const float probability : scores.probabilities) sum += static_cast<double>(probability);
  require(std::abs(sum - 1) < 1e-3);
}

Model model_of(FuzzedDataProvider& input) {
  Model model;
  model.labels.resize(kLabels);
  model.input.width = model.input.height = 1;
  model.input.std = {1, 1, 1};
  model.feature_size = static_cast<int>(kFeatureSize);
  model.window.frames = input.ConsumeIntegralInRange(1, 8);
  model.window.hop = input.ConsumeIntegralInRange(1, model.window.frames);
  model.window.short_clips =
      input.ConsumeBool() ? actionscope::model::ShortClips::zeros : actionscope::model::ShortClips::stretch;
  model.sampling.mode =
      input.ConsumeBool() ? actionscope::model::SamplingMode::first_frames : actionscope::model::SamplingMode::by_time;
  model.sampling.rate = input.ConsumeFloatingPointInRange(0.1, 120.0);
  model.sampling.count = input.ConsumeIntegralInRange(1, 64);
  model.variants.resize(1);
  return model;
}

actionscope::image::FrameLayout layout_of(FuzzedDataProvider& input) {
  actionscope::image::FrameLayout layout;
  layout.width = layout.height = layout.display_width = layout.display_height = 1;
  layout.planes[0].stride = 4;
  if (input.ConsumeProbability<float>() < 0.1F) layout.height = input.ConsumeIntegral<int>();
  return layout;
}

double timestamp_of(FuzzedDataProvider& input) {
  return input.ConsumeBool() ? 0.05 * input.ConsumeIntegralInRange(0, 40) : input.ConsumeFloatingPoint<double>();
}

std::vector<float> floats_of(FuzzedDataProvider& input, std::size_t usual) {
  const bool is_usual = input.ConsumeProbability<float>() < 0.9F;
  std::vector<float> floats(is_usual ? usual : input.ConsumeIntegralInRange<std::size_t>(0, 64));
  for (float& value : floats) value = input.ConsumeBool() ? 1 : input.ConsumeFloatingPoint<float>();
  return floats;
}

void drive_clip(FuzzedDataProvider& input, const Model& model) {
  const double duration = input.ConsumeBool() ? input.ConsumeFloatingPointInRange(0.0, 3.0) : timestamp_of(input);
  const auto most_windows = input.ConsumeIntegralInRange<std::size_t>(1, 8);
  auto created = input.ConsumeBool() ? ClipClassifier::create_for_still(model, model.variants[0])
                                     : ClipClassifier::create(model, model.variants[0], duration, most_windows);
  if (!created) return;
  ClipClassifier& classifier = *created;
  const auto frames = static_cast<std::size_t>(model.window.frames);

  while (input.remaining_bytes() > 0) {
    const auto samples = classifier.samples();
    require(!samples.empty() && !classifier.first_look_samples().empty() && classifier.window_count() > 0);
    switch (input.ConsumeIntegralInRange(0, 5)) {
      case 0: {
        const auto at = input.ConsumeIntegralInRange<std::size_t>(0, samples.size());
        const std::size_t sample = at < samples.size() ? samples[at].sample : input.ConsumeIntegral<std::size_t>();
        const auto before = classifier.frame_timestamp(sample);
        const double timestamp = timestamp_of(input);
        const bool own = input.ConsumeBool();
        const std::vector<float> feature = floats_of(input, kFeatureSize);
        const auto added = own ? classifier.add_feature(sample, timestamp, feature)
                               : classifier.add_stand_in(sample, timestamp, feature);
        require(!added || (std::isfinite(timestamp) && feature.size() == kFeatureSize));
        require(classifier.frame_timestamp(sample) == (own && added ? timestamp : before));
        break;
      }
      case 1: {
        const bool needed = classifier.needs_zero_feature();
        const bool added = classifier.add_zero_feature(floats_of(input, kFeatureSize)).has_value();
        require(needed || !added);
        require(classifier.needs_zero_feature() == (needed && !added));
        break;
      }
      case 2: static_cast<void>(classifier.end_early()); break;
      case 3: {
        const auto window = classifier.next_window();
        if (!window) break;
        std::vector<float> features(frames * kFeatureSize);
        require(classifier.window_features(*window, features).has_value());
        if (classifier.add_logits(*window, floats_of(input, kLabels))) {
          require(classifier.next_window() != window);
        }
        break;
      }
      case 4: {
        std::vector<float> features = floats_of(input, frames * kFeatureSize);
        const auto window = input.ConsumeIntegral<std::size_t>();
        static_cast<void>(classifier.window_features(window, features));
        static_cast<void>(classifier.add_logits(window, floats_of(input, kLabels)));
        break;
      }
      default:
        if (const auto first = classifier.first()) require_sane(*first);
        if (const auto answer = classifier.answer()) require_sane(*answer);
        static_cast<void>(classifier.window(input.ConsumeIntegralInRange<std::size_t>(0, 8)));
    }
  }
}

void drive_live(FuzzedDataProvider& input, const Model& model) {
  LiveClassifier classifier(model, model.variants[0]);
  const auto frames = static_cast<std::size_t>(model.window.frames);
  const std::vector<std::uint8_t> pixels(4);
  while (input.remaining_bytes() > 0) {
    switch (input.ConsumeIntegralInRange(0, 3)) {
      case 0: {
        const auto added = classifier.add_frame(timestamp_of(input), pixels, layout_of(input));
        require(!added.value_or(false) || classifier.tensor().size() == kTensorSize);
        break;
      }
      case 1: static_cast<void>(classifier.add_feature(floats_of(input, kFeatureSize))); break;
      case 2: {
        std::vector<float> features(frames * kFeatureSize);
        static_cast<void>(classifier.window_features(features));
        static_cast<void>(classifier.add_logits(floats_of(input, kLabels)));
        break;
      }
      default:
        if (const auto current = classifier.current()) require_sane(*current);
        require(classifier.filled() >= 0 && classifier.filled() <= 1);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const Model model = model_of(input);
  if (input.ConsumeBool()) {
    drive_live(input, model);
  } else {
    drive_clip(input, model);
  }
  return 0;
}
