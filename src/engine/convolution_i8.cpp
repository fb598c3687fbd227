// Convolutions of 7-bit activations, channels last. Pointwise ones are one product; depthwise ones have their own
// kernel (depthwise_i8.cpp); of all else the inputs of some output pixels are gathered as rows of a matrix, ordered by
// kernel row, kernel column and channel, and multiplied while they are in the cache.
// The first layer of MobileNetV2 (27 deep, filled up to 28) is bound by the gathering as much as by the product: 36
// GMAC/s in fours and 27 in pairs, measured as in gemm_i8.cpp.

#include "engine/convolution_i8.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace actionscope::engine {
namespace {

constexpr std::size_t kTileBytes = 16384;

std::size_t filled_up(std::size_t depth) { return (depth + kGroupI8 - 1) / kGroupI8 * kGroupI8; }

template <std::size_t Bytes>
inline void copy_both_ends(std::uint8_t* to, const std::uint8_t* from, std::size_t count) {
  std::array<std::uint8_t, Bytes> first = {};
  std::array<std::uint8_t, Bytes> last = {};
  std::memcpy(first.data(), from, Bytes);
  std::memcpy(last.data(), from + count - Bytes, Bytes);
  std::memcpy(to, first.data(), Bytes);
  std::memcpy(to + count - Bytes, last.data(), Bytes);
}

// std::memcpy for few bytes, which a call would make several times as slow.
inline void copy(std::uint8_t* to, const std::uint8_t* from, std::size_t count) {
  if (count > 32) {
    std::memcpy(to, from, count);
  } else if (count >= 16) {
    copy_both_ends<16>(to, from, count);
  } else if (count >= 8) {
    copy_both_ends<8>(to, from, count);
  } else if (count >= 4) {
    copy_both_ends<4>(to, from, count);
  } else {
    for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
  }
}

}  // namespace

ConvolutionI8::ConvolutionI8(const ConvolutionGeometry& geometry, const Settings& settings)
    : geometry_(geometry),
      zero_point_(static_cast<std::uint8_t>(settings.input.zero_point)),
      depth_(geometry.input_channels / geometry.groups * geometry.kernel_height * geometry.kernel_width),
      row_bytes_(filled_up(depth_)) {
  const auto results = [&](std::size_t first, std::span<const std::int32_t> sums) {
    const std::span<const float> bias =
        settings.bias.empty() ? settings.bias : settings.bias.subspan(first, sums.size());
    Results made{dequantization_of(settings.input, settings.weight_scales.subspan(first, sums.size()), sums, bias,
                                   settings.low, settings.high),
                 {}};
    if (settings.output) made.requantization = requantization_of(made.dequantization, *settings.output);
    return made;
  };
  if (geometry.is_depthwise()) {
    depthwise_.emplace(geometry, settings.weights, zero_point_, settings.unit);
    std::vector<std::int32_t> sums(geometry.output_channels);
    for (std::size_t i = 0; i < settings.weights.size(); ++i) sums[i / depth_] += settings.weights[i];
    depthwise_results_ = results(0, sums);
    return;
  }

  const std::size_t taps = geometry.kernel_height * geometry.kernel_width;
  const std::size_t inputs = geometry.input_channels / geometry.groups;
  const std::size_t outputs = geometry.output_channels / geometry.groups;
  std::vector<std::int8_t> gathered(taps == 1 ? 0 : outputs * depth_);  // [output channel][tap][input channel]
  for (std::size_t group = 0; group < geometry.groups; ++group) {
    const auto weights = settings.weights.subspan(group * outputs * depth_, outputs * depth_);
    for (std::size_t i = 0; i < gathered.size(); ++i) {
      const std::size_t tap = i % taps;
      const std::size_t channel = i / taps % inputs;
      gathered[i / depth_ * depth_ + tap * inputs + channel] = weights[i];
    }
    PackedI8 matrix = pack_i8(taps == 1 ? weights : std::span<const std::int8_t>(gathered), depth_, outputs, 1, depth_,
                              settings.unit);
    Results of_group = results(group * outputs, matrix.column_sums);
    products_.push_back({std::move(matrix), std::move(of_group)});
  }
}

// Whether the rows of the product lie in the input as they are.
bool ConvolutionI8::is_direct() const { return geometry_.is_pointwise() && depth_ == row_bytes_; }

std::size_t ConvolutionI8::tile_rows() const { return std::max<std::size_t>(8, kTileBytes / row_bytes_); }

