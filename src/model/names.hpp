#pragma once

#include <cstddef>
#include <map>
#include <string_view>

namespace actionscope::model {

// An order of names in which two are told apart in a few steps: by their lengths and then by blocks of bytes, since the
// names of a graph's values are alike over long stretches.
struct NameOrder {
  bool operator()(std::string_view a, std::string_view b) const;
};

// What a graph's names stand for, as numbers. Whoever wrote the file cannot make it slow. The texts outlive it.
using Names = std::map<std::string_view, std::size_t, NameOrder>;

}  // namespace actionscope::model
