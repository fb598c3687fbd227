#pragma once

#include <cstddef>
#include <vector>

namespace actionscope::classify {

// Probabilities of every label, and what they say.
struct Scores {
  std::vector<float> probabilities;  // in the order of model.labels; they sum to 1
  std::size_t label = 0;             // top-1
  float confidence = 0;              // probabilities[label]
  bool sure = false;                 // confidence >= the variant's answer threshold
};

// One window's scores. Seconds from the clip's start: times of the window's first sample and of its last, zeros left
// out (first_frames models: timestamps of the frames that these took).
struct WindowScores {
  double start = 0;
  double end = 0;
  Scores scores;
};

}  // namespace actionscope::classify
