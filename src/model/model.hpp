#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input_spec.hpp"
#include "model/graph.hpp"
#include "result.hpp"

namespace actionscope::model {

// model.json, format version 1, as plain data. See ARCHITECTURE.md, "Model package". The ranges are those that
// parse_model lets through; other rooms rely on them.

struct Label {
  std::string id;  // unique within a model
  std::string title;
  std::string description;  // may be empty
};

enum class SamplingMode { by_time, first_frames };

struct Sampling {
  SamplingMode mode = SamplingMode::by_time;
  double rate = 0;  // samples a second, 0.1..120; by_time only
  int count = 0;    // frames from the start, 1..4096; first_frames only
};

enum class ShortClips { stretch, zeros };

struct Window {
  int frames = 0;  // 1..256
  int hop = 0;     // samples from one window's start to the next one's, 1..frames
  ShortClips short_clips = ShortClips::stretch;
};

struct GraphFile {
  std::string file;       // relative to the package, no folder
  std::size_t bytes = 0;  // 1..2^30
  std::string sha256;     // 64 lower-case hexadecimal digits
  std::string input;      // names of the graph's one input and one output
  std::string output;
};

struct Variant {
  std::string name;
  GraphFile backbone;
  GraphFile head;
  double temperature = 1;       // 0.001..1000; probabilities are softmax(logits / temperature)
  double answer_threshold = 0;  // 0..1; below it the top-1 answer counts as "not sure"
};

struct Model {
  std::string name;
  std::string title;
  std::string version;
  std::string license;
  std::vector<Label> labels;              // 2..1000, in the order of the logits
  std::optional<std::size_t> none_label;  // index of "none of these"
  InputSpec input;                        // sides 1..1024
  Sampling sampling;
  Window window;
  int feature_size = 0;             // 1..65536
  std::vector<Variant> variants;    // 1..16, by name
  std::size_t default_variant = 0;  // index into variants
  std::string card;                 // file names; may be empty
  std::string report;
};

inline constexpr int kFormatVersion = 1;

// Reads and checks a whole model.json (at most 1 MiB). Every field of the format must be there; others are ignored. The
// first violation is named: the field's path and what is wrong with it. The format version is looked at first, so that
// a newer package is never called broken. Errors: model_invalid, model_too_new.
Result<Model> parse_model(std::string_view json);

// Checks that a graph file fits the contract: one float input and output of the names and shapes
// backbone [N, 3, height, width] -> [N, feature_size], head [N, frames, feature_size] -> [N, labels]; N must be left
// open (symbolic), the others stated. Operators and weights are not looked at, nor is the file's hash. Errors:
// onnx_invalid, model_shape.
Result<void> check_backbone(const Model& model, const Variant& variant, std::string_view onnx_bytes);
Result<void> check_head(const Model& model, const Variant& variant, std::string_view onnx_bytes);

// The same check, and the whole graph, a view of `onnx_bytes`; see read_graph.
Result<Graph> read_backbone(const Model& model, const Variant& variant, std::string_view onnx_bytes);
Result<Graph> read_head(const Model& model, const Variant& variant, std::string_view onnx_bytes);

}  // namespace actionscope::model
