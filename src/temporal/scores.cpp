#include "temporal/scores.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace actionscope::temporal {

std::vector<float> probabilities(std::span<const float> logits, double temperature) {
  if (logits.empty()) return {};
  if (std::any_of(logits.begin(), logits.end(), [](float logit) { return std::isnan(logit); })) {
    return std::vector<float>(logits.size(), 1.0F / static_cast<float>(logits.size()));
  }

  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> weights(logits.size());
  double sum = 0;
  for (std::size_t index = 0; index < logits.size(); ++index) {
    // Equal infinities have no difference: the largest logit always weighs 1.
    const double logit = logits[index];
    weights[index] = logit == largest ? 1 : std::exp((logit - largest) / temperature);
    sum += weights[index];
  }
  std::vector<float> result(logits.size());
  std::transform(weights.begin(), weights.end(), result.begin(),
                 [sum](double weight) { return static_cast<float>(weight / sum); });
  return result;
}

std::vector<float> mean(std::span<const std::vector<float>> rows) {
  if (rows.empty()) return {};
  std::vector<double> sums(rows.front().size());
  for (const std::vector<float>& row : rows) {
    std::transform(row.begin(), row.end(), sums.begin(), sums.begin(),
                   [](float value, double sum) { return sum + static_cast<double>(value); });
  }
  std::vector<float> result(sums.size());
  std::transform(sums.begin(), sums.end(), result.begin(),
                 [count = static_cast<double>(rows.size())](double sum) { return static_cast<float>(sum / count); });
  return result;
}

std::size_t top1(std::span<const float> values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace actionscope::temporal
