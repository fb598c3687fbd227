// Products of 7-bit activations [rows][depth] and signed 8-bit weights [depth][columns], packed in panels of 8 columns.
//
// A tile is kTileRows rows by one panel; its sums stay in registers while groups of four activations a row are splat
// and multiplied with two vectors of weights each: two groups at once, but for pairs whose weights are too large. Rows
// are taken in blocks that fit into the first-level cache beside a panel, and all panels pass over a block before the
// next.
//
// Bound by the vector instructions of the dot product, and where depth is 16 or 24 by the last step as well. Measured
// as relaxed SIMD in Chromium 156, one virtual core of an Intel Xeon (Sapphire Rapids), over the pointwise layers of
// MobileNetV2: fours 106 GMAC/s to float and 76 to 7 bits, pairs 66 and 55.

#include "engine/gemm_i8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "engine/epilogue_i8.hpp"
#include "engine/simd_i8.hpp"
#include "engine/unroll.hpp"

namespace actionscope::engine {
namespace {

// Rows of a tile. In pairs as many as leave the other operands room in 16 registers; in fours more pay, although
// browsers then keep some sums in memory.
#ifdef __wasm_relaxed_simd__
template <class Dot>
constexpr std::size_t kTileRows = Dot::kUnit == DotUnit::fours ? 8 : 6;
#else
template <class Dot>
constexpr std::size_t kTileRows = 4;
#endif
constexpr std::size_t kGroupBytes = kPanelI8 * kGroupI8;
constexpr std::size_t kBlockBytes = 16384;
constexpr std::size_t kUnrolled = 4;
constexpr std::size_t kColumnsAtOnce = 4;
constexpr std::int32_t kHighestQuantum = 127;
constexpr std::int32_t kLargestWeight = 128;  // without its sign
// Within what round_to_i32 takes.
constexpr double kFarthestQuantum = 4e6;
// Beyond all quanta.
constexpr float kFarthestBound = 1024;

constexpr std::size_t divided_up(std::size_t count, std::size_t by) { return (count + by - 1) / by; }

template <std::size_t Rows>
using Sums = std::array<std::array<I32x4, 2>, Rows>;

template <class Dot, std::size_t Rows>
inline void add_group(const std::uint8_t* input, std::size_t stride, const std::int8_t* weights, Sums<Rows>& sums) {
  const auto left = load<I8x16>(weights);
  const auto right = load<I8x16>(weights + sizeof(I8x16));
  for (std::size_t row = 0; row < Rows; ++row) {
    const U8x16 activations = splat_group(input + row * stride);
    sums[row][0] = Dot::add(left, activations, sums[row][0]);
    sums[row][1] = Dot::add(right, activations, sums[row][1]);
  }
}

template <class Dot, std::size_t Rows>
inline void add_pair(const std::uint8_t* input, std::size_t stride, const std::int8_t* weights, Sums<Rows>& sums) {
  const auto left = load<I8x16>(weights);
  const auto right = load<I8x16>(weights + sizeof(I8x16));
  const auto next_left = load<I8x16>(weights + kGroupBytes);
  const auto next_right = load<I8x16>(weights + kGroupBytes + sizeof(I8x16));
  for (std::size_t row = 0; row < Rows; ++row) {
    const U8x16 activations = splat_group(input + row * stride);
    const U8x16 next = splat_group(input + row * stride + kGroupI8);
    sums[row][0] = Dot::add_two(left, activations, next_left, next, sums[row][0]);
    sums[row][1] = Dot::add_two(right, activations, next_right, next, sums[row][1]);
  }
}

template <class Dot, std::size_t Rows>
inline void add_pairs(const std::uint8_t* input, std::size_t stride, const std::int8_t* panel, std::size_t groups,
                      Sums<Rows>& sums) {
  for (; groups >= 2; groups -= 2) {
    add_pair<Dot, Rows>(input, stride, panel, sums);
    input += 2 * kGroupI8;
    panel += 2 * kGroupBytes;
  }
  if (groups > 0) add_group<Dot, Rows>(input, stride, panel, sums);
}

template <class Dot, std::size_t Rows>
inline void add_groups(const std::uint8_t* input, std::size_t stride, const std::int8_t* panel, std::size_t groups,
                       Sums<Rows>& sums) {
  for (; groups >= kUnrolled; groups -= kUnrolled) {
    for (std::size_t i = 0; i < kUnrolled; ++i)
      add_group<Dot, Rows>(input + i * kGroupI8, stride, panel + i * kGroupBytes, sums);
    input += kUnrolled * kGroupI8;
    panel += kUnrolled * kGroupBytes;
  }
  for (; groups > 0; --groups) {
    add_group<Dot, Rows>(input, stride, panel, sums);
    input += kGroupI8;
    panel += kGroupBytes;
  }
}

// What all tiles of a panel share.
template <class Epilogue>
struct PanelColumns {
  typename Epilogue::Columns left, right;

