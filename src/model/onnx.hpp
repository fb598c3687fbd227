#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "result.hpp"

namespace actionscope::model {

// ONNX's TensorProto.DataType of a 32-bit float.
inline constexpr std::int32_t kOnnxFloat = 1;

// A size that the file states, or no value for one that is symbolic or left open.
using Dimension = std::optional<std::int64_t>;

// An input or output of a graph.
struct GraphValue {
  std::string name;
  std::int32_t element_type = 0;                     // TensorProto.DataType; 0 where it is unknown or not a tensor
  std::optional<std::vector<Dimension>> dimensions;  // no value where the file states no shape
};

struct GraphSignature {
  std::vector<GraphValue> inputs;  // without those that are initialisers
  std::vector<GraphValue> outputs;
};

// A graph with more inputs and outputs (initialisers among them) or a shape with more dimensions counts as damaged.
inline constexpr std::size_t kMostGraphValues = 4096;
inline constexpr std::size_t kMostDimensions = 16;

// Reads the signature of an ONNX file's main graph; operators and weights are skipped, not checked. Whatever the bytes,
// it reads only them and allocates at most kMostGraphValues values of kMostDimensions each, and copies of names that
// stand in the file. Errors: onnx_invalid; the message is the end of a sentence that begins with the file's name.
Result<GraphSignature> read_signature(std::string_view onnx_bytes);

}  // namespace actionscope::model
