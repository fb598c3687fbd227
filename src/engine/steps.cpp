#include "engine/steps.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "engine/broadcast.hpp"
#include "engine/convolution_f32.hpp"
#include "engine/convolution_i8.hpp"
#include "engine/elementwise.hpp"
#include "engine/lstm_kernel.hpp"
#include "engine/matrix_product.hpp"
#include "engine/pool_f32.hpp"
#include "engine/quantize.hpp"
#include "engine/softmax_f32.hpp"

namespace actionscope::engine {
namespace {

// Calls `work` with a value of the element type.
template <class Work>
Step with_element(ElementType type, Work work) {
  switch (type) {
    case ElementType::float32: return work(float{});
    case ElementType::uint8: return work(std::uint8_t{});
    case ElementType::int8: return work(std::int8_t{});
    case ElementType::int32: return work(std::int32_t{});
    case ElementType::int64: return work(std::int64_t{});
  }
  return {};
}

Shape row_major_strides(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (std::size_t index = shape.size(); index-- > 1;) strides[index - 1] = strides[index] * shape[index];
  return strides;
}

class Maker {
 public:
  Maker(const Listing& listing, std::span<std::byte* const> places) : listing_(listing), places_(places) {}

  Steps run() {
    for (const Instruction& instruction : listing_.instructions) {
      instruction_ = &instruction;
      Step step = std::visit([&](const auto& operation) { return make(operation); }, instruction.operation);
      if (step) made_.steps.push_back(std::move(step));
    }
    return std::move(made_);
  }

 private:
  const Value& in(std::size_t index = 0) const { return listing_.values[instruction_->inputs[index]]; }
  const Value& out() const { return listing_.values[*instruction_->outputs.front()]; }
  std::size_t count() const { return element_count(out().shape); }

  template <class T>
  const T* input(std::size_t index = 0) const {
    return index < instruction_->inputs.size() ? static_cast<const T*>(place(instruction_->inputs[index])) : nullptr;
  }
  template <class T>
  T* output(std::size_t index = 0) const {
    if (index >= instruction_->outputs.size() || !instruction_->outputs[index]) return nullptr;
    return static_cast<T*>(place(*instruction_->outputs[index]));
  }
  void* place(ValueId id) const { return places_[id]; }

  void need_scratch(std::size_t bytes) { made_.scratch = std::max(made_.scratch, bytes); }

  Step make(const Convolve& convolve) {
    std::vector<float> weights = known_floats(convolve.weights);
    if (!convolve.multiplier.empty()) {
      const std::size_t each = weights.size() / convolve.multiplier.size();
      for (std::size_t index = 0; index < weights.size(); ++index) weights[index] *= convolve.multiplier[index / each];
    }
    const InputLayout layout = convolve.planar_input ? InputLayout::planar : InputLayout::channels_last;
    auto kernel = std::make_shared<const ConvolutionF32>(convolve.geometry, weights, convolve.bias, convolve.low,
                                                         convolve.high, layout);
    need_scratch(kernel->scratch() * sizeof(float));
    made_.weights += weights.size() * sizeof(float);
    return [kernel = std::move(kernel), x = input<float>(), residual = input<float>(1),
            y = output<float>()](void* scratch) { kernel->run(x, residual, y, static_cast<float*>(scratch)); };
  }

  Step make(const ConvolveI8& convolve) {
    const std::span<const std::byte> bytes = convolve.weights.bytes();
    const void* quanta = bytes.data();
    const std::span weights(static_cast<const std::int8_t*>(quanta), bytes.size());
    auto kernel = std::make_shared<const ConvolutionI8>(convolve.geometry,
                                                        ConvolutionI8::Settings{.weights = weights,
                                                                                .weight_scales = convolve.weight_scales,
                                                                                .bias = convolve.bias,
                                                                                .input = convolve.input,
                                                                                .low = convolve.low,
                                                                                .high = convolve.high,
                                                                                .output = convolve.output});
    need_scratch(kernel->scratch());
    made_.weights += weights.size();
    const auto* x = input<std::uint8_t>();
    if (convolve.output) {
      return [kernel = std::move(kernel), x, y = output<std::uint8_t>()](void* scratch) {
        kernel->run(x, y, static_cast<std::uint8_t*>(scratch));
      };
    }
    return [kernel = std::move(kernel), x, residual = input<float>(1), y = output<float>()](void* scratch) {
      kernel->run(x, residual, y, static_cast<std::uint8_t*>(scratch));
    };
  }

  Step make(const Clamp& bounds) {
    return with_element(out().type, [&]<class T>(T) -> Step {
      T low{};
      T high{};
      if constexpr (std::is_floating_point_v<T>) {
        low = static_cast<T>(bounds.low);
        high = static_cast<T>(bounds.high);
      } else {
        // Bounds that the type cannot hold change nothing.
        low = static_cast<T>(std::max<std::int64_t>(bounds.integer_low, std::numeric_limits<T>::min()));
        high = static_cast<T>(std::min<std::int64_t>(bounds.integer_high, std::numeric_limits<T>::max()));
      }
      return [=, x = input<T>(), size = count(), y = output<T>()](void*) { clamp(x, size, low, high, y); };
    });
  }

  Step make(const Add&) {
    return with_element(out().type, [&]<class T>(T) -> Step {
      if (in(0).shape == in(1).shape) {
        return [a = input<T>(0), b = input<T>(1), size = count(), y = output<T>()](void*) { add(a, b, size, y); };
      }
      return [a = input<T>(0), b = input<T>(1), strides_a = broadcast_strides(in(0).shape, out().shape),
              strides_b = broadcast_strides(in(1).shape, out().shape), shape = out().shape,
              y = output<T>()](void*) { add_broadcast(a, strides_a, b, strides_b, shape, y); };
    });
  }

