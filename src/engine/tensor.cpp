#include "engine/tensor.hpp"

#include <array>
#include <cstring>
#include <limits>

namespace actionscope::engine {

std::optional<ElementType> element_type(std::int32_t onnx_type) {
  switch (static_cast<ElementType>(onnx_type)) {
    case ElementType::float32:
    case ElementType::uint8:
    case ElementType::int8:
    case ElementType::int32:
    case ElementType::int64: return static_cast<ElementType>(onnx_type);
  }
  return std::nullopt;
}

std::string onnx_type_name(std::int32_t onnx_type) {
  constexpr std::array<const char*, 27> names{
      "UNDEFINED", "FLOAT",      "UINT8",      "INT8",         "UINT16",         "INT16",      "INT32",
      "INT64",     "STRING",     "BOOL",       "FLOAT16",      "DOUBLE",         "UINT32",     "UINT64",
      "COMPLEX64", "COMPLEX128", "BFLOAT16",   "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ",
      "UINT4",     "INT4",       "FLOAT4E2M1", "FLOAT8E8M0",   "UINT2",          "INT2"};
  if (onnx_type >= 0 && static_cast<std::size_t>(onnx_type) < names.size()) {
    return names.at(static_cast<std::size_t>(onnx_type));
  }
  return "type " + std::to_string(onnx_type);
}

std::size_t element_size(ElementType type) {
  switch (type) {
    case ElementType::uint8:
    case ElementType::int8: return 1;
    case ElementType::float32:
    case ElementType::int32: return 4;
    case ElementType::int64: return 8;
  }
  return 0;
}

std::optional<std::size_t> element_count(const Shape& shape, std::size_t most) {
  // A size of 0 makes any shape small, but the other sizes must still be sound.
  std::size_t count = 1;
  bool empty = false;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    if (size == 0) {
      empty = true;
      continue;
    }
    const auto factor = static_cast<std::uint64_t>(size);
    if (factor > most / count) return std::nullopt;
    count *= static_cast<std::size_t>(factor);
  }
  return empty ? 0 : count;
}

template <class T>
std::vector<T> Constant::as() const {
  std::vector<T> elements(bytes_.size() / sizeof(T));
  if (!elements.empty()) std::memcpy(elements.data(), bytes_.data(), elements.size() * sizeof(T));
  return elements;
}

template std::vector<float> Constant::as() const;
template std::vector<std::uint8_t> Constant::as() const;
template std::vector<std::int8_t> Constant::as() const;
template std::vector<std::int32_t> Constant::as() const;
template std::vector<std::int64_t> Constant::as() const;

std::size_t element_count(const Shape& shape) {
  return element_count(shape, std::numeric_limits<std::size_t>::max()).value_or(0);
}

}  // namespace actionscope::engine
