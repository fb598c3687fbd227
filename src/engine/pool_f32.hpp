#pragma once

#include <cstddef>

namespace actionscope::engine {

// The mean of all pixels, channel by channel: input [batch][pixels][channels], output [batch][channels]. At least one
// pixel; batch and channels may be 0. Pixels are summed in their order, then multiplied by 1 / pixels. NaN and
// infinities go through, denormals are kept. Input and output do not overlap.
void mean_pool_f32(const float* input, std::size_t batch, std::size_t pixels, std::size_t channels, float* output);

}  // namespace actionscope::engine
