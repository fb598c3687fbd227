#include "engine/gemm_i8.hpp"

#include <catch_amalgamated.hpp>
#include <limits>
#include <vector>

#include "i8_reference.hpp"

namespace actionscope::engine::testing {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

DotUnit any_unit() { return GENERATE(DotUnit::pairs, DotUnit::fours); }

// Two matrices and what becomes of their product, with what each result must be.
struct Case {
  std::size_t rows, depth, columns;
  std::size_t input_stride, output_stride;
  std::vector<std::uint8_t> input;
  std::vector<std::int8_t> weights;  // [depth][columns]
  PackedI8 packed;
  Dequantization dequantization;

  Case(Random& random, DotUnit unit, std::size_t of_rows, std::size_t of_depth, std::size_t of_columns,
       int lowest = -128, int highest = 127)
      : rows(of_rows),
        depth(of_depth),
        columns(of_columns),
        input_stride((depth + 3) / 4 * 4 + static_cast<std::size_t>(random.integer(0, 5))),
        output_stride(columns + static_cast<std::size_t>(random.integer(0, 5))),
        input(random.activations(rows * input_stride)),
        weights(random.weights(depth * columns, lowest, highest)),
        packed(pack_i8(weights, depth, columns, columns, 1, unit)) {
    // Sums come out at about -2..2.
    const float typical = 1 / (64.0F * 64.0F * std::sqrt(static_cast<float>(depth)));
    dequantization = dequantization_of({typical, random.integer(0, 127)}, random.reals(columns, 0.5F, 2.0F),
                                       packed.column_sums, random.reals(columns, -1, 1), -1.5F, 1.5F);
  }

  std::int64_t sum(std::size_t row, std::size_t column) const {
    std::int64_t all = 0;
    for (std::size_t k = 0; k < depth; ++k)
      all += std::int64_t{input[row * input_stride + k]} * weights[k * columns + column];
    return all;
  }
  float real(std::size_t row, std::size_t column) const {
    return expected_real(sum(row, column), dequantization.scale[column], dequantization.bias[column],
                         dequantization.low, dequantization.high);
  }
  std::uint8_t quantum(std::size_t row, std::size_t column, const Quantization& to) const {
    return expected_quantum(sum(row, column), dequantization.scale[column], dequantization.bias[column],
                            dequantization.low, dequantization.high, to);
  }
};

void check_floats(const Case& of, bool with_residual, bool in_place, Random& random) {
  const std::size_t size = of.rows * of.output_stride;
  const std::vector<float> residual = random.reals(size, -1, 1);
  std::vector<float> output(size, 77);
  if (in_place) output = residual;
  const float* added = in_place ? output.data() : residual.data();
  gemm_i8_to_f32(of.input.data(), of.rows, of.input_stride, of.packed, of.dequantization,
                 with_residual ? added : nullptr, output.data(), of.output_stride);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t row = i / of.output_stride;
    const std::size_t column = i % of.output_stride;
    if (column >= of.columns) {
      REQUIRE(output[i] == (in_place ? residual[i] : 77));
    } else {
      REQUIRE(output[i] == (with_residual ? of.real(row, column) + residual[i] : of.real(row, column)));
    }
  }
}

void check_quanta(const Case& of, const Quantization& to) {
  std::vector<std::uint8_t> output(of.rows * of.output_stride, 200);
  gemm_i8_to_u7(of.input.data(), of.rows, of.input_stride, of.packed, requantization_of(of.dequantization, to),
                output.data(), of.output_stride);
  for (std::size_t i = 0; i < output.size(); ++i) {
    const std::size_t row = i / of.output_stride;
    const std::size_t column = i % of.output_stride;
    REQUIRE(output[i] == (column >= of.columns ? 200 : of.quantum(row, column, to)));
  }
}

}  // namespace

TEST_CASE("products of any size are exact", "[gemm_i8]") {
  const DotUnit unit = any_unit();
  const std::size_t rows = GENERATE(0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 11U, 12U, 15U, 49U);
  const std::size_t columns = GENERATE(1U, 3U, 4U, 7U, 8U, 9U, 16U, 21U);
  Random random(static_cast<unsigned>(rows * 100 + columns));
  for (const std::size_t depth : {1U, 2U, 3U, 4U, 5U, 15U, 16U, 17U, 27U, 33U}) {
    const Case of(random, unit, rows, depth, columns);
    check_floats(of, false, false, random);
    check_floats(of, true, false, random);
    check_floats(of, true, true, random);
    check_quanta(of, {0.03F, 0});
    check_quanta(of, {0.02F, random.integer(0, 127)});
    check_quanta(of, {0.02F, 127});
  }
}

