#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/graph.hpp"

namespace actionscope::engine {

// The attributes of one node, read by name and kind: views of it, empty for lists that are left out. One of another
// kind is refused, see Refusal.
class Attributes {
 public:
  // `node` outlives this.
  explicit Attributes(const model::Node& node) : node_(&node), asked_(node.attributes.size()) {}

  bool has(std::string_view name) const;

  std::int64_t integer(std::string_view name, std::int64_t otherwise);
  float number(std::string_view name, float otherwise);
  std::string_view text(std::string_view name, std::string_view otherwise);
  std::span<const std::int64_t> integers(std::string_view name);
  std::span<const std::string_view> texts(std::string_view name);

  // Marks an attribute as asked for that changes nothing in what is computed here.
  void ignore(std::string_view name);

  // Refuses the node if it has an attribute that nobody asked for.
  void finish() const;

 private:
  template <class Kind>
  const Kind* find(std::string_view name);

  const model::Node* node_;
  std::vector<bool> asked_;
};

}  // namespace actionscope::engine
