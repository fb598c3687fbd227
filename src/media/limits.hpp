#pragma once

#include "result.hpp"

// What every part of the room refuses alike.

namespace actionscope::media {

// Pixels a side that a picture may have.
inline constexpr int kLargestSide = 8192;

inline Error out_of_memory() { return {ErrorCode::out_of_memory, "There is not enough memory to read this video."}; }

}  // namespace actionscope::media
