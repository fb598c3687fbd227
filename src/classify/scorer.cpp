#include "classify/scorer.hpp"

#include <utility>

#include "temporal/scores.hpp"

namespace actionscope::classify {

Scorer::Scorer(const model::Model& model, const model::Variant& variant)
    : labels_(model.labels.size()),
      temperature_(variant.temperature),
      threshold_(static_cast<float>(variant.answer_threshold)) {}

std::size_t Scorer::labels() const { return labels_; }

Scores Scorer::score(std::span<const float> logits) const {
  return judge(temporal::probabilities(logits, temperature_));
}

Scores Scorer::mean(std::span<const std::vector<float>> rows) const { return judge(temporal::mean(rows)); }

Scores Scorer::judge(std::vector<float> probabilities) const {
  Scores scores;
  scores.label = temporal::top1(probabilities);
  scores.confidence = probabilities[scores.label];
  scores.sure = scores.confidence >= threshold_;
  scores.probabilities = std::move(probabilities);
  return scores;
}

}  // namespace actionscope::classify
