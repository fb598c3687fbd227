#include "temporal/feature_track.hpp"

namespace actionscope::temporal {

FeatureTrack::FeatureTrack(std::size_t feature_size) : feature_size_(feature_size) {}

std::size_t FeatureTrack::add(double timestamp, std::span<const float> feature) {
  const auto [entry, is_new] = slots_.try_emplace(timestamp, timestamps_.size());
  if (!is_new) return entry->second;
  if (timestamps_.size() % kBlockFeatures == 0) {
    blocks_.emplace_back().reserve(kBlockFeatures * feature_size_);  // reserved whole, so that it never moves
  }
  blocks_.back().insert(blocks_.back().end(), feature.begin(), feature.end());
  timestamps_.push_back(timestamp);
  return entry->second;
}

std::span<const float> FeatureTrack::operator[](std::size_t slot) const {
  const std::span<const float> block = blocks_[slot / kBlockFeatures];
  return block.subspan(slot % kBlockFeatures * feature_size_, feature_size_);
}

double FeatureTrack::timestamp(std::size_t slot) const { return timestamps_[slot]; }

std::size_t FeatureTrack::size() const { return timestamps_.size(); }

}  // namespace actionscope::temporal
