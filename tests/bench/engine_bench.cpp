// The engine alone for scripts/bench inference: a graph with one input and one output of floats, run on the calling
// thread.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/program.hpp"
#include "model/graph.hpp"

namespace {

using namespace actionscope;
using emscripten::typed_memory_view;
using emscripten::val;

class BenchGraph {
 public:
  explicit BenchGraph(engine::Program program) : program_(std::move(program)) {}

  // Views of the module's memory, which does not grow while a graph runs.
  val input() {
    const auto floats = program_.input(0).as<float>();
    return val(typed_memory_view(floats.size(), floats.data()));
  }
  val output() const {
    const auto floats = program_.output(0).as<float>();
    return val(typed_memory_view(floats.size(), floats.data()));
  }
  void run() { program_.run(); }

 private:
  engine::Program program_;
};

// A graph, or a sentence that says why there is none.
val open(const std::string& file, const val& shape) {
  const auto graph = model::read_graph(file);
  if (!graph) return val(graph.error().message);
  engine::Shape sizes;
  for (const double size : emscripten::convertJSArrayToNumberVector<double>(shape))
    sizes.push_back(static_cast<std::int64_t>(size));
  const std::vector<engine::InputBinding> inputs{{sizes, std::nullopt}};
  auto program = engine::Program::compile(*graph, inputs);
  return program ? val(std::make_shared<BenchGraph>(std::move(*program))) : val(program.error().message);
}

}  // namespace

EMSCRIPTEN_BINDINGS(engine_bench) {
  emscripten::function("open", &open);
  emscripten::class_<BenchGraph>("BenchGraph")
      .smart_ptr<std::shared_ptr<BenchGraph>>("BenchGraphPointer")
      .function("input", &BenchGraph::input)
      .function("output", &BenchGraph::output)
      .function("run", &BenchGraph::run);
}
