#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/graph.hpp"

namespace actionscope::engine {

// The engine computes with the types that src/model reads.
using model::ElementType;

// Sizes from the outermost to the innermost; none of them negative. A scalar has none.
using Shape = std::vector<std::int64_t>;

// No value for a type that the engine does not compute with.
std::optional<ElementType> element_type(std::int32_t onnx_type);

// ONNX's name of a TensorProto.DataType, "FLOAT16", or "type 99" where it has none.
std::string onnx_type_name(std::int32_t onnx_type);

std::size_t element_size(ElementType type);

// The number of elements, or no value where a size is negative or they are more than `most`.
std::optional<std::size_t> element_count(const Shape& shape, std::size_t most);

// The number of elements of a shape whose count has been checked before.
std::size_t element_count(const Shape& shape);

// A size of a shape that has been checked before.
inline std::size_t size_of(std::int64_t size) { return static_cast<std::size_t>(size); }

// Elements that are known before a graph runs: those of a file, or ones that were computed from them. Not aligned.
class Constant {
 public:
  Constant() = default;

  // A view: `bytes` outlive this.
  explicit Constant(std::span<const std::byte> bytes) : bytes_(bytes) {}

  explicit Constant(std::vector<std::byte> bytes)
      : owned_(std::make_shared<const std::vector<std::byte>>(std::move(bytes))), bytes_(*owned_) {}

  std::span<const std::byte> bytes() const { return bytes_; }

  // The elements as T, whose size must be that of the element type.
  template <class T>
  std::vector<T> as() const;

 private:
  std::shared_ptr<const std::vector<std::byte>> owned_;
  std::span<const std::byte> bytes_;
};

}  // namespace actionscope::engine
