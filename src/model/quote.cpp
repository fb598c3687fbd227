#include "model/quote.hpp"

#include <algorithm>
#include <cstddef>

namespace actionscope::model {
namespace {

constexpr std::size_t kLongest = 60;

bool is_utf8_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20U || byte == 0x7F; }

}  // namespace

std::string quote(std::string_view text) {
  std::size_t length = std::min(text.size(), kLongest);
  if (length < text.size()) {
    while (length > 0 && is_utf8_continuation(text[length])) --length;
  }
  std::string quoted = "\"";
  quoted += text.substr(0, length);
  std::replace_if(quoted.begin(), quoted.end(), is_control, '?');
  if (length < text.size()) quoted += "...";
  quoted += '"';
  return quoted;
}

}  // namespace actionscope::model
