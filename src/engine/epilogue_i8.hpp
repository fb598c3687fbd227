#pragma once

// What becomes of exact sums: the last step of all 8-bit kernels, so that they agree to the bit.

#include <cstddef>
#include <cstdint>

#include "engine/gemm_i8.hpp"
#include "engine/simd_i8.hpp"

namespace actionscope::engine {

// See Dequantization. Holds pointers into it.
class FloatEpilogue {
 public:
  explicit FloatEpilogue(const Dequantization& dequantization)
      : scale_(dequantization.scale.data()),
        bias_(dequantization.bias.data()),
        low_(splat(dequantization.low)),
        high_(splat(dequantization.high)) {}

  // What four columns share, read once for many rows.
  struct Columns {
    F32x4 scale, bias;
  };
  Columns columns(std::size_t first) const { return {load<F32x4>(scale_ + first), load<F32x4>(bias_ + first)}; }

  F32x4 apply(I32x4 sums, const Columns& of) const { return clamp(to_f32(sums) * of.scale + of.bias, low_, high_); }

 private:
  const float* scale_;
  const float* bias_;
  F32x4 low_, high_;
};

// See Requantization. Holds pointers into it.
class QuantumEpilogue {
 public:
  explicit QuantumEpilogue(const Requantization& requantization)
      : scale_(requantization.scale.data()),
        bias_(requantization.bias.data()),
        zero_point_(requantization.zero_point),
        low_(U8x16{} + requantization.low),
        high_(U8x16{} + requantization.high) {}

  struct Columns {
    F32x4 scale, bias;
  };
  Columns columns(std::size_t first) const { return {load<F32x4>(scale_ + first), load<F32x4>(bias_ + first)}; }

  // Quanta that bytes() has still to clamp.
  I32x4 apply(I32x4 sums, const Columns& of) const {
    return round_to_i32(to_f32(sums) * of.scale + of.bias, zero_point_);
  }

  // Clamping whole numbers as bytes gives what clamping before the rounding would, since the narrowing saturates.
  U8x16 bytes(I32x4 a, I32x4 b, I32x4 c, I32x4 d) const { return clamp(narrow_to_u8(a, b, c, d), low_, high_); }

 private:
  const float* scale_;
  const float* bias_;
  std::int32_t zero_point_;
  U8x16 low_, high_;
};

}  // namespace actionscope::engine
