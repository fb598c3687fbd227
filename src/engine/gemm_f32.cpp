// Products of float matrices: input [rows][depth], packed panels of 8 columns, output [rows][columns]. A tile is 6 rows
// of one panel, whose sums stay in registers over the whole depth. Bound by arithmetic: 20 to 23 GMAC/s from a depth of
// 96 on, 12 at a depth of 16, where loads and the epilogue weigh more (AMD EPYC, relaxed SIMD in Node 20, machine not
// quiet).

#include "engine/gemm_f32.hpp"

#include <algorithm>
#include <array>

#include "engine/simd_f32.hpp"
#include "engine/unroll.hpp"

namespace actionscope::engine {
namespace {

constexpr std::size_t kVectors = kPanelF32 / kLanesF32;
constexpr std::size_t kMostRows = 6;
constexpr std::size_t kFewestRows = 3;

template <std::size_t Rows, std::size_t Panels>
void multiply_tile(const RunsF32& input, std::size_t row, const PackedF32& matrix, std::size_t column,
                   const EpilogueF32& epilogue, float* output, std::size_t output_stride) {
  constexpr std::size_t across = Panels * kVectors;
  const std::size_t panel_size = matrix.depth * kPanelF32;
  const float* panel = matrix.values.data() + column / kPanelF32 * panel_size;

  std::array<std::array<F32x4, across>, Rows> sums{};
  const bool whole = column + Panels * kPanelF32 <= matrix.columns;
  const auto start_from = [&](const auto& bias_of) __attribute__((always_inline)) {
    unroll<across>([&](auto v) {
      const F32x4 bias = bias_of(v * kLanesF32);
      unroll<Rows>([&](auto i) { sums[i][v] = bias; });
    });
  };
  if (epilogue.bias == nullptr)
    start_from([](std::size_t) { return F32x4{}; });
  else if (whole)
    start_from([&](std::size_t at) { return load<F32x4>(epilogue.bias + column + at); });
  else
    start_from([&](std::size_t at) { return load_lanes(epilogue.bias, column + at, matrix.columns); });

  for (const std::size_t offset : input.offsets) {
    std::array<const float*, Rows> from{};
    unroll<Rows>([&](auto i) { from[i] = input.first + (row + i) * input.step + offset; });
    const auto multiply = [&](std::size_t k) __attribute__((always_inline)) {
      std::array<F32x4, across> weights{};
      unroll<across>([&](auto v) {
        weights[v] = load<F32x4>(panel + v / kVectors * panel_size + k * kPanelF32 + v % kVectors * kLanesF32);
      });
      unroll<Rows>([&](auto i) {
        const F32x4 value = splat(from[i][k]);
        unroll<across>([&](auto v) { sums[i][v] = multiply_add(value, weights[v], sums[i][v]); });
      });
    };
    const auto advance = [&](std::size_t count) __attribute__((always_inline)) {
      unroll<Rows>([&](auto i) { from[i] += count; });
      panel += count * kPanelF32;
    };
    std::size_t left = input.length;
    for (; left >= 4; left -= 4) {
      unroll<4>(multiply);
      advance(4);
    }
    for (; left > 0; --left) {
      multiply(0);
      advance(1);
    }
  }

  const F32x4 low = splat(epilogue.low);
  const F32x4 high = splat(epilogue.high);
  unroll<Rows>([&](auto i) { unroll<across>([&](auto v) { sums[i][v] = clamp(sums[i][v], low, high); }); });
  output += row * output_stride;
  const float* residual = epilogue.residual != nullptr ? epilogue.residual + row * output_stride : nullptr;
  if (whole) {
    if (residual != nullptr)
      unroll<Rows>([&](auto i) {
        unroll<across>(
            [&](auto v) { sums[i][v] += load<F32x4>(residual + i * output_stride + column + v * kLanesF32); });
      });
    unroll<Rows>([&](auto i) {
      unroll<across>([&](auto v) { store(output + i * output_stride + column + v * kLanesF32, sums[i][v]); });
    });
  } else {
    unroll<Rows>([&](auto i) {
      unroll<across>([&](auto v) {
        const std::size_t at = column + v * kLanesF32;
        if (residual != nullptr) sums[i][v] += load_lanes(residual + i * output_stride, at, matrix.columns);
        store_lanes(output + i * output_stride, at, matrix.columns, sums[i][v]);
      });
    });
  }
}

using Tile = void (*)(const RunsF32&, std::size_t, const PackedF32&, std::size_t, const EpilogueF32&, float*,
                      std::size_t);

// By their number of rows, from kFewestRows on.
constexpr std::array<Tile, kMostRows - kFewestRows + 1> kTiles = {multiply_tile<3, 1>, multiply_tile<4, 1>,
                                                                  multiply_tile<5, 1>, multiply_tile<6, 1>};

// Four floats each of four columns, column_stride apart, become four rows of a panel.
inline void pack_block(const float* from, std::size_t column_stride, float* to) {
  const auto rows =
      transposed(std::array{load<F32x4>(from), load<F32x4>(from + column_stride), load<F32x4>(from + 2 * column_stride),
                            load<F32x4>(from + 3 * column_stride)});
  for (std::size_t k = 0; k < rows.size(); ++k) store(to + k * kPanelF32, rows[k]);
}

}  // namespace

PackedF32 pack_f32(std::span<const float> weights, std::size_t depth, std::size_t columns, std::size_t row_stride,
                   std::size_t column_stride) {
  const std::size_t panels = (columns + kPanelF32 - 1) / kPanelF32;
  PackedF32 packed{.depth = depth, .columns = columns, .values = std::vector<float>(panels * depth * kPanelF32)};
  if (depth == 0) return packed;
  for (std::size_t n = 0; n < columns; n += kLanesF32) {
    const std::size_t width = std::min(kLanesF32, columns - n);
    const float* from = weights.data() + n * column_stride;
    float* to = packed.values.data() + n / kPanelF32 * depth * kPanelF32 + n % kPanelF32;
    std::size_t k = 0;
    // Columns one after the other, as nets have them: a visitor waits while they are packed.
    if (row_stride == 1 && width == kLanesF32)
      for (; k + kLanesF32 <= depth; k += kLanesF32) pack_block(from + k, column_stride, to + k * kPanelF32);
    for (; k < depth; ++k)
      for (std::size_t i = 0; i < width; ++i) to[k * kPanelF32 + i] = from[k * row_stride + i * column_stride];
  }
  return packed;
}

void gemm_f32(const float* input, std::size_t rows, std::size_t input_stride, const PackedF32& matrix,
              const EpilogueF32& epilogue, float* output, std::size_t output_stride) {
  const std::size_t start = 0;
  gemm_f32({.first = input, .step = input_stride, .offsets = {&start, 1}, .length = matrix.depth}, rows, matrix,
           epilogue, output, output_stride);
}

void gemm_f32(const RunsF32& input, std::size_t rows, const PackedF32& matrix, const EpilogueF32& epilogue,
              float* output, std::size_t output_stride) {
  // One or two rows alone would wait for their sums: they take several panels at once.
  const auto multiply_flat = [&](std::size_t row, Tile wide, std::size_t panels, Tile narrow) {
    std::size_t column = 0;
    for (; column + panels * kPanelF32 <= matrix.columns; column += panels * kPanelF32)
      wide(input, row, matrix, column, epilogue, output, output_stride);
    for (; column < matrix.columns; column += kPanelF32)
      narrow(input, row, matrix, column, epilogue, output, output_stride);
  };
  if (rows == 0) return;
  if (rows == 1) return multiply_flat(0, multiply_tile<1, 4>, 4, multiply_tile<1, 1>);
  if (rows == 2) return multiply_flat(0, multiply_tile<2, 2>, 2, multiply_tile<2, 1>);

  // Tiles as even in height as can be: none is lower than kFewestRows.
  const std::size_t tiles = (rows + kMostRows - 1) / kMostRows;
  const auto multiply = [&](std::size_t tile, std::size_t column) {
    const std::size_t row = tile * rows / tiles;
    const std::size_t height = (tile + 1) * rows / tiles - row;
    kTiles[height - kFewestRows](input, row, matrix, column, epilogue, output, output_stride);
  };
  // The larger of the two matrices is gone through once, the smaller one over and over from the cache.
  if (rows >= matrix.columns) {
    for (std::size_t tile = 0; tile < tiles; ++tile)
      for (std::size_t column = 0; column < matrix.columns; column += kPanelF32) multiply(tile, column);
  } else {
    for (std::size_t column = 0; column < matrix.columns; column += kPanelF32)
      for (std::size_t tile = 0; tile < tiles; ++tile) multiply(tile, column);
  }
}

}  // namespace actionscope::engine