  Step make(const Affine& factors) {
    const Shape& shape = out().shape;
    const auto outer = static_cast<std::size_t>(shape[0]);
    const std::size_t inner = element_count(Shape(shape.begin() + 2, shape.end()));
    return [=, scale = factors.scale, shift = factors.shift, x = input<float>(), y = output<float>()](void*) {
      affine(x, outer, scale, shift, inner, y);
    };
  }

  Step make(const Mean& reduction) {
    const Shape& from = in().shape;
    if (in().layout == Layout::channels_last) {
      return [batch = static_cast<std::size_t>(from[0]), pixels = static_cast<std::size_t>(from[2] * from[3]),
              channels = static_cast<std::size_t>(from[1]), x = input<float>(),
              y = output<float>()](void*) { mean_pool_f32(x, batch, pixels, channels, y); };
    }
    const Shape all = row_major_strides(from);
    Shape shape;
    Shape strides;
    Shape reduced;
    Shape reduced_strides;
    for (std::size_t axis = 0; axis < from.size(); ++axis) {
      const bool goes = std::binary_search(reduction.axes.begin(), reduction.axes.end(), axis);
      (goes ? reduced : shape).push_back(from[axis]);
      (goes ? reduced_strides : strides).push_back(all[axis]);
    }
    return
        [=, x = input<float>(), y = output<float>()](void*) { mean(x, shape, strides, reduced, reduced_strides, y); };
  }

  // The output has the input's memory.
  Step make(const Alias&) { return {}; }

  Step make(const Permute& permute) {
    const Shape from = row_major_strides(in().shape);
    Shape strides;
    for (const std::size_t axis : permute.order) strides.push_back(from[axis]);
    return gathering(out().shape, strides);
  }

  Step make(const Relayout&) {
    const Shape& logical = out().shape;
    const std::int64_t batch = logical[0];
    const std::int64_t channels = logical[1];
    const std::int64_t pixels = logical[2] * logical[3];
    if (out().layout == Layout::channels_last) {
      return gathering({batch, pixels, channels}, {channels * pixels, 1, pixels});
    }
    return gathering({batch, channels, pixels}, {channels * pixels, 1, channels});
  }

  Step gathering(const Shape& shape, const Shape& strides) {
    return [=, x = input<std::byte>(), size = element_size(out().type), y = output<std::byte>()](void*) {
      gather(x, size, shape, strides, y);
    };
  }

  Step make(const MatrixProduct& product) {
    const Value& right = in(1);
    auto kernel = std::make_shared<const MatrixProductKernel>(
        product, right.known ? known_floats(*right.known) : std::vector<float>(),
        instruction_->inputs.size() > 2 ? broadcast_strides(in(2).shape, out().shape) : Shape());
    need_scratch(kernel->scratch() * sizeof(float));
    made_.weights += kernel->weights() * sizeof(float);
    return [kernel = std::move(kernel), a = input<float>(0), b = input<float>(1), c = input<float>(2),
            y = output<float>()](void* scratch) { kernel->run(a, b, c, y, static_cast<float*>(scratch)); };
  }

  Step make(const Lstm& lstm) {
    auto kernel = std::make_shared<const LstmKernel>(lstm);
    need_scratch(kernel->scratch() * sizeof(float));
    made_.weights += kernel->weights() * sizeof(float);
    return [kernel = std::move(kernel), x = input<float>(), y = output<float>(0), last_hidden = output<float>(1),
            last_cell = output<float>(2)](void* scratch) {
      kernel->run(x, y, last_hidden, last_cell, static_cast<float*>(scratch));
    };
  }

  Step make(const Softmax& softmax) {
    return [softmax, x = input<float>(), y = output<float>()](void*) {
      softmax_f32(x, softmax.outer, softmax.axis, softmax.inner, y);
    };
  }

  Step make(const Quantize& quantization) {
    const Scales& scales = quantization.scales;
    if (!quantization.seven_bit) {
      return [scales, type = out().type, x = input<float>(), size = count(), y = output<std::byte>()](void*) {
        quantize({x, size}, scales, type, y);
      };
    }
    const Quantization seven_bit{scales.scales.front(), scales.zero_points.front()};
    if (in().layout != out().layout) {
      const Shape& shape = out().shape;
      return [=, batch = static_cast<std::size_t>(shape[0]), channels = static_cast<std::size_t>(shape[1]),
              pixels = static_cast<std::size_t>(shape[2] * shape[3]), x = input<float>(),
              y = output<std::uint8_t>()](void*) { quantize_planes_u7(x, batch, channels, pixels, seven_bit, y); };
    }
    return [=, x = input<float>(), size = count(), y = output<std::uint8_t>()](void*) {
      quantize_u7(x, size, seven_bit, y);
    };
  }

  Step make(const Dequantize& quantization) {
    return [scales = quantization.scales, type = in().type, x = input<std::byte>(),
            size = count() * element_size(in().type),
            y = output<float>()](void*) { dequantize({x, size}, scales, type, y); };
  }

  const Listing& listing_;
  std::span<std::byte* const> places_;
  const Instruction* instruction_ = nullptr;
  Steps made_;
};

}  // namespace

Steps make_steps(const Listing& listing, std::span<std::byte* const> places) { return Maker(listing, places).run(); }

}  // namespace actionscope::engine
