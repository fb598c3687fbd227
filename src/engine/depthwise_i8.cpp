// Depthwise convolutions of 7-bit activations, channels last.
//
// 3x3, stride 1 or 2 along the row: for each output row and block of 16 channels, the three input rows are interleaved
// into scratch so that a lane holds three bytes of one channel, one above the other, and a fourth that meets a zero
// weight. Pads are written there as well, so that what follows knows no borders. Then, four channels at a time, three
// dot products give four channels of an output pixel, with weights and scales in registers all along the row.
// Neighbouring pixels share interleaved columns.
//
// All else: tap after tap over blocks of 16 channels.
//
// Bound by vector instructions: a quarter of each dot product meets zeros, and nine products share one last step.
// Measured as in gemm_i8.cpp: fours 22 GMAC/s, pairs 17.

#include "engine/depthwise_i8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/simd_i8.hpp"

namespace actionscope::engine {
namespace {

constexpr std::size_t kBlock = 16;  // channels that a vector of bytes holds
constexpr std::size_t kLanes = 4;   // channels that a vector of sums holds
constexpr std::size_t kQuads = kBlock / kLanes;
constexpr std::size_t kSize = 3;  // of the kernel that has its own code
constexpr std::size_t kQuadWeights = kSize * kBlock;

constexpr std::size_t divided_up(std::size_t count, std::size_t by) { return (count + by - 1) / by; }

// The first `count` of 16 bytes.
inline U8x16 load_block(const std::uint8_t* from, std::size_t count) {
  if (count >= kBlock) return load<U8x16>(from);
  std::array<std::uint8_t, kBlock> bytes = {};
  std::memcpy(bytes.data(), from, count);
  return load<U8x16>(bytes.data());
}

// Of one kernel row: where its bytes of a pixel lie, and how far apart those of neighbouring pixels are.
struct Row {
  const std::uint8_t* pixel;
  std::size_t step;
};

// Where the results of four channels at a time go.
class FloatOutput {
 public:
  FloatOutput(const FloatEpilogue& epilogue, const float* residual, float* output)
      : epilogue_(epilogue), residual_(residual), output_(output) {}

  FloatEpilogue::Columns columns(std::size_t channel) const { return epilogue_.columns(channel); }

  // `at`: index of the first result; `count` <= 4 of them.
  void put(I32x4 sums, const FloatEpilogue::Columns& columns, std::size_t at, std::size_t count) const {
    F32x4 real = epilogue_.apply(sums, columns);
    if (count == kLanes) {
      if (residual_ != nullptr) real += load<F32x4>(residual_ + at);
      store(output_ + at, real);
      return;
    }
    for (std::size_t i = 0; i < count; ++i)
      output_[at + i] = residual_ == nullptr ? real[i] : real[i] + residual_[at + i];
  }

  // Of four pixels, `stride` results apart.
  void put_four(const std::array<I32x4, 4>& sums, const FloatEpilogue::Columns& columns, std::size_t at,
                std::size_t stride, std::size_t count) const {
    for (std::size_t i = 0; i < 4; ++i) put(sums[i], columns, at + i * stride, count);
  }

 private:
  const FloatEpilogue& epilogue_;
  const float* residual_;
  float* output_;
};

class QuantumOutput {
 public:
  QuantumOutput(const QuantumEpilogue& epilogue, std::uint8_t* output) : epilogue_(epilogue), output_(output) {}

  QuantumEpilogue::Columns columns(std::size_t channel) const { return epilogue_.columns(channel); }

  void put(I32x4 sums, const QuantumEpilogue::Columns& columns, std::size_t at, std::size_t count) const {
    const I32x4 quanta = epilogue_.apply(sums, columns);
    put_bytes<0>(epilogue_.bytes(quanta, quanta, quanta, quanta), at, count);
  }

  void put_four(const std::array<I32x4, 4>& sums, const QuantumEpilogue::Columns& columns, std::size_t at,
                std::size_t stride, std::size_t count) const {
    const auto apply = [&](std::size_t i) { return epilogue_.apply(sums[i], columns); };
    const U8x16 pixels = epilogue_.bytes(apply(0), apply(1), apply(2), apply(3));
    put_bytes<0>(pixels, at, count);
    put_bytes<1>(pixels, at + stride, count);
    put_bytes<2>(pixels, at + 2 * stride, count);
    put_bytes<3>(pixels, at + 3 * stride, count);
  }

 private:
  // Those of one pixel.
  template <std::size_t Pixel>
  void put_bytes(U8x16 pixels, std::size_t at, std::size_t count) const {
    if (count == kLanes) {
      store_quarter<Pixel>(output_ + at, pixels);
      return;
    }
    std::array<std::uint8_t, kLanes> bytes = {};
    store_quarter<Pixel>(bytes.data(), pixels);
    std::copy_n(bytes.data(), count, output_ + at);
  }

