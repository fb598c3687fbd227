#include "onnxruntime.hpp"

#include <utility>

namespace actionscope::wasm {

using emscripten::typed_memory_view;
using emscripten::val;

namespace {

val half() { return val::module_property("onnxruntime"); }

Result<std::vector<float>> floats(const val& outcome) {
  const auto value = settled(outcome, "running the model");
  if (!value) return tl::unexpected<Error>(value.error());
  return emscripten::convertJSArrayToNumberVector<float>(*value);
}

}  // namespace

Result<val> settled(const val& outcome, const std::string& doing) {
  const val error = outcome["error"];
  if (!error.isUndefined()) {
    return fail(ErrorCode::engine_failed, "ONNX Runtime failed while " + doing + ": " + error.as<std::string>());
  }
  return outcome["value"];
}

val OnnxRuntimeSession::create(const val& ort, const val& bytes) {
  return half().call<val>("createSession", ort, bytes);
}

OnnxRuntimeSession::OnnxRuntimeSession(val ort, val session, std::string input, std::string output,
                                       std::vector<int> shape)
    : ort_(std::move(ort)),
      session_(std::move(session)),
      input_(std::move(input)),
      output_(std::move(output)),
      shape_(std::move(shape)) {}

OnnxRuntimeSession::~OnnxRuntimeSession() {
  if (!session_.isNull()) half().call<void>("release", std::exchange(session_, val::null()));
}

Running OnnxRuntimeSession::run(std::span<const float> data) {
  return Running(half().call<val>("run", ort_, session_, input_, val(typed_memory_view(data.size(), data.data())),
                                  val::array(shape_), output_),
                 floats);
}

val OnnxRuntimeSession::release() { return half().call<val>("release", std::exchange(session_, val::null())); }

}  // namespace actionscope::wasm
