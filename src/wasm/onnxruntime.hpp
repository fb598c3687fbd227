#pragma once

#include <emscripten/val.h>

#include <span>
#include <string>
#include <vector>

#include "result.hpp"
#include "session.hpp"

namespace actionscope::wasm {

// What a promise of the JavaScript half (onnxruntime.js) resolved to: its value, or its reason as an engine_failed
// error that says what was being done.
Result<emscripten::val> settled(const emscripten::val& outcome, const std::string& doing);

// One graph in ONNX Runtime Web, on one thread of the WebAssembly backend. Owns the runtime's session: release() frees
// it and can be awaited; the destructor frees it without waiting.
class OnnxRuntimeSession : public Session {
 public:
  // A promise for settled(), whose value is the runtime's own session object. `ort`: the namespace of onnxruntime-web.
  // `bytes`: a Uint8Array with the ONNX file, read before the promise resolves.
  static emscripten::val create(const emscripten::val& ort, const emscripten::val& bytes);

  // `shape`: of the graph's input, which is called `input`.
  OnnxRuntimeSession(emscripten::val ort, emscripten::val session, std::string input, std::string output,
                     std::vector<int> shape);
  ~OnnxRuntimeSession() override;

  Running run(std::span<const float> data) override;
  emscripten::val release() override;

 private:
  emscripten::val ort_;
  emscripten::val session_;
  std::string input_;
  std::string output_;
  std::vector<int> shape_;
};

}  // namespace actionscope::wasm
