#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace actionscope::temporal {

// Features by the time of the frame that they were computed from: each frame's feature once, 4 * feature_size bytes a
// frame. A slot is the index of a feature in order of arrival. Slots and the spans of operator[] stay valid for the
// track's life, also when it is moved: features lie in blocks that never move.
class FeatureTrack {
 public:
  // `feature_size` > 0.
  explicit FeatureTrack(std::size_t feature_size);

  // Copies `feature` (feature_size floats) in; returns its slot. A time that is already there keeps its first feature.
  // `timestamp` in seconds, not NaN.
  std::size_t add(double timestamp, std::span<const float> feature);

  // `slot` < size().
  std::span<const float> operator[](std::size_t slot) const;
  double timestamp(std::size_t slot) const;
  std::size_t size() const;

 private:
  static constexpr std::size_t kBlockFeatures = 32;

  std::size_t feature_size_;
  std::vector<std::vector<float>> blocks_;  // kBlockFeatures features each, the last one less
  std::vector<double> timestamps_;          // by slot
  std::map<double, std::size_t> slots_;     // by timestamp
};

}  // namespace actionscope::temporal
