#pragma once

#include "engine/instructions.hpp"

namespace actionscope::engine {

// Decides how each value lies in memory: activations of convolutions channels last, and what is computed from them
// element by element as well; all else row-major, the graph's inputs and outputs among it. Relayouts are added where it
// changes.
Listing arrange(Listing listing);

}  // namespace actionscope::engine
