#pragma once

#include <emscripten/val.h>

#include <coroutine>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "result.hpp"

namespace actionscope::wasm {

// The floats of a run, for co_await in a coroutine that returns a val: there at once, or when a promise resolves.
class Running {
 public:
  using Floats = Result<std::vector<float>>;

  explicit Running(Floats floats) : floats_(std::move(floats)) {}

  // `promise`: one whose outcome `read` turns into floats; it never rejects.
  Running(emscripten::val promise, Floats (*read)(const emscripten::val&))
      : promise_(std::move(promise)), read_(read) {}

  bool await_ready() const { return floats_.has_value(); }
  void await_suspend(std::coroutine_handle<emscripten::val::promise_type> coroutine) {
    awaiter_.emplace(promise_);
    awaiter_->await_suspend(coroutine);
  }
  Floats await_resume() { return floats_ ? std::move(*floats_) : read_(awaiter_->await_resume()); }

 private:
  std::optional<Floats> floats_;
  emscripten::val promise_ = emscripten::val::undefined();
  Floats (*read_)(const emscripten::val&) = nullptr;
  std::optional<emscripten::val::awaiter> awaiter_;
};

// One graph of a model package in an engine, for inputs of one shape. The destructor frees what the engine holds.
class Session {
 public:
  Session() = default;
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs the graph; `data` is read during the call. Errors: engine_failed.
  virtual Running run(std::span<const float> data) = 0;

  // A promise that resolves once the engine has let go of the graph. No run may follow.
  virtual emscripten::val release() = 0;
};

}  // namespace actionscope::wasm
