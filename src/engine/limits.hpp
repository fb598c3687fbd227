#pragma once

#include <cstddef>
#include <cstdint>

namespace actionscope::engine {

// What a graph may cost. One beyond it is refused before anything is allocated for it.
struct Limits {
  std::size_t bytes = std::size_t{1} << 29;                // of one tensor, and of a program's arena
  std::uint64_t multiplications = std::uint64_t{1} << 37;  // of one run: some minutes
  std::size_t nodes = 4096;
};

}  // namespace actionscope::engine