  PanelColumns(const Epilogue& epilogue, std::size_t column)
      : left(epilogue.columns(column)), right(epilogue.columns(column + kPanelI8 / 2)) {}
};

// Where a tile's results go, `width` <= kPanelI8 of them a row.
class FloatOutput {
 public:
  using Epilogue = FloatEpilogue;

  FloatOutput(const Epilogue& epilogue, const float* residual, float* output, std::size_t stride)
      : epilogue_(epilogue), residual_(residual), output_(output), stride_(stride) {}

  const Epilogue& epilogue() const { return epilogue_; }

  template <std::size_t Rows>
  void put(const Sums<Rows>& sums, const PanelColumns<Epilogue>& columns, std::size_t row, std::size_t column,
           std::size_t width) const {
    for (std::size_t i = 0; i < Rows; ++i) {
      const F32x4 left = epilogue_.apply(sums[i][0], columns.left);
      const F32x4 right = epilogue_.apply(sums[i][1], columns.right);
      put_row(left, right, (row + i) * stride_ + column, width);
    }
  }

 private:
  void put_row(F32x4 left, F32x4 right, std::size_t at, std::size_t width) const {
    if (width == kPanelI8) {
      if (residual_ != nullptr) {
        left += load<F32x4>(residual_ + at);
        right += load<F32x4>(residual_ + at + 4);
      }
      store(output_ + at, left);
      store(output_ + at + 4, right);
      return;
    }
    std::array<float, kPanelI8> values = {};
    store(values.data(), left);
    store(values.data() + 4, right);
    for (std::size_t i = 0; i < width; ++i)
      output_[at + i] = residual_ == nullptr ? values[i] : values[i] + residual_[at + i];
  }

  const Epilogue& epilogue_;
  const float* residual_;
  float* output_;
  std::size_t stride_;
};

class QuantumOutput {
 public:
  using Epilogue = QuantumEpilogue;

  QuantumOutput(const Epilogue& epilogue, std::uint8_t* output, std::size_t stride)
      : epilogue_(epilogue), output_(output), stride_(stride) {}

  const Epilogue& epilogue() const { return epilogue_; }

  template <std::size_t Rows>
  void put(const Sums<Rows>& sums, const PanelColumns<Epilogue>& columns, std::size_t row, std::size_t column,
           std::size_t width) const {
    std::uint8_t* to = output_ + row * stride_ + column;
    if (width == kPanelI8) {
      put_rows<Rows>(sums, columns,
                     [&](std::size_t i, U8x16 two_rows, auto half) { store_half<half>(to + i * stride_, two_rows); });
    } else {
      put_rows<Rows>(sums, columns, [&](std::size_t i, U8x16 two_rows, auto half) {
        std::array<std::uint8_t, kPanelI8> bytes = {};
        store_half<half>(bytes.data(), two_rows);
        std::copy_n(bytes.data(), width, to + i * stride_);
      });
    }
  }

