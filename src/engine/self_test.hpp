#pragma once

namespace actionscope::engine {

// Whether the kernels of this build compute on this processor what they should: a few convolutions of small integers,
// whose sums are exact in every way of computing them, against plain loops. It takes well under a millisecond.
bool self_test();

}  // namespace actionscope::engine
