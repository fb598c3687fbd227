#include <catch_amalgamated.hpp>
#include <string>

#include "model/model.hpp"
#include "onnx_bytes.hpp"

namespace {

using actionscope::ErrorCode;
using actionscope::model::check_backbone;
using actionscope::model::check_head;
using actionscope::model::read_backbone;
using actionscope::model::read_head;
using actionscope::test::onnx_bytes;
using actionscope::test::OnnxValue;

actionscope::model::GraphFile graph_file(const char* file, const char* input, const char* output) {
  actionscope::model::GraphFile graph;
  graph.file = file;
  graph.input = input;
  graph.output = output;
  return graph;
}

actionscope::model::Variant variant() {
  actionscope::model::Variant variant;
  variant.backbone = graph_file("backbone.onnx", "pixels", "features");
  variant.head = graph_file("head.onnx", "features", "logits");
  return variant;
}

actionscope::model::Model model() {
  actionscope::model::Model model;
  model.labels = {{"walking", "Walking", ""}, {"diving", "Diving", ""}, {"none", "None of these", ""}};
  model.input.width = 224;
  model.input.height = 192;
  model.window.frames = 20;
  model.feature_size = 1280;
  model.variants = {variant()};
  return model;
}

const OnnxValue kPixels = {"pixels", {{-1, 3, 192, 224}}};
const OnnxValue kFeatures = {"features", {{-1, 1280}}};
const OnnxValue kWindow = {"features", {{-1, 20, 1280}}};
const OnnxValue kLogits = {"logits", {{-1, 3}}};

}  // namespace

TEST_CASE("Graphs that fit model.json pass") {
  CHECK(check_backbone(model(), variant(), onnx_bytes({kPixels}, {kFeatures})).has_value());
  CHECK(check_backbone(model(), variant(), onnx_bytes({kPixels, {"weight", {{8}}}}, {kFeatures}, {"weight"})));
  CHECK(check_head(model(), variant(), onnx_bytes({kWindow}, {kLogits})).has_value());
}

TEST_CASE("Each way in which a backbone does not fit is named") {
  struct Case {
    std::vector<OnnxValue> inputs;
    std::vector<OnnxValue> outputs;
    std::string message;
  };
  const std::vector<Case> cases = {
      {{}, {kFeatures}, "backbone.onnx must have one input, not 0."},
      {{kPixels, kPixels}, {kFeatures}, "backbone.onnx must have one input, not 2."},
      {{kPixels}, {}, "backbone.onnx must have one output, not 0."},
      {{{"x", {{-1, 3, 192, 224}}}},
       {kFeatures},
       R"(backbone.onnx: its input must be called "pixels" as model.json says, not "x".)"},
      {{kPixels},
       {{"y", {{-1, 1280}}}},
       R"(backbone.onnx: its output must be called "features" as model.json says, not "y".)"},
      {{{"pixels", {{-1, 3, 192, 224}}, 2}},
       {kFeatures},
       R"(backbone.onnx: its input "pixels" must be of 32-bit floats.)"},
      {{{"pixels", {}}},
       {kFeatures},
       R"(backbone.onnx: its input "pixels" must have the shape [N, 3, 192, 224], but the file names none.)"},
      {{{"pixels", {{-1, 3, 224, 192}}}},
       {kFeatures},
       "backbone.onnx: its input \"pixels\" must have the shape [N, 3, 192, 224] with N left open, "
       "not [N, 3, 224, 192]."},
      {{{"pixels", {{1, 3, 192, 224}}}},
       {kFeatures},
       "backbone.onnx: its input \"pixels\" must have the shape [N, 3, 192, 224] with N left open, "
       "not [1, 3, 192, 224]."},
      {{kPixels},
       {{"features", {{-1, 1280, 1, 1}}}},
       "backbone.onnx: its output \"features\" must have the shape [N, 1280] with N left open, not [N, 1280, 1, 1]."},
      {{kPixels},
       {{"features", {{-1, -1}}}},
       R"(backbone.onnx: its output "features" must have the shape [N, 1280] with N left open, not [N, N].)"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.message);
    const auto checked = check_backbone(model(), variant(), onnx_bytes(each.inputs, each.outputs));
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::model_shape);
    CHECK(checked.error().message == each.message);
  }
}

TEST_CASE("A head for other labels or another window does not fit") {
  const auto labels = check_head(model(), variant(), onnx_bytes({kWindow}, {{"logits", {{-1, 11}}}}));
  REQUIRE_FALSE(labels.has_value());
  CHECK(labels.error().code == ErrorCode::model_shape);
  CHECK(labels.error().message ==
        R"(head.onnx: its output "logits" must have the shape [N, 3] with N left open, not [N, 11].)");

  const auto frames = check_head(model(), variant(), onnx_bytes({{"features", {{-1, 16, 1280}}}}, {kLogits}));
  REQUIRE_FALSE(frames.has_value());
  CHECK(frames.error().message ==
        R"(head.onnx: its input "features" must have the shape [N, 20, 1280] with N left open, not [N, 16, 1280].)");
}

TEST_CASE("A file that is no ONNX file is named") {
  const auto checked = check_head(model(), variant(), "<!doctype html>");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().code == ErrorCode::onnx_invalid);
  CHECK(checked.error().message == "head.onnx is not an ONNX file, or is damaged or cut short.");
}

TEST_CASE("A graph that is read is checked as well") {
  const std::string backbone = onnx_bytes({kPixels}, {kFeatures});
  const auto read = read_backbone(model(), variant(), backbone);
  REQUIRE(read.has_value());
  CHECK(read->opset == 17);
  REQUIRE(read->signature.inputs.size() == 1);
  CHECK(read->signature.inputs.front().name == "pixels");
  const std::string head = onnx_bytes({kWindow}, {kLogits});
  CHECK(read_head(model(), variant(), head).has_value());

  for (const std::string& wrong : {onnx_bytes({kWindow}, {{"logits", {{-1, 11}}}}), std::string("<!doctype html>")}) {
    const auto refused = read_head(model(), variant(), wrong);
    const auto checked = check_head(model(), variant(), wrong);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == checked.error().code);
    CHECK(refused.error().message == checked.error().message);
  }
}