 private:
  // Calls put_row(index of the row, a vector of which one half is its quanta, which half).
  template <std::size_t Rows, class PutRow>
  void put_rows(const Sums<Rows>& sums, const PanelColumns<Epilogue>& columns, const PutRow& put_row) const {
    unroll<(Rows + 1) / 2>([&](auto pair) {
      // Two rows fill a vector; the last of an odd number is narrowed beside itself.
      constexpr std::size_t first = 2 * pair;
      constexpr std::size_t second = std::min(first + 1, Rows - 1);
      const U8x16 two_rows = epilogue_.bytes(
          epilogue_.apply(sums[first][0], columns.left), epilogue_.apply(sums[first][1], columns.right),
          epilogue_.apply(sums[second][0], columns.left), epilogue_.apply(sums[second][1], columns.right));
      put_row(first, two_rows, std::integral_constant<std::size_t, 0>());
      if constexpr (second != first) put_row(second, two_rows, std::integral_constant<std::size_t, 1>());
    });
  }

  const Epilogue& epilogue_;
  std::uint8_t* output_;
  std::size_t stride_;
};

template <class Dot, class Output>
class Product {
 public:
  Product(const std::uint8_t* input, std::size_t stride, const PackedI8& matrix, const Output& output)
      : input_(input), stride_(stride), matrix_(matrix), output_(output), groups_(divided_up(matrix.depth, kGroupI8)) {}

  void run(std::size_t rows) const {
    const std::size_t tiles = std::max<std::size_t>(1, kBlockBytes / (kTileRows<Dot> * groups_ * kGroupI8));
    const std::size_t block = tiles * kTileRows<Dot>;
    for (std::size_t first = 0; first < rows; first += block) {
      const std::size_t end = std::min(rows, first + block);
      for (std::size_t column = 0; column < matrix_.columns; column += kPanelI8) run_panel(first, end, column);
    }
  }

 private:
  using Columns = PanelColumns<typename Output::Epilogue>;

  void run_panel(std::size_t first, std::size_t end, std::size_t column) const {
    const Columns columns(output_.epilogue(), column);
    const std::size_t row = run_tiles<kTileRows<Dot>>(columns, first, end, column);
    // What remains, in few sizes: each is code of its own.
    run_tiles<1>(columns, run_tiles<2>(columns, run_tiles<4>(columns, row, end, column), end, column), end, column);
  }

  // Tiles as long as there are rows for them; returns the row that comes next.
  template <std::size_t Rows>
  std::size_t run_tiles(const Columns& columns, std::size_t row, std::size_t end, std::size_t column) const {
    for (; row + Rows <= end; row += Rows) run_tile<Rows>(columns, row, column);
    return row;
  }

  template <std::size_t Rows>
  void run_tile(const Columns& columns, std::size_t row, std::size_t column) const {
    Sums<Rows> sums = {};
    const std::uint8_t* input = input_ + row * stride_;
    const std::int8_t* panel = matrix_.values.data() + column * groups_ * kGroupI8;
    add_panel<Rows>(input, panel, column, sums);
    output_.template put<Rows>(sums, columns, row, column, std::min(kPanelI8, matrix_.columns - column));
  }

  template <std::size_t Rows>
  void add_panel(const std::uint8_t* input, const std::int8_t* panel, std::size_t column, Sums<Rows>& sums) const {
    if (Dot::kUnit == DotUnit::fours || matrix_.pairs_fit[column / kPanelI8] != 0) {
      add_pairs<Dot, Rows>(input, stride_, panel, groups_, sums);
    } else {
      add_groups<Dot, Rows>(input, stride_, panel, groups_, sums);
    }
  }

