#pragma once

// A graph between its ONNX nodes and the steps that run: what is to be computed, with every shape known, and nothing of
// how ONNX says it.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/convolution.hpp"
#include "engine/gemm_i8.hpp"
#include "engine/scales.hpp"
#include "engine/tensor.hpp"

namespace actionscope::engine {

using ValueId = std::size_t;

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

// How a value of four dimensions lies in memory. Others are always row_major.
enum class Layout { row_major, channels_last };

// Floats that are known ahead as quantised elements, and are not written out unless they must be.
struct DequantizedConstant {
  ElementType type = ElementType::int8;  // of the elements
  Constant elements;
  Scales scales;
};

using Known = std::variant<Constant, DequantizedConstant>;

// The elements of a float value that is known ahead.
std::vector<float> known_floats(const Known& known);

struct Value {
  ElementType type = ElementType::float32;
  Shape shape;
  Layout layout = Layout::row_major;
  std::optional<Known> known;                             // elements that are known once and for all
  double low = -std::numeric_limits<double>::infinity();  // what no element lies below, nor above
  double high = std::numeric_limits<double>::infinity();
};

// Each says what its inputs are, in order. Inputs and outputs are of one type unless it says otherwise.

// Activations[, residual], in float.
struct Convolve {
  ConvolutionGeometry geometry;
  Known weights;                  // float [output_channels][input_channels / groups][kernel_height][kernel_width]
  std::vector<float> multiplier;  // of each output channel's weights, or empty
  std::vector<float> bias;        // one an output channel, or empty
  float low = -kInfinity;
  float high = kInfinity;
  bool planar_input = false;  // the activations are row_major
};

// Seven-bit activations[, residual in float]; the output is float, or seven-bit if `output` has a value.
struct ConvolveI8 {
  ConvolutionGeometry geometry;
  Constant weights;  // int8
  std::vector<float> weight_scales;
  std::vector<float> bias;
  Quantization input;
  float low = -kInfinity;
  float high = kInfinity;
  std::optional<Quantization> output;
};

// One input. Bounds are exact in double for all types but int64, whose bounds are in the integers.
struct Clamp {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::int64_t integer_low = std::numeric_limits<std::int64_t>::min();
  std::int64_t integer_high = std::numeric_limits<std::int64_t>::max();
};

// Two inputs of shapes that broadcast. Integers wrap around.
struct Add {};

// element * scale + shift over [outer][channels][inner]: a batch normalisation whose statistics are fixed.
struct Affine {
  std::vector<float> scale;
  std::vector<float> shift;
};

// The mean over `axes`, ascending and each once; sizes stay as 1 or go, as the output's shape says.
struct Mean {
  std::vector<std::size_t> axes;
};

// The same elements under another shape.
struct Alias {};

// Output dimension d is input dimension order[d].
struct Permute {
  std::vector<std::size_t> order;
};

// Matrices [rows][depth] and [depth][columns], either of them transposed in memory, batches of both broadcast:
// alpha * a * b [+ beta * c]. Inputs a, b[, c]; c broadcasts to the output.
struct MatrixProduct {
  std::size_t rows = 0, depth = 0, columns = 0;
  bool transpose_a = false, transpose_b = false;
  float alpha = 1, beta = 1;
  Shape batch, batch_a, batch_b;  // of the output, and those of a and b, filled up with ones to the same length
};

// Input X. Outputs Y, Y_h and Y_c, each of which may be unused. See lstm_f32.hpp for the weights.
struct Lstm {
  struct Direction {
    bool reverse = false;
    std::vector<float> weights, recurrence, bias, peepholes, initial_hidden, initial_cell;
  };
  std::size_t steps = 0, batch = 0, input = 0, hidden = 0;
  bool batch_first =
      false;  // X is [batch][steps][input], Y [batch][steps][directions][hidden], Y_h [batch][directions][hidden]
  std::vector<std::int32_t> lengths;  // steps of each sequence, or empty
  std::vector<Direction> directions;
};

// Over the middle of [outer][axis][inner].
struct Softmax {
  std::size_t outer = 1, axis = 1, inner = 1;
};

// Float to the output's type.
struct Quantize {
  Scales scales;
  bool seven_bit = false;  // saturates at 127; uniform scales and uint8 only
};

// To float.
struct Dequantize {
  Scales scales;
};

// From the input's layout to the output's.
struct Relayout {};

using Operation = std::variant<Convolve, ConvolveI8, Clamp, Add, Affine, Mean, Alias, Permute, MatrixProduct, Lstm,
                               Softmax, Quantize, Dequantize, Relayout>;

struct Instruction {
  Operation operation;
  std::vector<ValueId> inputs;
  std::vector<std::optional<ValueId>> outputs;  // no value: not wanted
};

// Instructions in an order in which each value is computed before it is read.
struct Listing {
  std::deque<Value> values;  // references to them stay when more are added
  std::vector<Instruction> instructions;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
};

}  // namespace actionscope::engine