TEST_CASE("products of weights whose pairs fit into 16 bits are exact", "[gemm_i8]") {
  const std::size_t rows = GENERATE(1U, 2U, 5U, 6U, 13U, 49U);
  const std::size_t columns = GENERATE(4U, 8U, 21U);
  Random random(static_cast<unsigned>(rows * 100 + columns));
  for (const std::size_t depth : {1U, 4U, 5U, 8U, 9U, 16U, 23U, 31U, 32U}) {
    const Case of(random, DotUnit::pairs, rows, depth, columns, -64, 64);
    REQUIRE(of.packed.pairs_fit == std::vector<std::uint8_t>((columns + kPanelI8 - 1) / kPanelI8, 1));
    check_floats(of, true, false, random);
    check_quanta(of, {0.03F, 64});
  }
}

TEST_CASE("pairs of groups are added up in 16 bits as long as the largest activations allow it", "[gemm_i8]") {
  // Bytes 0 and 1 of both groups share a lane: 258 * 127 is the most that 16 bits hold. Their signs must not cancel out
  // in the reckoning: activations may be 0 where weights are negative.
  const auto [first, second, third, fourth, fit] =
      GENERATE(table<int, int, int, int, bool>({{64, 64, 65, 65, true},
                                                {65, 64, 65, 65, false},
                                                {-64, -64, -65, -65, true},
                                                {-65, -64, -65, -65, false},
                                                {127, -127, 127, -127, true},
                                                {127, 127, 127, -128, false},
                                                {-128, -128, 127, -128, false}}));
  std::vector<std::int8_t> weights(12, 1);
  weights[0] = static_cast<std::int8_t>(first);
  weights[1] = static_cast<std::int8_t>(second);
  weights[4] = static_cast<std::int8_t>(third);
  weights[5] = static_cast<std::int8_t>(fourth);
  const PackedI8 packed = pack_i8(weights, 12, 1, 1, 12, DotUnit::pairs);
  CHECK(packed.pairs_fit == std::vector<std::uint8_t>{fit ? std::uint8_t{1} : std::uint8_t{0}});
  for (const int sign : {-1, 1}) {
    std::vector<std::uint8_t> input(12);
    int sum = 0;
    for (std::size_t i = 0; i < input.size(); ++i) {
      if (sign * weights[i] > 0) input[i] = 127;
      sum += input[i] * weights[i];
    }
    const std::vector<float> one = {1};
    const Dequantization exact = dequantization_of({1, 0}, one, packed.column_sums, {}, -kInfinity, kInfinity);
    float output = 0;
    gemm_i8_to_f32(input.data(), 1, 12, packed, exact, nullptr, &output, 1);
    CHECK(output == static_cast<float>(sum));
  }
}

TEST_CASE("products that need several blocks of rows are exact", "[gemm_i8]") {
  Random random(3);
  const DotUnit unit = any_unit();
  const auto [rows, depth, columns] = GENERATE(
      table<std::size_t, std::size_t, std::size_t>({{1100, 28, 20}, {60, 960, 12}, {9, 5000, 9}, {13, 1281, 8}}));
  const Case of(random, unit, rows, depth, columns);
  check_floats(of, true, false, random);
  check_quanta(of, {0.02F, 31});
}

TEST_CASE("the largest sums fit into 32 bits", "[gemm_i8]") {
  const int weight = GENERATE(-128, 127);
  const std::vector<std::uint8_t> input(kMostDepthI8, 127);
  const std::vector<std::int8_t> weights(kMostDepthI8, static_cast<std::int8_t>(weight));
  const PackedI8 packed = pack_i8(weights, kMostDepthI8, 1, 1, kMostDepthI8, any_unit());
  CHECK(packed.column_sums == std::vector<std::int32_t>{65536 * weight});
  // A zero point of 127 takes away all that the activations of 127 add.
  const Quantization input_quantization = {1, GENERATE(0, 127)};
  const std::vector<float> one = {1};
  const Dequantization dequantization =
      dequantization_of(input_quantization, one, packed.column_sums, {}, -kInfinity, kInfinity);
  float output = 0;
  gemm_i8_to_f32(input.data(), 1, kMostDepthI8, packed, dequantization, nullptr, &output, 1);
  CHECK(output == static_cast<float>(65536 * weight * (127 - input_quantization.zero_point)));
}

