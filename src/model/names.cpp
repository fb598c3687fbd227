#include "model/names.hpp"

#include <cstdint>
#include <cstring>

namespace actionscope::model {
namespace {

constexpr std::size_t kBlock = sizeof(std::uint64_t);

std::uint64_t block_at(const char* bytes) {
  std::uint64_t block = 0;
  std::memcpy(&block, bytes, kBlock);
  return block;
}

}  // namespace

bool NameOrder::operator()(std::string_view a, std::string_view b) const {
  if (a.size() != b.size()) return a.size() < b.size();
  if (a.size() < kBlock) return a < b;
  const std::size_t last = a.size() - kBlock;
  for (std::size_t at = 0; at < last; at += kBlock) {
    const std::uint64_t of_a = block_at(a.data() + at);
    const std::uint64_t of_b = block_at(b.data() + at);
    if (of_a != of_b) return of_a < of_b;
  }
  return block_at(a.data() + last) < block_at(b.data() + last);
}

}  // namespace actionscope::model
