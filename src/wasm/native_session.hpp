#pragma once

#include <emscripten/val.h>

#include <memory>
#include <span>
#include <string>

#include "engine/program.hpp"
#include "model/graph.hpp"
#include "session.hpp"

namespace actionscope::wasm {

// A graph in our own engine. It runs at once, on the calling thread.
class NativeSession : public Session {
 public:
  // `file`: the ONNX file's name, with which messages begin; `graph`: what is in it, which need not outlive the
  // session; `shape`: of its one input. Errors: operator_unsupported where the graph needs ONNX Runtime; onnx_invalid;
  // out_of_memory.
  static Result<std::unique_ptr<Session>> create(const std::string& file, const model::Graph& graph,
                                                 const engine::Shape& shape);

  explicit NativeSession(engine::Program program);

  Running run(std::span<const float> data) override;
  emscripten::val release() override;

 private:
  engine::Program program_;
};

}  // namespace actionscope::wasm