  const std::uint8_t* input_;
  std::size_t stride_;
  const PackedI8& matrix_;
  const Output& output_;
  std::size_t groups_;
};

// Not inlined: browsers compile a function as a whole, and no device needs more than one of these.
template <class Dot, class Output>
[[gnu::noinline]] void multiply_with(const std::uint8_t* input, std::size_t rows, std::size_t stride,
                                     const PackedI8& matrix, const Output& output) {
  Product<Dot, Output>(input, stride, matrix, output).run(rows);
}

template <class Output>
void multiply(const std::uint8_t* input, std::size_t rows, std::size_t stride, const PackedI8& matrix,
              const Output& output) {
  with_dot(matrix.unit, [&]<class Dot>(Dot) { multiply_with<Dot>(input, rows, stride, matrix, output); });
}

// Sums of neighbouring bytes of 0..255.
inline I16x8 add_neighbours(U8x16 bytes) {
  const auto pairs = std::bit_cast<I16x8>(bytes);
  return (pairs & 0x00FF) + ((pairs >> 8) & 0x00FF);
}

// Whether the weights of neighbouring groups that meet in a 16-bit lane are small enough for DotPairs::add_two.
bool pairs_fit(const std::int8_t* panel, std::size_t groups) {
  I16x8 too_large = {};
  for (std::size_t group = 0; group + 1 < groups; group += 2, panel += 2 * kGroupBytes) {
    for (std::size_t at = 0; at < kGroupBytes; at += sizeof(I8x16)) {
      const auto weights = load<I8x16>(panel + at);
      const auto next = load<I8x16>(panel + kGroupBytes + at);
      const I16x8 positive = add_neighbours(std::bit_cast<U8x16>(weights & (weights > 0))) +
                             add_neighbours(std::bit_cast<U8x16>(next & (next > 0)));
      // Negated without a sign, so that -128 becomes 128.
      const I16x8 negative = add_neighbours(-std::bit_cast<U8x16>(weights & (weights < 0))) +
                             add_neighbours(-std::bit_cast<U8x16>(next & (next < 0)));
      too_large |=
          std::bit_cast<I16x8>(positive > kMostPairedWeights) | std::bit_cast<I16x8>(negative > kMostPairedWeights);
    }
  }
  const auto halves = std::bit_cast<I64x2>(too_large);
  return (halves[0] | halves[1]) == 0;
}

// Four groups of four columns: the vectors of columns become vectors of groups, kGroupBytes apart.
inline void store_groups(const std::array<I8x16, 4>& columns, std::int8_t* to) {
  const auto groups = transposed(std::array{std::bit_cast<I32x4>(columns[0]), std::bit_cast<I32x4>(columns[1]),
                                            std::bit_cast<I32x4>(columns[2]), std::bit_cast<I32x4>(columns[3])});
  for (std::size_t i = 0; i < groups.size(); ++i) store(to + i * kGroupBytes, groups[i]);
}

// Packs four columns whose weights lie one after the other, as far as whole vectors go; adds up their weights. Returns
// the depth that it came to. The layers of a network are packed while a visitor waits, mostly by code that the browser
// has not optimised yet: vectors make it 4 times as fast.
std::size_t pack_vectors(const std::int8_t* weights, std::size_t depth, std::size_t column_stride, std::int8_t* to,
                         std::int32_t* sums) {
  const U8x16 ones = U8x16{} + 1;
  std::array<I32x4, 4> added = {};
  std::size_t k = 0;
  for (; k + sizeof(I8x16) <= depth; k += sizeof(I8x16), to += 4 * kGroupBytes) {
    std::array<I8x16, 4> columns = {};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i] = load<I8x16>(weights + i * column_stride + k);
      added[i] = DotPairs::add(columns[i], ones, added[i]);
    }
    store_groups(columns, to);
  }
  for (std::size_t i = 0; i < added.size(); ++i) sums[i] = added[i][0] + added[i][1] + added[i][2] + added[i][3];
  return k;
}

}  // namespace

PackedI8 pack_i8(std::span<const std::int8_t> weights, std::size_t depth, std::size_t columns, std::size_t row_stride,
                 std::size_t column_stride, DotUnit unit) {
  PackedI8 packed{depth, columns, {}, std::vector<std::int32_t>(columns), kHasFours ? unit : DotUnit::pairs, {}};
  const std::size_t groups = divided_up(depth, kGroupI8);
  packed.values.resize(divided_up(columns, kPanelI8) * groups * kGroupBytes);
  for (std::size_t n = 0; n < columns; n += kColumnsAtOnce) {
    const std::size_t width = std::min(kColumnsAtOnce, columns - n);
    std::int8_t* to = packed.values.data() + n / kPanelI8 * groups * kGroupBytes + n % kPanelI8 * kGroupI8;
    std::size_t done = 0;
    if (row_stride == 1 && width == kColumnsAtOnce) {
      done = pack_vectors(weights.data() + n * column_stride, depth, column_stride, to, &packed.column_sums[n]);
    }
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t k = done; k < depth; ++k) {
        const std::int8_t weight = weights[(n + i) * column_stride + k * row_stride];
        to[k / kGroupI8 * kGroupBytes + i * kGroupI8 + k % kGroupI8] = weight;
        packed.column_sums[n + i] += weight;
      }
    }
  }
  if (packed.unit == DotUnit::fours) return packed;
  for (std::size_t at = 0; at < packed.values.size(); at += groups * kGroupBytes) {
    packed.pairs_fit.push_back(pairs_fit(packed.values.data() + at, groups) ? 1 : 0);
  }
  return packed;
}

