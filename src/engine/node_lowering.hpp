#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/attributes.hpp"
#include "engine/instructions.hpp"
#include "engine/limits.hpp"
#include "model/graph.hpp"
#include "model/names.hpp"

namespace actionscope::engine {

// What the lowering of a whole graph keeps while it goes through the nodes.
struct LoweringState {
  const model::Graph* graph = nullptr;
  Limits limits;
  Listing listing;
  model::Names names;                 // ValueIds
  std::map<ValueId, Constant> given;  // elements of inputs that the caller told ahead
  std::uint64_t multiplications = 0;
};

// One node while it is lowered: its inputs as values, and the instructions that it becomes. Everything that cannot be
// is refused, see Refusal.
class NodeLowering {
 public:
  // Both outlive this.
  NodeLowering(const model::Node& node, LoweringState& state) : attributes(node), node_(&node), state_(&state) {}

  Attributes attributes;

  std::int64_t opset() const { return state_->graph->opset; }
  const model::Node& node() const { return *node_; }

  // Input `index`, which must be there.
  ValueId input(std::size_t index) const;

  // Input `index`, where it is there and not left out.
  std::optional<ValueId> optional_input(std::size_t index) const;

  const Value& value(ValueId id) const { return state_->listing.values[id]; }
  const Shape& shape(ValueId id) const { return value(id).shape; }

  // Refuses a value of another type as not supported.
  void want_type(ValueId id, ElementType type) const;

  // Elements that must be known ahead: constants, or inputs whose elements the caller told. Refused where they are not.
  Known known(ValueId id) const;
  std::vector<float> known_floats(ValueId id) const;           // of a float value
  std::vector<std::int64_t> known_integers(ValueId id) const;  // of an int64, int32, int8 or uint8 value
  std::vector<std::int64_t> integers_of(std::string_view attribute,
                                        std::size_t input);  // the attribute, or else the input

  // `axis` of a shape of `rank` dimensions as an index; negative ones count from the end. `past`: whether rank itself
  // will do.
  std::size_t axis(std::int64_t axis, std::size_t rank, bool past = false) const;

  // A new value for output `index`; checks its size. No value where the node does not want that output.
  std::optional<ValueId> output(std::size_t index, ElementType type, const Shape& shape);

  // What the output is known to be, instead of an instruction.
  void set_known(std::optional<ValueId> id, Known known);

  // What no element of the output lies below or above.
  void set_range(std::optional<ValueId> id, double low, double high);

  // Adds an instruction unless none of its outputs is wanted.
  void emit(Operation operation, std::vector<ValueId> inputs, std::vector<std::optional<ValueId>> outputs);

  // What a run costs: `count` times all factors, in multiplications. Refused beyond the limits.
  void count_work(std::initializer_list<std::size_t> factors);

 private:
  ValueId new_value(ElementType type, const Shape& shape);

  const model::Node* node_;
  LoweringState* state_;
};

// The operators by family; each function lowers one node.
void lower_convolution(NodeLowering& node);
void lower_batch_normalization(NodeLowering& node);
void lower_clip(NodeLowering& node);
void lower_relu(NodeLowering& node);
void lower_add(NodeLowering& node);
void lower_global_average_pool(NodeLowering& node);
void lower_reduce_mean(NodeLowering& node);
void lower_softmax(NodeLowering& node);
void lower_flatten(NodeLowering& node);
void lower_reshape(NodeLowering& node);
void lower_squeeze(NodeLowering& node);
void lower_unsqueeze(NodeLowering& node);
void lower_transpose(NodeLowering& node);
void lower_gemm(NodeLowering& node);
void lower_matmul(NodeLowering& node);
void lower_lstm(NodeLowering& node);
void lower_quantize_linear(NodeLowering& node);
void lower_dequantize_linear(NodeLowering& node);

}  // namespace actionscope::engine