TEST_CASE("weights are packed from any strides, alike", "[gemm_i8]") {
  Random random(4);
  const std::size_t depth = GENERATE(5U, 16U, 37U, 48U);
  const std::size_t columns = GENERATE(4U, 11U, 14U);
  const std::vector<std::int8_t> weights = random.weights(depth * columns);
  std::vector<std::int8_t> transposed(weights.size());
  for (std::size_t k = 0; k < depth; ++k)
    for (std::size_t n = 0; n < columns; ++n) transposed[n * depth + k] = weights[k * columns + n];
  const PackedI8 packed = pack_i8(weights, depth, columns, columns, 1, DotUnit::pairs);
  const PackedI8 other = pack_i8(transposed, depth, columns, 1, depth, DotUnit::pairs);
  CHECK(packed.values == other.values);
  CHECK(packed.column_sums == other.column_sums);
  CHECK(packed.pairs_fit == other.pairs_fit);
  const std::size_t panels = (columns + kPanelI8 - 1) / kPanelI8;
  const std::size_t groups = (depth + kGroupI8 - 1) / kGroupI8;
  CHECK(packed.values.size() == panels * groups * kPanelI8 * kGroupI8);
}

TEST_CASE("a zero point takes away what it added", "[gemm_i8]") {
  const std::vector<float> scales = {2, 3};
  const std::vector<std::int32_t> sums = {5, -7};
  const std::vector<float> bias = {1, 10};
  const Dequantization made = dequantization_of({0.5F, 4}, scales, sums, bias, -1, 6);
  CHECK(made.scale == std::vector<float>{1, 1.5F, 0, 0, 0, 0, 0, 0});
  CHECK(made.bias == std::vector<float>{1 - 20, 10 + 42, 0, 0, 0, 0, 0, 0});
  CHECK(made.low == -1);
  CHECK(made.high == 6);
}

TEST_CASE("quanta round halves to even and saturate, and real numbers keep NaN", "[gemm_i8]") {
  // One activation of 1 and one weight of 1, so that the sum is 1: the bias alone decides.
  const std::vector<std::uint8_t> input = {1, 0, 0, 0};
  const std::vector<std::int8_t> weights(9, 1);
  const PackedI8 packed = pack_i8(weights, 1, 9, 9, 1, any_unit());
  Dequantization dequantization{std::vector<float>(16, 0.5F), std::vector<float>(16), -20, 1e30F};
  const auto set_reals = [&](const std::vector<float>& wanted) {
    for (std::size_t i = 0; i < 9; ++i) dequantization.bias[i] = wanted[i] - 0.5F;
  };
  set_reals({2.5F, 3.5F, -2.5F, -25.0F, 4e6F, -4e6F, 105.5F, 106.5F, -19.5F});
  std::vector<std::uint8_t> quanta(9);
  gemm_i8_to_u7(input.data(), 1, 4, packed, requantization_of(dequantization, {1, 21}), quanta.data(), 9);
  CHECK(quanta == std::vector<std::uint8_t>{23, 25, 19, 1, 127, 1, 127, 127, 1});

  set_reals({2.5F, 3.5F, -2.5F, -25.0F, 1e20F, kInfinity, -kInfinity, kNan, 117.5F});
  std::vector<float> reals(9);
  gemm_i8_to_f32(input.data(), 1, 4, packed, dequantization, nullptr, reals.data(), 9);
  CHECK(std::isnan(reals[7]));
  reals[7] = 0;
  CHECK(reals == std::vector<float>{2.5F, 3.5F, -2.5F, -20, 1e20F, 1e30F, -20, 0, 117.5F});
}

TEST_CASE("bounds between two quanta are those that rounding makes of them", "[gemm_i8]") {
  const Dequantization clamped{{1}, {0}, -1.5F, 5.5F};
  const auto [scale, zero_point, low, high] = GENERATE(table<float, int, int, int>(
      {{1, 10, 8, 16}, {1, 0, 0, 6}, {0.01F, 64, 0, 127}, {3, 127, 127, 127}, {1e30F, 5, 5, 5}}));
  const Requantization made = requantization_of(clamped, {scale, zero_point});
  CHECK(made.low == low);
  CHECK(made.high == high);
  const Requantization open = requantization_of({{1}, {0}, -kInfinity, kInfinity}, {scale, zero_point});
  CHECK(open.low == 0);
  CHECK(open.high == 127);
}

TEST_CASE("sums are requantised where they stay near enough to zero to be rounded", "[gemm_i8]") {
  const auto fits = [](float input_scale, std::vector<float> weight_scales, std::vector<float> bias,
                       float output_scale) {
    return can_requantize({input_scale, 0}, weight_scales, bias, 16, {output_scale, 0});
  };
  CHECK(fits(1, {1}, {}, 1));
  CHECK(fits(1, {1, -7}, {1e5F, -1e5F}, 1));
  CHECK_FALSE(fits(1, {1, 8}, {}, 1));
  CHECK_FALSE(fits(1, {1}, {1e7F}, 1));
  CHECK_FALSE(fits(1, {1}, {}, 0.1F));
  CHECK_FALSE(fits(3e38F, {10}, {}, 1e38F));
  CHECK_FALSE(fits(1, {kNan}, {}, 1));
  CHECK_FALSE(fits(1, {1}, {kNan}, 1));
}

}  // namespace actionscope::engine::testing
