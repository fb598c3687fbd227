#include "native_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace actionscope::wasm {

Result<std::unique_ptr<Session>> NativeSession::create(const std::string& file, const model::Graph& graph,
                                                       const engine::Shape& shape) {
  const std::array<engine::InputBinding, 1> inputs{engine::InputBinding{shape, std::nullopt}};
  auto program = engine::Program::compile(graph, inputs);
  if (!program) return fail(program.error().code, file + " " + program.error().message + ".");
  return std::make_unique<NativeSession>(std::move(*program));
}

NativeSession::NativeSession(engine::Program program) : program_(std::move(program)) {}

Running NativeSession::run(std::span<const float> data) {
  const auto input = program_.input(0).as<float>();
  std::copy_n(data.begin(), input.size(), input.begin());
  program_.run();
  const auto output = static_cast<const engine::Program&>(program_).output(0).as<float>();
  return Running(std::vector<float>(output.begin(), output.end()));
}

emscripten::val NativeSession::release() { return emscripten::val::global("Promise").call<emscripten::val>("resolve"); }

}  // namespace actionscope::wasm