std::size_t ConvolutionI8::scratch() const {
  if (depthwise_) return depthwise_->scratch();
  return is_direct() ? 0 : tile_rows() * row_bytes_;
}

void ConvolutionI8::gather(const std::uint8_t* input, std::size_t group, std::size_t first, std::size_t rows,
                           std::uint8_t* gathered) const {
  const ConvolutionGeometry& g = geometry_;
  const std::size_t inputs = g.input_channels / g.groups;
  // Where neighbouring taps lie side by side in the input, they are copied in one go.
  const bool in_one_go = g.dilation_x == 1 && g.groups == 1;
  for (std::size_t pixel = first; pixel < first + rows; ++pixel) {
    const std::size_t row = pixel / g.output_width;
    const std::uint8_t* image =
        input + row / g.output_height * g.input_height * g.input_width * g.input_channels + group * inputs;
    const std::size_t top = row % g.output_height * g.stride_y;
    const std::size_t left = pixel % g.output_width * g.stride_x;
    const bool columns_inside = left >= g.pad_left && left - g.pad_left + g.kernel_width <= g.input_width;
    std::uint8_t* to = gathered + (pixel - first) * row_bytes_;
    for (std::size_t ky = 0; ky < g.kernel_height; ++ky) {
      const std::size_t y = top + ky * g.dilation_y;
      if (y < g.pad_top || y - g.pad_top >= g.input_height) {
        std::fill_n(to, g.kernel_width * inputs, zero_point_);
        to += g.kernel_width * inputs;
        continue;
      }
      const std::uint8_t* from = image + (y - g.pad_top) * g.input_width * g.input_channels;
      if (in_one_go && columns_inside) {
        copy(to, from + (left - g.pad_left) * inputs, g.kernel_width * inputs);
        to += g.kernel_width * inputs;
        continue;
      }
      for (std::size_t kx = 0; kx < g.kernel_width; ++kx, to += inputs) {
        const std::size_t x = left + kx * g.dilation_x;
        if (x < g.pad_left || x - g.pad_left >= g.input_width) {
          std::fill_n(to, inputs, zero_point_);
        } else {
          copy(to, from + (x - g.pad_left) * g.input_channels, inputs);
        }
      }
    }
    std::fill_n(to, row_bytes_ - depth_, std::uint8_t{0});
  }
}

// Calls multiply(product, rows of activations, how many, index of the first result).
template <class Multiply>
void ConvolutionI8::multiply_tiles(const std::uint8_t* input, std::uint8_t* scratch, const Multiply& multiply) const {
  const std::size_t rows = geometry_.batch * geometry_.output_height * geometry_.output_width;
  if (is_direct()) {
    multiply(products_.front(), input, rows, 0);
    return;
  }
  const std::size_t outputs = geometry_.output_channels / geometry_.groups;
  for (std::size_t first = 0; first < rows; first += tile_rows()) {
    const std::size_t count = std::min(tile_rows(), rows - first);
    for (std::size_t group = 0; group < geometry_.groups; ++group) {
      gather(input, group, first, count, scratch);
      multiply(products_[group], scratch, count, first * geometry_.output_channels + group * outputs);
    }
  }
}

void ConvolutionI8::run(const std::uint8_t* input, const float* residual, float* output, std::uint8_t* scratch) const {
  if (depthwise_) {
    depthwise_->run(input, FloatEpilogue(depthwise_results_.dequantization), residual, output, scratch);
    return;
  }
  multiply_tiles(
      input, scratch, [&](const Product& product, const std::uint8_t* rows, std::size_t count, std::size_t at) {
        gemm_i8_to_f32(rows, count, row_bytes_, product.matrix, product.results.dequantization,
                       residual == nullptr ? nullptr : residual + at, output + at, geometry_.output_channels);
      });
}

void ConvolutionI8::run(const std::uint8_t* input, std::uint8_t* output, std::uint8_t* scratch) const {
  if (depthwise_) {
    depthwise_->run(input, QuantumEpilogue(depthwise_results_.requantization), output, scratch);
    return;
  }
  multiply_tiles(input, scratch,
                 [&](const Product& product, const std::uint8_t* rows, std::size_t count, std::size_t at) {
                   gemm_i8_to_u7(rows, count, row_bytes_, product.matrix, product.results.requantization, output + at,
                                 geometry_.output_channels);
                 });
}

}  // namespace actionscope::engine
