#include "engine/gemm_f32.hpp"

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "floats.hpp"

namespace actionscope::engine::testing {
namespace {

struct Product {
  std::size_t rows = 0;
  std::size_t depth = 0;
  std::size_t columns = 0;
  std::vector<float> input;
  std::vector<float> weights;  // [depth][columns]
  std::vector<float> bias;
  std::vector<float> residual;

  Product(std::size_t rows_, std::size_t depth_, std::size_t columns_, std::mt19937& random)
      : rows(rows_),
        depth(depth_),
        columns(columns_),
        input(random_floats(rows * depth, random)),
        weights(random_floats(depth * columns, random)),
        bias(random_floats(columns, random)),
        residual(random_floats(rows * columns, random)) {}

  PackedF32 packed() const { return pack_f32(weights, depth, columns, columns, 1); }
  EpilogueF32 epilogue() const {
    return {.bias = bias.data(), .low = -1.5F, .high = 1.25F, .residual = residual.data()};
  }

  std::vector<float> run() const {
    std::vector<float> output(rows * columns, kUntouched);
    gemm_f32(input.data(), rows, depth, packed(), epilogue(), output.data(), columns);
    return output;
  }
};

}  // namespace

TEST_CASE("a product of matrices is the sum of products, for every tail of rows, depth and columns", "[gemm_f32]") {
  std::mt19937 random(1);
  for (const std::size_t rows : Sizes{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 49})
    for (const std::size_t depth : Sizes{0, 1, 2, 3, 4, 5, 7, 8, 33})
      for (const std::size_t columns : Sizes{1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 32, 39, 70}) {
        const Product product(rows, depth, columns, random);
        const std::vector<float> output = product.run();
        double worst = 0;
        for (std::size_t i = 0; i < rows; ++i)
          for (std::size_t n = 0; n < columns; ++n) {
            Sum sum;
            sum.add(product.bias[n]);
            for (std::size_t k = 0; k < depth; ++k)
              sum.add(double{product.input[i * depth + k]} * product.weights[k * columns + n]);
            const double residual = product.residual[i * columns + n];
            const double expected = std::clamp(sum.value, -1.5, 1.25) + residual;
            worst = std::max(worst, std::abs(output[i * columns + n] - expected) / (sum.tolerance() + 2e-7));
          }
        INFO(rows << " x " << depth << " x " << columns);
        REQUIRE(worst <= 1);
      }
}

TEST_CASE("a product takes rows apart, and touches nothing between the rows of its output", "[gemm_f32]") {
  std::mt19937 random(2);
  for (const std::size_t rows : Sizes{1, 2, 7, 13})
    for (const std::size_t columns : Sizes{3, 8, 13, 34}) {
      const Product product(rows, 9, columns, random);
      const std::vector<float> dense = product.run();
      const std::size_t input_stride = 14;
      const std::size_t output_stride = columns + 5;
      // Exactly as long as the last row needs, so that the sanitizer sees what goes beyond.
      std::vector<float> input((rows - 1) * input_stride + product.depth, kNan);
      std::vector<float> output((rows - 1) * output_stride + columns, kUntouched);
      std::vector<float> expected = output;
      for (std::size_t i = 0; i < rows; ++i) {
        std::copy_n(&product.input[i * product.depth], product.depth, &input[i * input_stride]);
        std::copy_n(&dense[i * columns], columns, &expected[i * output_stride]);
      }
      std::vector<float> residual(output.size(), kNan);
      for (std::size_t i = 0; i < rows; ++i)
        std::copy_n(&product.residual[i * columns], columns, &residual[i * output_stride]);
      EpilogueF32 epilogue = product.epilogue();
      epilogue.residual = residual.data();
      gemm_f32(input.data(), rows, input_stride, product.packed(), epilogue, output.data(), output_stride);
      CHECK(same_bits(output, expected));

      // The residual may be the output itself.
      epilogue.residual = residual.data();
      gemm_f32(input.data(), rows, input_stride, product.packed(), epilogue, residual.data(), output_stride);
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t n = 0; n < columns; ++n)
          CHECK(residual[i * output_stride + n] == expected[i * output_stride + n]);
    }
}

