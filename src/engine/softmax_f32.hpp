#pragma once

#include <cstddef>

namespace actionscope::engine {

// exp(x - largest) / sum over one axis of [outer][axis][inner]; any size may be 0. The output may be the input. A NaN,
// or an infinity where exp(inf - inf) is NaN, makes its whole line NaN; -infinity alone gives 0.
void softmax_f32(const float* input, std::size_t outer, std::size_t axis, std::size_t inner, float* output);

}  // namespace actionscope::engine
