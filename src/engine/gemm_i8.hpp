#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/dot_unit.hpp"

namespace actionscope::engine {

// Quantised activations are 7-bit: a byte of 0..127. A product of such a byte and a signed weight, and the sum of two,
// fit in 16 bits, so that WebAssembly's relaxed dot product is exact on every processor.

inline constexpr std::size_t kPanelI8 = 8;  // columns side by side in a packed matrix
inline constexpr std::size_t kGroupI8 = 4;  // rows that one dot product takes

// Sums of more products than these might leave 32 bits: 2^31 / (127 * 128) is 132104.
inline constexpr std::size_t kMostDepthI8 = 65536;

// Panels of kPanelI8 columns; in a panel, group after group of kGroupI8 rows, each column's four bytes together. Both
// are filled up with zeros.
struct PackedI8 {
  std::size_t depth = 0;
  std::size_t columns = 0;
  std::vector<std::int8_t> values;
  std::vector<std::int32_t> column_sums;  // one a column: the sum of its weights, what a zero point of 1 adds to it
  DotUnit unit = DotUnit::pairs;          // what it is multiplied with
  // One a panel: whether neighbouring groups may be added up in 16 bits, as DotPairs::add_two wants it. Only for pairs.
  std::vector<std::uint8_t> pairs_fit;
};

// `weights`: element (k, n) at k * row_stride + n * column_stride; any values. 1 <= depth <= kMostDepthI8, columns
// >= 1.
PackedI8 pack_i8(std::span<const std::int8_t> weights, std::size_t depth, std::size_t columns, std::size_t row_stride,
                 std::size_t column_stride, DotUnit unit);

// From the exact 32-bit sum of a column to a number: real = float(sum) * scale[column] + bias[column], rounded to float
// after each operation (the conversion, too; never fused), then clamped to low..high; NaN stays NaN. `scale` is the
// input's times the weight's; `bias` holds what the input's zero point adds as well. Both are filled up with zeros to a
// multiple of kPanelI8. low <= high, infinities allowed.
struct Dequantization {
  std::vector<float> scale;
  std::vector<float> bias;
  float low = 0;
  float high = 0;
};

// From a number to a quantum: round-half-even(real / scale) + zero_point, clamped to 0..127. NaN gives 0.
// scale > 0 and finite; zero_point 0..127.
struct Quantization {
  float scale = 1;
  std::int32_t zero_point = 0;
};

// Of each column the scale input.scale * weight_scale, and the bias (0 if `bias` is empty) less what the input's zero
// point adds, each computed in double and rounded once.
Dequantization dequantization_of(const Quantization& input, std::span<const float> weight_scales,
                                 std::span<const std::int32_t> column_sums, std::span<const float> bias, float low,
                                 float high);

// From the exact sum to a quantum in one step: round-half-even(float(sum) * scale[column] + bias[column]) + zero_point,
// each operation rounded to float, clamped to low..high. Filled up as a Dequantization. Only for can_requantize().
struct Requantization {
  std::vector<float> scale;
  std::vector<float> bias;
  std::uint8_t low = 0;  // low <= high <= 127
  std::uint8_t high = 0;
  std::int32_t zero_point = 0;
};

// Whether all sums of `depth` products stay within some four million quanta of zero, as those of every sensible network
// do, and nothing becomes NaN: rounding then needs no bounds of its own. `bias`: one a weight scale, or empty.
bool can_requantize(const Quantization& input, std::span<const float> weight_scales, std::span<const float> bias,
                    std::size_t depth, const Quantization& output);

// Divides all by the output's scale, once. Quantising real numbers instead could give a neighbour where halves are
// near, and would divide each of them.
Requantization requantization_of(const Dequantization& dequantization, const Quantization& output);

// output[rows][columns] in float. `input`: [rows][depth] of 0..127, its rows input_stride bytes apart; whole groups of
// kGroupI8 bytes are read, so that each row can be read up to the next multiple of 4, whatever bytes lie there.
// `residual`: laid out as the output, added after the clamp; may be the output itself; or null. Strides in elements.
void gemm_i8_to_f32(const std::uint8_t* input, std::size_t rows, std::size_t input_stride, const PackedI8& matrix,
                    const Dequantization& dequantization, const float* residual, float* output,
                    std::size_t output_stride);

// The same, quantised again.
void gemm_i8_to_u7(const std::uint8_t* input, std::size_t rows, std::size_t input_stride, const PackedI8& matrix,
                   const Requantization& requantization, std::uint8_t* output, std::size_t output_stride);

}  // namespace actionscope::engine
