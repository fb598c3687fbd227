#pragma once

#include <span>
#include <vector>

namespace actionscope::temporal {

// softmax(logits / temperature), computed from the largest logit down so that no exponent overflows. A NaN logit gives
// uniform probabilities.
std::vector<float> probabilities(std::span<const float> logits, double temperature);

// Element-wise mean of equally long rows; empty for no rows.
std::vector<float> mean(std::span<const std::vector<float>> rows);

// Index of the largest value; the first of equals. `values` must not be empty.
std::size_t top1(std::span<const float> values);

}  // namespace actionscope::temporal
