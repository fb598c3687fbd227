#pragma once

#include <cstddef>
#include <utility>

namespace actionscope::engine {

// Calls body(std::integral_constant<std::size_t, 0>()) to Count - 1, one after the other and without a loop: arrays
// that are indexed by these stay in registers, which a loop that the compiler unrolls late does not grant.
template <std::size_t Count, class Body>
[[gnu::always_inline]] inline void unroll(const Body& body) {
  [&]<std::size_t... Index>(std::index_sequence<Index...>) __attribute__((always_inline)) {
    (body(std::integral_constant<std::size_t, Index>()), ...);
  }(std::make_index_sequence<Count>());
}

}  // namespace actionscope::engine
