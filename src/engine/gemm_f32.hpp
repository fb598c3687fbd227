#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace actionscope::engine {

// Columns that one panel of a packed matrix holds side by side.
inline constexpr std::size_t kPanelF32 = 8;

// The right-hand matrix of a product, laid out for the kernel: panels of kPanelF32 columns, each panel row after row,
// the last one filled up with zeros. Packed once, when a graph is made ready.
struct PackedF32 {
  std::size_t depth = 0;    // rows of the matrix
  std::size_t columns = 0;  // as they were before filling up
  std::vector<float> values;
};

// `weights`: [depth][columns], element (k, n) at k * row_stride + n * column_stride.
PackedF32 pack_f32(std::span<const float> weights, std::size_t depth, std::size_t columns, std::size_t row_stride,
                   std::size_t column_stride);

// What happens to a sum before it is stored: + bias, then clamped to low..high, then + residual. A NaN stays NaN.
struct EpilogueF32 {
  const float* bias = nullptr;  // one a column, or null
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
  const float* residual = nullptr;  // laid out as the output; may be the output itself; or null
};

// Rows of a left-hand matrix that lie in runs of `length` floats: run j of row i starts at first + i * step +
// offsets[j]. So the windows of a convolution are multiplied where they lie. The matrix is length * offsets.size()
// deep.
struct RunsF32 {
  const float* first = nullptr;
  std::size_t step = 0;
  std::span<const std::size_t> offsets;
  std::size_t length = 0;
};

// output[rows][columns] = epilogue(input[rows][depth] * matrix). Strides in floats, from row to row; residual has the
// output's. Reads and writes nothing past the last element of a row. Input and output do not overlap. Rows or a depth
// of 0 are allowed. Every sum starts from the bias and takes the products in the order of the depth, so that its bits
// depend neither on the number of rows and columns nor on its place among them. Denormals are kept.
void gemm_f32(const float* input, std::size_t rows, std::size_t input_stride, const PackedF32& matrix,
              const EpilogueF32& epilogue, float* output, std::size_t output_stride);

// The same for rows in runs.
void gemm_f32(const RunsF32& input, std::size_t rows, const PackedF32& matrix, const EpilogueF32& epilogue,
              float* output, std::size_t output_stride);

}  // namespace actionscope::engine
