#include "engine/broadcast.hpp"

#include <algorithm>
#include <cstddef>

namespace actionscope::engine {

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  Shape shape(std::max(a.size(), b.size()), 1);
  const auto merge = [&shape](const Shape& from) {
    const std::size_t missing = shape.size() - from.size();
    for (std::size_t index = 0; index < from.size(); ++index) {
      std::int64_t& size = shape[missing + index];
      if (size == from[index] || from[index] == 1) continue;
      if (size != 1) return false;
      size = from[index];
    }
    return true;
  };
  if (!merge(a) || !merge(b)) return std::nullopt;
  return shape;
}

Shape broadcast_strides(const Shape& from, const Shape& shape) {
  Shape strides(shape.size(), 0);
  std::int64_t stride = 1;
  const std::size_t missing = shape.size() - from.size();
  for (std::size_t index = from.size(); index-- > 0;) {
    if (from[index] != 1) strides[missing + index] = stride;
    stride *= from[index];
  }
  return strides;
}

}  // namespace actionscope::engine