  const QuantumEpilogue& epilogue_;
  std::uint8_t* output_;
};

// Four bytes a channel, one above the other and the last twice; `apart`: bytes from four channels to the next four.
inline void store_interleaved(U8x16 top, U8x16 middle, U8x16 bottom, std::uint8_t* to, std::size_t apart) {
  const auto low = std::bit_cast<I16x8>(
      __builtin_shufflevector(top, middle, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  const auto high = std::bit_cast<I16x8>(
      __builtin_shufflevector(top, middle, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
  const auto last_low = std::bit_cast<I16x8>(
      __builtin_shufflevector(bottom, bottom, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  const auto last_high = std::bit_cast<I16x8>(
      __builtin_shufflevector(bottom, bottom, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
  store(to, __builtin_shufflevector(low, last_low, 0, 8, 1, 9, 2, 10, 3, 11));
  store(to + apart, __builtin_shufflevector(low, last_low, 4, 12, 5, 13, 6, 14, 7, 15));
  store(to + 2 * apart, __builtin_shufflevector(high, last_high, 0, 8, 1, 9, 2, 10, 3, 11));
  store(to + 3 * apart, __builtin_shufflevector(high, last_high, 4, 12, 5, 13, 6, 14, 7, 15));
}

template <class Dot>
inline I32x4 dot_columns(const std::uint8_t* column, I8x16 left, I8x16 middle, I8x16 right) {
  I32x4 sum = {};
  sum = Dot::add(left, load<U8x16>(column), sum);
  sum = Dot::add(middle, load<U8x16>(column + kBlock), sum);
  return Dot::add(right, load<U8x16>(column + 2 * kBlock), sum);
}

}  // namespace

DepthwiseI8::DepthwiseI8(const ConvolutionGeometry& geometry, std::span<const std::int8_t> weights,
                         std::uint8_t zero_point, DotUnit unit)
    : geometry_(geometry), zero_point_(zero_point), unit_(unit) {
  const std::size_t channels = geometry.input_channels;
  const std::size_t blocks = divided_up(channels, kBlock);
  const std::size_t taps = geometry.kernel_height * geometry.kernel_width;
  weights_.resize(has_3x3() ? blocks * kQuads * kQuadWeights : taps * blocks * kBlock);
  if (!has_3x3()) {
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t tap = 0; tap < taps; ++tap) weights_[tap * blocks * kBlock + c] = weights[c * taps + tap];
    return;
  }
  // [quad of channels][kernel column][channel][kernel row and one more]
  std::int8_t* to = weights_.data();
  for (std::size_t c = 0; c < channels; ++c) {
    const std::int8_t* from = weights.data() + c * taps;
    for (std::size_t column = 0; column < kSize; ++column)
      for (std::size_t row = 0; row < kSize; ++row) to[column * kBlock + row] = from[row * kSize + column];
    to += kLanes;
    if (c % kLanes == kLanes - 1) to += kQuadWeights - kBlock;
  }
}

bool DepthwiseI8::has_3x3() const {
  const ConvolutionGeometry& g = geometry_;
  return g.kernel_height == kSize && g.kernel_width == kSize && g.stride_x <= 2 && g.dilation_y == 1 &&
         g.dilation_x == 1;
}

std::size_t DepthwiseI8::columns() const { return (geometry_.output_width - 1) * geometry_.stride_x + kSize; }

std::size_t DepthwiseI8::scratch() const { return has_3x3() ? kQuads * columns() * kBlock : 0; }

void DepthwiseI8::run(const std::uint8_t* input, const FloatEpilogue& epilogue, const float* residual, float* output,
                      std::uint8_t* scratch) const {
  run_any(input, FloatOutput(epilogue, residual, output), scratch);
}

void DepthwiseI8::run(const std::uint8_t* input, const QuantumEpilogue& epilogue, std::uint8_t* output,
                      std::uint8_t* scratch) const {
  run_any(input, QuantumOutput(epilogue, output), scratch);
}

template <class Output>
void DepthwiseI8::run_any(const std::uint8_t* input, const Output& output, std::uint8_t* scratch) const {
  if (!has_3x3()) {
    run_general(input, output);
    return;
  }
  with_dot(unit_, [&]<class Dot>(Dot) {
    if (geometry_.stride_x == 1) {
      run_3x3<Dot, 1>(input, output, scratch);
    } else {
      run_3x3<Dot, 2>(input, output, scratch);
    }
  });
}

void DepthwiseI8::interleave_row(const std::uint8_t* image, std::size_t y, std::size_t channel,
                                 std::uint8_t* interleaved) const {
  const ConvolutionGeometry& g = geometry_;
  std::array<std::uint8_t, kBlock> pad = {};
  pad.fill(zero_point_);
  std::array<Row, kSize> rows = {};
  for (std::size_t i = 0; i < kSize; ++i) {
    const std::size_t padded = y * g.stride_y + i;
    const bool inside = padded >= g.pad_top && padded - g.pad_top < g.input_height;
    rows[i] = inside ? Row{image + (padded - g.pad_top) * g.input_width * g.input_channels + channel, g.input_channels}
                     : Row{pad.data(), 0};
  }
  const std::size_t quad_bytes = columns() * kBlock;
  const std::size_t first = std::min(g.pad_left, columns());
  const std::size_t end = std::min(columns(), g.pad_left + g.input_width);
  const auto interleave = [&](std::size_t count) __attribute__((always_inline)) {
    for (std::size_t column = first; column < end; ++column) {
      const U8x16 top = load_block(rows[0].pixel, count);
      const U8x16 middle = load_block(rows[1].pixel, count);
      const U8x16 bottom = load_block(rows[2].pixel, count);
      for (Row& row : rows) row.pixel += row.step;
      store_interleaved(top, middle, bottom, interleaved + column * kBlock, quad_bytes);
    }
  };
  // Told apart here and not in the loop.
  const std::size_t left = g.input_channels - channel;
  if (left >= kBlock) {
    interleave(kBlock);
  } else {
    interleave(left);
  }
}

// Not inlined, nor is the other: browsers compile a function as a whole, and a layer needs one of them.
template <class Dot, std::size_t Stride, class Output>
[[gnu::noinline]] void DepthwiseI8::run_3x3(const std::uint8_t* input, const Output& output,
                                            std::uint8_t* scratch) const {
  const ConvolutionGeometry& g = geometry_;
  const std::size_t channels = g.input_channels;
  // Columns of pads are the same for all rows and channels.
  std::fill_n(scratch, this->scratch(), zero_point_);
  for (std::size_t row = 0; row < g.batch * g.output_height; ++row) {
    const std::uint8_t* image = input + row / g.output_height * g.input_height * g.input_width * channels;
    for (std::size_t block = 0; block < channels; block += kBlock) {
      interleave_row(image, row % g.output_height, block, scratch);
      const std::uint8_t* column = scratch;
      for (std::size_t channel = block; channel < std::min(channels, block + kBlock); channel += kLanes) {
        const std::int8_t* weights = weights_.data() + channel / kLanes * kQuadWeights;
        const auto left = load<I8x16>(weights);
        const auto middle = load<I8x16>(weights + kBlock);
        const auto right = load<I8x16>(weights + 2 * kBlock);
        const auto of_channels = output.columns(channel);
        const auto dot = [&](std::size_t x) {
          return dot_columns<Dot>(column + x * Stride * kBlock, left, middle, right);
        };
        const auto run_row = [&](std::size_t count) __attribute__((always_inline)) {
          std::size_t at = row * g.output_width * channels + channel;
          std::size_t x = 0;
          for (; x + 4 <= g.output_width; x += 4, at += 4 * channels) {
            const std::array<I32x4, 4> sums = {dot(x), dot(x + 1), dot(x + 2), dot(x + 3)};
            output.put_four(sums, of_channels, at, channels, count);
          }
          for (; x < g.output_width; ++x, at += channels) output.put(dot(x), of_channels, at, count);
        };
        if (channel + kLanes <= channels) {
          run_row(kLanes);
        } else {
          run_row(channels - channel);
        }
        column += columns() * kBlock;
      }
    }
  }
}

template <class Output>
[[gnu::noinline]] void DepthwiseI8::run_general(const std::uint8_t* input, const Output& output) const {
  const ConvolutionGeometry& g = geometry_;
  const std::size_t channels = g.input_channels;
  const std::size_t filled = divided_up(channels, kBlock) * kBlock;
  std::array<std::uint8_t, kBlock> pad = {};
  pad.fill(zero_point_);
  for (std::size_t pixel = 0; pixel < g.batch * g.output_height * g.output_width; ++pixel) {
    const std::size_t row = pixel / g.output_width;
    const std::uint8_t* image = input + row / g.output_height * g.input_height * g.input_width * channels;
    const std::size_t top = row % g.output_height * g.stride_y;
    const std::size_t left = pixel % g.output_width * g.stride_x;
    for (std::size_t block = 0; block < channels; block += kBlock) {
      const std::size_t width = std::min(kBlock, channels - block);
      std::array<std::int32_t, kBlock> sums = {};
      const std::int8_t* weights = weights_.data() + block;
      for (std::size_t ky = 0; ky < g.kernel_height; ++ky) {
        const std::size_t y = top + ky * g.dilation_y;
        const bool row_inside = y >= g.pad_top && y - g.pad_top < g.input_height;
        for (std::size_t kx = 0; kx < g.kernel_width; ++kx, weights += filled) {
          const std::size_t x = left + kx * g.dilation_x;
          const bool inside = row_inside && x >= g.pad_left && x - g.pad_left < g.input_width;
          const std::uint8_t* from =
              inside ? image + ((y - g.pad_top) * g.input_width + (x - g.pad_left)) * channels + block : pad.data();
          for (std::size_t i = 0; i < width; ++i) sums[i] += std::int32_t{weights[i]} * from[i];
        }
      }
      for (std::size_t i = 0; i < width; i += kLanes) {
        output.put(load<I32x4>(sums.data() + i), output.columns(block + i), pixel * channels + block + i,
                   std::min(kLanes, width - i));
      }
    }
  }
}

}  // namespace actionscope::engine
