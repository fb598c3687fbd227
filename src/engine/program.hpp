#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/limits.hpp"
#include "engine/lowering.hpp"
#include "engine/tensor.hpp"
#include "model/graph.hpp"
#include "result.hpp"

namespace actionscope::engine {

// Elements in memory that a program owns, row-major, aligned to 64 bytes. Valid as long as the program lives; it does
// not move when the program is moved.
template <class Byte>
struct TensorView {
  ElementType type = ElementType::float32;
  std::span<const std::int64_t> shape;
  std::span<Byte> bytes;

  // The elements as T, whose size must be that of the type.
  template <class T>
  auto as() const {
    using Element = std::conditional_t<std::is_const_v<Byte>, const T, T>;
    // What lies in the arena is aligned for every element type.
    return std::span<Element>(
        static_cast<Element*>(static_cast<std::conditional_t<std::is_const_v<Byte>, const void*, void*>>(bytes.data())),
        bytes.size() / sizeof(T));
  }
};

// A graph made ready for inputs of fixed shapes: weights packed, memory allocated. A run allocates nothing and cannot
// fail. Not for use by two threads at once.
class Program {
 public:
  // Takes what it needs from the graph, which need not outlive it. See lower() for inputs and errors; in addition
  // out_of_memory where an allocation is refused.
  static Result<Program> compile(const model::Graph& graph, std::span<const InputBinding> inputs,
                                 const Limits& limits = {});

  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  std::size_t inputs() const;
  std::size_t outputs() const;

  // Where to write an input before each run; a run may leave anything there.
  TensorView<std::byte> input(std::size_t index);

  // Where a run leaves an output, until the next run or until an input is written.
  TensorView<const std::byte> output(std::size_t index) const;

  void run();

  // Bytes that it keeps: the arena of activations and the packed weights.
  std::size_t memory() const;

 private:
  struct State;
  explicit Program(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace actionscope::engine