Dequantization dequantization_of(const Quantization& input, std::span<const float> weight_scales,
                                 std::span<const std::int32_t> column_sums, std::span<const float> bias, float low,
                                 float high) {
  const std::size_t columns = weight_scales.size();
  const std::size_t filled = divided_up(columns, kPanelI8) * kPanelI8;
  Dequantization made{std::vector<float>(filled), std::vector<float>(filled), low, high};
  for (std::size_t n = 0; n < columns; ++n) {
    const double scale = static_cast<double>(input.scale) * static_cast<double>(weight_scales[n]);
    const double shift = scale * static_cast<double>(std::int64_t{input.zero_point} * column_sums[n]);
    made.scale[n] = static_cast<float>(scale);
    made.bias[n] = static_cast<float>((bias.empty() ? 0.0 : static_cast<double>(bias[n])) - shift);
  }
  return made;
}

bool can_requantize(const Quantization& input, std::span<const float> weight_scales, std::span<const float> bias,
                    std::size_t depth, const Quantization& output) {
  // What the zero point takes away can be as large as what is summed up.
  const double largest_sum = 2.0 * static_cast<double>(depth) * kHighestQuantum * kLargestWeight;
  for (std::size_t n = 0; n < weight_scales.size(); ++n) {
    const double scale = std::abs(static_cast<double>(input.scale) * static_cast<double>(weight_scales[n]));
    const double shift = bias.empty() ? 0 : std::abs(static_cast<double>(bias[n]));
    const double farthest = (largest_sum * scale + shift) / static_cast<double>(output.scale);
    if (!(farthest <= kFarthestQuantum)) return false;
  }
  return true;
}

Requantization requantization_of(const Dequantization& dequantization, const Quantization& output) {
  // Nothing lies between whole numbers once they are rounded, so that bounds may be rounded first.
  const auto quantum_of = [&](float bound) {
    const auto within = static_cast<double>(std::clamp(bound / output.scale, -kFarthestBound, kFarthestBound));
    return static_cast<std::uint8_t>(
        std::clamp(static_cast<std::int32_t>(std::nearbyint(within)) + output.zero_point, 0, kHighestQuantum));
  };
  Requantization made{dequantization.scale, dequantization.bias, quantum_of(dequantization.low),
                      quantum_of(dequantization.high), output.zero_point};
  for (float& scale : made.scale) scale /= output.scale;
  for (float& bias : made.bias) bias /= output.scale;
  return made;
}

void gemm_i8_to_f32(const std::uint8_t* input, std::size_t rows, std::size_t input_stride, const PackedI8& matrix,
                    const Dequantization& dequantization, const float* residual, float* output,
                    std::size_t output_stride) {
  const FloatEpilogue epilogue(dequantization);
  const FloatOutput to(epilogue, residual, output, output_stride);
  multiply(input, rows, input_stride, matrix, to);
}

void gemm_i8_to_u7(const std::uint8_t* input, std::size_t rows, std::size_t input_stride, const PackedI8& matrix,
                   const Requantization& requantization, std::uint8_t* output, std::size_t output_stride) {
  const QuantumEpilogue epilogue(requantization);
  const QuantumOutput to(epilogue, output, output_stride);
  multiply(input, rows, input_stride, matrix, to);
}

}  // namespace actionscope::engine
