#include "native_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/graph.hpp"

namespace actionscope::wasm {
namespace {

tl::unexpected<Error> about(const std::string& file, const Error& error) {
  return fail(error.code, file + " " + error.message + ".");
}

}  // namespace

Result<std::unique_ptr<Session>> NativeSession::create(const std::string& file, std::string_view bytes,
                                                       const engine::Shape& shape) {
  const auto graph = model::read_graph(bytes);
  if (!graph) return about(file, graph.error());
  const std::array<engine::InputBinding, 1> inputs{engine::InputBinding{shape, std::nullopt}};
  auto program = engine::Program::compile(*graph, inputs);
  if (!program) return about(file, program.error());
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
