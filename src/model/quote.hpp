#pragma once

#include <string>
#include <string_view>

namespace actionscope::model {

// Foreign text as it may stand in a message: in quotation marks, control characters as '?', cut to about 60 bytes
// (never within a UTF-8 character).
std::string quote(std::string_view text);

}  // namespace actionscope::model
