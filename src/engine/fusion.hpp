#pragma once

#include "engine/instructions.hpp"

namespace actionscope::engine {

// Joins instructions so that a run goes over memory less often; what is computed stays the same but for rounding.
// - A convolution of dequantised seven-bit activations with dequantised weights becomes a quantised one.
// - A batch normalisation, clamps and the addition of a residual go into the convolution before them, and after a
// quantised
//   convolution the quantisation to seven bits too.
// - A clamp before a quantisation to seven bits goes where the quantisation saturates at the same quanta.
// - What nothing reads is left out.
Listing fuse(Listing listing);

}  // namespace actionscope::engine
