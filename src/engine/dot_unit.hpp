#pragma once

#include <cstdint>

namespace actionscope::engine {

// The instruction that multiplies 7-bit activations and signed weights. Both are exact; which of them is faster depends
// on the processor.
enum class DotUnit : std::uint8_t {
  pairs,  // adds two products up in 16 bits; widening and adding to a sum are instructions of their own
  fours   // adds four products to a 32-bit sum; only builds for relaxed SIMD have it, others take `pairs` for it
};

// Found out once, by a product that processors are free to compute differently.
DotUnit fastest_dot_unit();

}  // namespace actionscope::engine