TEST_CASE("a sum has the same bits whatever is beside it", "[gemm_f32]") {
  std::mt19937 random(3);
  const Product all(49, 37, 43, random);
  const std::vector<float> output = all.run();
  const auto part = [&](std::size_t rows, std::size_t columns) {
    const PackedF32 packed = pack_f32(all.weights, all.depth, columns, all.columns, 1);
    EpilogueF32 epilogue = all.epilogue();
    std::vector<float> residual(rows * columns);
    std::vector<float> expected(rows * columns);
    for (std::size_t i = 0; i < rows; ++i) {
      std::copy_n(&all.residual[i * all.columns], columns, &residual[i * columns]);
      std::copy_n(&output[i * all.columns], columns, &expected[i * columns]);
    }
    epilogue.residual = residual.data();
    std::vector<float> result(rows * columns, kUntouched);
    gemm_f32(all.input.data(), rows, all.depth, packed, epilogue, result.data(), columns);
    return same_bits(result, expected);
  };
  for (const std::size_t rows : Sizes{1, 2, 3, 5, 6, 7, 20, 48})
    for (const std::size_t columns : Sizes{1, 8, 15, 33, 43}) CHECK(part(rows, columns));
}

TEST_CASE("a matrix is packed from either orientation", "[gemm_f32]") {
  std::mt19937 random(4);
  const std::vector<float> weights = random_floats(std::size_t{5} * 11, random);
  std::vector<float> transposed(weights.size());
  for (std::size_t k = 0; k < 5; ++k)
    for (std::size_t n = 0; n < 11; ++n) transposed[n * 5 + k] = weights[k * 11 + n];
  const PackedF32 packed = pack_f32(weights, 5, 11, 11, 1);
  CHECK(same_bits(packed.values, pack_f32(transposed, 5, 11, 1, 5).values));
  REQUIRE(packed.values.size() == std::size_t{2} * 5 * kPanelF32);
  for (std::size_t k = 0; k < 5; ++k)
    for (std::size_t n = 0; n < 2 * kPanelF32; ++n)
      CHECK(packed.values[(n / kPanelF32 * 5 + k) * kPanelF32 + n % kPanelF32] == (n < 11 ? weights[k * 11 + n] : 0));
}

TEST_CASE("rows may lie in runs that overlap", "[gemm_f32]") {
  std::mt19937 random(5);
  const std::vector<float> memory = random_floats(200, random);
  const std::array<std::size_t, 3> offsets = {0, 50, 100};
  for (const std::size_t length : Sizes{1, 3, 4, 10})
    for (const std::size_t rows : Sizes{1, 2, 9}) {
      const std::size_t depth = 3 * length;
      const std::vector<float> weights = random_floats(depth * 12, random);
      const PackedF32 packed = pack_f32(weights, depth, 12, 12, 1);
      std::vector<float> gathered;
      for (std::size_t i = 0; i < rows; ++i)
        for (const std::size_t offset : offsets)
          gathered.insert(gathered.end(), &memory[i * 2 + offset], &memory[i * 2 + offset] + length);
      std::vector<float> expected(rows * 12);
      gemm_f32(gathered.data(), rows, depth, packed, {}, expected.data(), 12);
      std::vector<float> output(rows * 12);
      gemm_f32({.first = memory.data(), .step = 2, .offsets = offsets, .length = length}, rows, packed, {},
               output.data(), 12);
      CHECK(same_bits(output, expected));
    }
}

TEST_CASE("no rows write nothing, and no depth gives the clamped bias", "[gemm_f32]") {
  const std::vector<float> bias = {-3, 0.5F, 3};
  const PackedF32 packed = pack_f32({}, 0, 3, 3, 1);
  std::vector<float> output(3, kUntouched);
  gemm_f32(nullptr, 0, 0, packed, {.bias = bias.data()}, output.data(), 3);
  CHECK(output == std::vector<float>(3, kUntouched));
  gemm_f32(output.data(), 1, 0, packed, {.bias = bias.data(), .low = -1, .high = 1}, output.data(), 3);
  CHECK(output == std::vector<float>{-1, 0.5F, 1});
}

TEST_CASE("NaN stays NaN under the clamp, infinities are clamped, denormals are kept", "[gemm_f32]") {
  constexpr float kDenormal = std::numeric_limits<float>::denorm_min();
  const std::vector<float> input = {kNan, kInfinity, -kInfinity, kDenormal, 0.25F};
  const std::vector<float> weights = {1, 2};
  const PackedF32 packed = pack_f32(weights, 1, 2, 2, 1);
  std::vector<float> output(input.size() * 2);
  gemm_f32(input.data(), input.size(), 1, packed, {.low = 0, .high = 6}, output.data(), 2);
  CHECK(std::isnan(output[0]));
  CHECK(std::isnan(output[1]));
  CHECK(std::vector<float>(output.begin() + 2, output.end()) ==
        std::vector<float>{6, 6, 0, 0, kDenormal, 2 * kDenormal, 0.25F, 0.5F});
  gemm_f32(input.data(), input.size(), 1, packed, {}, output.data(), 2);
  CHECK(output[2] == kInfinity);
  CHECK(output[4] == -kInfinity);
}

}  // namespace actionscope::engine::testing
