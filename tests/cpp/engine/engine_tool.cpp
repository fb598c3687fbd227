// Runs the engine for tests/reference: graphs with their inputs in, outputs out, until the input ends. All numbers are
// little-endian.
//
//   request: u32 bytes of the ONNX file, the file, u32 inputs, then each input: u32 rank, i64 sizes, u32 bytes,
//   elements answer:  u32 0, u32 outputs, then each output: u32 type (TensorProto.DataType), u32 rank, i64 sizes, u32
//   bytes, elements
//        or: u32 1, u32 bytes, the error's code and message

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "engine/program.hpp"
#include "model/graph.hpp"

namespace {

using namespace actionscope;

// Ends the program where the request ends early.
void read_bytes(void* to, std::size_t count) {
  if (count != 0 && std::fread(to, 1, count, stdin) != count) std::exit(EXIT_FAILURE);
}

template <class T>
T read_number() {
  T number{};
  read_bytes(&number, sizeof(number));
  return number;
}

template <class T>
void write_number(T number) {
  std::fwrite(&number, sizeof(number), 1, stdout);
}

struct Input {
  engine::Shape shape;
  std::vector<std::byte> elements;
};

Input read_input() {
  Input input;
  input.shape.resize(read_number<std::uint32_t>());
  read_bytes(input.shape.data(), input.shape.size() * sizeof(std::int64_t));
  input.elements.resize(read_number<std::uint32_t>());
  read_bytes(input.elements.data(), input.elements.size());
  return input;
}

// The outputs of the graph, or an error. Elements of inputs are told ahead, for whom they decide shapes or weights;
// what flows through the graph is written where the program reads it.
Result<engine::Program> answer(const std::string& file, const std::vector<Input>& inputs) {
  const Result<model::Graph> graph = model::read_graph(file);
  if (!graph) return tl::unexpected<Error>(graph.error());
  std::vector<engine::InputBinding> bindings;
  for (const Input& input : inputs) bindings.push_back({input.shape, input.elements});
  Result<engine::Program> program = engine::Program::compile(*graph, bindings);
  if (!program) return program;
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    std::copy(inputs[index].elements.begin(), inputs[index].elements.end(), program->input(index).bytes.begin());
  }
  program->run();
  return program;
}

void write_answer(const Result<engine::Program>& program) {
  if (!program) {
    const std::string text = std::string(name_of(program.error().code)) + ": " + program.error().message;
    write_number<std::uint32_t>(1);
    write_number(static_cast<std::uint32_t>(text.size()));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return;
  }
  write_number<std::uint32_t>(0);
  write_number(static_cast<std::uint32_t>(program->outputs()));
  for (std::size_t index = 0; index < program->outputs(); ++index) {
    const auto output = program->output(index);
    write_number(static_cast<std::uint32_t>(output.type));
    write_number(static_cast<std::uint32_t>(output.shape.size()));
    for (const std::int64_t size : output.shape) write_number(size);
    write_number(static_cast<std::uint32_t>(output.bytes.size()));
    std::fwrite(output.bytes.data(), 1, output.bytes.size(), stdout);
  }
}

}  // namespace

int main() {
  for (int first = std::getchar(); first != EOF; first = std::getchar()) {
    std::ungetc(first, stdin);
    std::string file(read_number<std::uint32_t>(), '\0');
    read_bytes(file.data(), file.size());
    std::vector<Input> inputs(read_number<std::uint32_t>());
    for (Input& input : inputs) input = read_input();
    write_answer(answer(file, inputs));
    std::fflush(stdout);
  }
  return EXIT_SUCCESS;
}
