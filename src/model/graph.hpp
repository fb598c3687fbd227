#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "model/onnx.hpp"
#include "result.hpp"

namespace actionscope::model {

// The element types whose values are read; the numbers are those of TensorProto.DataType.
enum class ElementType : std::int32_t { float32 = 1, uint8 = 2, int8 = 3, int32 = 6, int64 = 7 };

// A constant of an ONNX file. Elements lie row-major and little-endian, one after the other.
class Tensor {
 public:
  std::string_view name;
  std::int32_t element_type = 0;  // TensorProto.DataType
  std::vector<std::int64_t> dimensions;

  // The elements: those of the file where it holds them as they are, else a copy made from its typed fields.
  std::span<const std::byte> bytes() const { return decoded.empty() ? raw : std::span<const std::byte>(decoded); }

  std::span<const std::byte> raw;
  std::vector<std::byte> decoded;
};

// std::monostate: a kind that no operator of ours takes (a graph, a sparse tensor, a type, and lists of those).
using AttributeValue = std::variant<std::monostate, std::int64_t, float, std::string_view, Tensor,
                                    std::vector<std::int64_t>, std::vector<float>, std::vector<std::string_view>>;

struct Attribute {
  std::string_view name;
  AttributeValue value;
};

struct Node {
  std::string_view name;
  std::string_view op_type;
  std::string_view domain;                // empty: ONNX's own operators
  std::vector<std::string_view> inputs;   // empty where an optional input is left out
  std::vector<std::string_view> outputs;  // empty where an optional output is not wanted
  std::vector<Attribute> attributes;
};

// The main graph of an ONNX file with its weights. Names and raw tensors are views of the file's bytes, which must
// outlive it.
struct Graph {
  std::int64_t opset = 0;            // version of ONNX's own operator set
  std::vector<Node> nodes;           // in the order of the file, which ONNX wants topological; not checked
  std::vector<Tensor> initializers;  // each name once
  GraphSignature signature;
};

// More nodes, initialisers, or inputs, outputs and attributes of one node than these count as damage.
inline constexpr std::size_t kMostNodes = 16384;
inline constexpr std::size_t kMostInitializers = 16384;
inline constexpr std::size_t kMostNodeParts = 256;

// Reads the main graph. The element count of each tensor is checked against its bytes, so that bytes() is as long as
// dimensions and type say; types other than float, uint8, int8, int32, int64 are kept by name, type and dimensions,
// without elements. Whatever the bytes, it allocates at most a fixed multiple of their number. Errors: onnx_invalid;
// the message is the end of a sentence that begins with the file's name.
Result<Graph> read_graph(std::string_view onnx_bytes);

}  // namespace actionscope::model
