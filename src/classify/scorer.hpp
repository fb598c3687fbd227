#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "classify/classification.hpp"
#include "model/model.hpp"

namespace actionscope::classify {

// From the head's logits to scores, as a variant of a model has it.
class Scorer {
 public:
  Scorer(const model::Model& model, const model::Variant& variant);

  std::size_t labels() const;
  // `logits`: one a label.
  Scores score(std::span<const float> logits) const;
  // Scores of the mean of several windows' probabilities, one row a window, at least one.
  Scores mean(std::span<const std::vector<float>> rows) const;

 private:
  Scores judge(std::vector<float> probabilities) const;

  std::size_t labels_;
  double temperature_;
  float threshold_;
};

}  // namespace actionscope::classify
