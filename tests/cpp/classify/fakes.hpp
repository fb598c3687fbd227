#pragma once

// A model small enough to follow by hand. Frames are one pixel of one colour, which is a number; the feature of a frame
// is that number; the fake head looks at the numbers of a window.

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "image/frame.hpp"
#include "model/model.hpp"

namespace actionscope::test {

inline constexpr std::size_t kFeatureSize = 2;

inline model::Model fake_model(int frames = 4, int hop = 2, double rate = 10) {
  model::Model model;
  model.labels = {{"low", "Low", ""}, {"high", "High", ""}, {"none", "None of these", ""}};
  model.none_label = 2;
  model.input.width = 1;
  model.input.height = 1;
  model.input.mean = {0, 0, 0};
  model.input.std = {1, 1, 1};
  model.sampling.mode = model::SamplingMode::by_time;
  model.sampling.rate = rate;
  model.window.frames = frames;
  model.window.hop = hop;
  model.feature_size = static_cast<int>(kFeatureSize);
  model.variants.resize(1);
  model.variants[0].temperature = 2;
  model.variants[0].answer_threshold = 0.5;
  return model;
}

inline model::Model fake_first_frames_model(int count, int frames = 4, int hop = 2) {
  model::Model model = fake_model(frames, hop, 0);
  model.sampling = {.mode = model::SamplingMode::first_frames, .rate = 0, .count = count};
  return model;
}

// One pixel that shows `number`, 0..65535, in its red and green; 0 gives the all-zero tensor.
inline std::array<std::uint8_t, 4> pixel(int number) {
  return {static_cast<std::uint8_t>(number % 256), static_cast<std::uint8_t>(number / 256), 0, 255};
}

inline image::FrameLayout pixel_layout() {
  image::FrameLayout layout;
  layout.format = image::PixelFormat::rgba;
  layout.width = layout.height = layout.display_width = layout.display_height = 1;
  layout.planes[0] = {.offset = 0, .stride = 4};
  return layout;
}

// A layout that promises more pixels than any buffer here has.
inline image::FrameLayout lying_layout() {
  image::FrameLayout layout = pixel_layout();
  layout.height = layout.display_height = 100;
  return layout;
}

// The feature of a frame that shows `number`: that number, and 1, so that no feature is all zeros.
inline std::vector<float> fake_feature(int number) { return {static_cast<float>(number), 1}; }

// A tensor of 3 values to the feature of the frame that it shows.
inline std::vector<float> fake_backbone(std::span<const float> tensor) {
  return fake_feature(static_cast<int>(std::lround(tensor[0] * 255) + 256 * std::lround(tensor[1] * 255)));
}

// The numbers that a window's features stand for.
inline std::vector<int> numbers(std::span<const float> window_features) {
  std::vector<int> result;
  for (std::size_t start = 0; start < window_features.size(); start += kFeatureSize) {
    result.push_back(static_cast<int>(window_features[start]));
  }
  return result;
}

// Logits of "low", "high" and "none": the more so, the larger the window's first number is.
inline std::vector<float> fake_head(std::span<const float> window_features) { return {4, window_features[0] / 8, 0}; }

}  // namespace actionscope::test
