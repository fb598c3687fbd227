#include <array>
#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"

namespace {

using actionscope::ErrorCode;
using actionscope::model::parse_model;
using nlohmann::json;

// The form and every value of a model.json; none is the default of what it is read into.
constexpr const char* kValid = R"({
  "format": "actionscope-model",
  "format_version": 1,
  "name": "trial",
  "title": "Trial actions",
  "version": "1.2.3",
  "license": "MIT",
  "labels": [
    {"id": "walking", "title": "Walking", "description": "Going on foot."},
    {"id": "none", "title": "None of these", "description": ""}
  ],
  "none_label": "none",
  "input": {"width": 224, "height": 192, "resize": "center_crop", "filter": "bicubic", "antialias": true,
            "channel_order": "bgr", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
  "sampling": {"mode": "by_time", "rate": 10},
  "window": {"frames": 20, "hop": 10, "short_clips": "zeros"},
  "feature_size": 1280,
  "variants": {
    "fp32": {
      "backbone": {"file": "backbone.onnx", "bytes": 123, "input": "pixels", "output": "features",
                   "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
      "head": {"file": "head.onnx", "bytes": 45, "input": "features", "output": "logits",
               "sha256": "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"},
      "temperature": 1.5,
      "thresholds": {"answer": 0.4}
    },
    "int8": {
      "backbone": {"file": "backbone-int8.onnx", "bytes": 67, "input": "pixels", "output": "features",
                   "sha256": "0000000000000000000000000000000000000000000000000000000000000000"},
      "head": {"file": "head-int8.onnx", "bytes": 89, "input": "features", "output": "logits",
               "sha256": "1111111111111111111111111111111111111111111111111111111111111111"},
      "temperature": 1,
      "thresholds": {"answer": 0}
    }
  },
  "default_variant": "int8",
  "card": "CARD.md",
  "report": "report.json"
})";

json valid() { return json::parse(kValid); }

constexpr std::string_view kMissing = "missing";

// A valid document with one field set to another value, given as JSON, or taken away.
std::string valid_but(std::string_view pointer, std::string_view value) {
  json document = valid();
  const json::json_pointer field{std::string(pointer)};
  if (value == kMissing) {
    document[field.parent_pointer()].erase(field.back());
  } else {
    document[field] = json::parse(value);
  }
  return document.dump();
}

std::string in_quotes(const std::string& text) { return json(text).dump(); }

std::string message_of(const std::string& document) {
  const auto model = parse_model(document);
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().code == ErrorCode::model_invalid);
  return model.error().message;
}

}  // namespace

TEST_CASE("A whole model.json is read into plain data") {
  const auto model = parse_model(kValid);
  REQUIRE(model.has_value());

  CHECK(model->name == "trial");
  CHECK(model->title == "Trial actions");
  CHECK(model->version == "1.2.3");
  CHECK(model->license == "MIT");

  REQUIRE(model->labels.size() == 2);
  CHECK(model->labels[0].id == "walking");
  CHECK(model->labels[0].title == "Walking");
  CHECK(model->labels[0].description == "Going on foot.");
  CHECK(model->labels[1].description.empty());
  CHECK(model->none_label == 1);

  CHECK(model->input.width == 224);
  CHECK(model->input.height == 192);
  CHECK(model->input.resize == actionscope::ResizeMode::center_crop);
  CHECK(model->input.filter == actionscope::Filter::bicubic);
  CHECK(model->input.antialias);
  CHECK(model->input.channel_order == actionscope::ChannelOrder::bgr);
  CHECK(model->input.mean == std::array{0.485F, 0.456F, 0.406F});
  CHECK(model->input.std == std::array{0.229F, 0.224F, 0.225F});

  CHECK(model->sampling.mode == actionscope::model::SamplingMode::by_time);
  CHECK(model->sampling.rate == 10);
  CHECK(model->window.frames == 20);
  CHECK(model->window.hop == 10);
  CHECK(model->window.short_clips == actionscope::model::ShortClips::zeros);
  CHECK(model->feature_size == 1280);

  REQUIRE(model->variants.size() == 2);
  const actionscope::model::Variant& fp32 = model->variants[0];
  CHECK(fp32.name == "fp32");
  CHECK(fp32.backbone.file == "backbone.onnx");
  CHECK(fp32.backbone.bytes == 123);
  CHECK(fp32.backbone.sha256 == "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  CHECK(fp32.backbone.input == "pixels");
  CHECK(fp32.backbone.output == "features");
  CHECK(fp32.head.file == "head.onnx");
  CHECK(fp32.head.bytes == 45);
  CHECK(fp32.head.output == "logits");
  CHECK(fp32.temperature == 1.5);
  CHECK(fp32.answer_threshold == 0.4);
  CHECK(model->default_variant == 1);
  CHECK(model->card == "CARD.md");
  CHECK(model->report == "report.json");
}

TEST_CASE("What the format leaves open may be left open") {
  CHECK(parse_model(valid_but("/none_label", "null"))->none_label == std::nullopt);
  CHECK(parse_model(valid_but("/card", in_quotes("")))->card.empty());
  CHECK(parse_model(valid_but("/report", in_quotes("")))->report.empty());

  json first_frames = valid();
  first_frames["sampling"] = {{"mode", "first_frames"}, {"count", 40}};
  const auto model = parse_model(first_frames.dump());
  REQUIRE(model.has_value());
  CHECK(model->sampling.mode == actionscope::model::SamplingMode::first_frames);
  CHECK(model->sampling.count == 40);
}

TEST_CASE("Fields that the format does not know are ignored") {
  json document = valid();
  document["author"] = {{"name", "somebody"}};
  document["window"]["stride"] = "unknown";
  document["variants"]["fp32"]["note"] = nullptr;
  CHECK(parse_model(document.dump()).has_value());
}

TEST_CASE("Of fields and variants that are there twice the last counts, as in JavaScript") {
  std::string text = valid().dump();
  text.insert(1, R"("name": "../first", "variants": {"../first": 0}, )");
  CHECK(parse_model(text)->name == "trial");

  const std::string first = R"("variants":{"int8":{"backbone":0},)";
  text.replace(text.rfind(R"("variants":{)"), std::string_view(R"("variants":{)").size(), first);
  const auto model = parse_model(text);
  REQUIRE(model.has_value());
  REQUIRE(model->variants.size() == 2);
  CHECK(model->variants[1].head.file == "head-int8.onnx");
}

TEST_CASE("Each violation is named by its field's path and by what is wrong") {
  struct Case {
    std::string_view pointer;
    std::string_view value;  // as JSON
    std::string_view message;
  };
  constexpr std::array kCases = std::to_array<Case>({
      {"/format", kMissing, "model.json: format is missing."},
      {"/format", R"("other")", R"(model.json: format must be "actionscope-model", not "other".)"},
      {"/format_version", kMissing, "model.json: format_version is missing."},
      {"/format_version", "0",
       "model.json: format_version must be a whole number from 1 to 9223372036854775807, not 0."},
      {"/name", kMissing, "model.json: name is missing."},
      {"/name", "3", "model.json: name must be a name of letters, digits, '.', '-' and '_', without a folder, not 3."},
      {"/title", kMissing, "model.json: title is missing."},
      {"/title", R"("")", R"(model.json: title must be a text of 1 to 200 bytes, not "".)"},
      {"/version", "1.5", "model.json: version must be a text of 1 to 100 bytes, not 1.5."},
      {"/license", "null", "model.json: license must be a text of 1 to 2000 bytes, not null."},

      {"/labels", kMissing, "model.json: labels is missing."},
      {"/labels", R"("walking")", R"(model.json: labels must be a list of 2 to 1000 labels, not "walking".)"},
      {"/labels", R"([{"id": "walking"}])", "model.json: labels must be a list of 2 to 1000 labels, not 1."},
      {"/labels/1", R"("none")", R"(model.json: labels[1] must be an object, not "none".)"},
      {"/labels/1/id", kMissing, "model.json: labels[1].id is missing."},
      {"/labels/1/id", R"("walking")",
       R"(model.json: labels[1].id must differ from the labels before it, not "walking".)"},
      {"/labels/0/title", "false", "model.json: labels[0].title must be a text of 1 to 200 bytes, not false."},
      {"/labels/0/description", kMissing, "model.json: labels[0].description is missing."},
      {"/none_label", kMissing, "model.json: none_label is missing."},
      {"/none_label", R"("nobody")", R"(model.json: none_label must be null or the id of a label, not "nobody".)"},

      {"/input", "[]", "model.json: input must be an object, not a list."},
      {"/input/width", "0", "model.json: input.width must be a whole number from 1 to 1024, not 0."},
      {"/input/width", "224.5", "model.json: input.width must be a whole number from 1 to 1024, not 224.5."},
      {"/input/height", "1025", "model.json: input.height must be a whole number from 1 to 1024, not 1025."},
      {"/input/height", R"("224")", R"(model.json: input.height must be a whole number from 1 to 1024, not "224".)"},
      {"/input/resize", R"("fit")", R"(model.json: input.resize must be "stretch" or "center_crop", not "fit".)"},
      {"/input/filter", R"("nearest")", R"(model.json: input.filter must be "bilinear" or "bicubic", not "nearest".)"},
      {"/input/antialias", "1", "model.json: input.antialias must be true or false, not 1."},
      {"/input/channel_order", R"("grb")", R"(model.json: input.channel_order must be "rgb" or "bgr", not "grb".)"},
      {"/input/mean", "[0.5, 0.5]", "model.json: input.mean must be a list of 3 numbers, not 2."},
      {"/input/mean/2", R"("0.5")", R"(model.json: input.mean[2] must be a number from -1000 to 1000, not "0.5".)"},
      {"/input/std", "[1, 1, 1, 1]", "model.json: input.std must be a list of 3 numbers, not 4."},
      {"/input/std/0", "0", "model.json: input.std[0] must be a number from 0.0001 to 1000, not 0."},
      {"/input/std/1", "-0.2", "model.json: input.std[1] must be a number from 0.0001 to 1000, not -0.2."},

      {"/sampling/mode", R"("at_random")",
       R"(model.json: sampling.mode must be "by_time" or "first_frames", not "at_random".)"},
      {"/sampling/rate", kMissing, "model.json: sampling.rate is missing."},
      {"/sampling/rate", "0.05", "model.json: sampling.rate must be a number from 0.1 to 120, not 0.05."},
      {"/sampling/rate", "121", "model.json: sampling.rate must be a number from 0.1 to 120, not 121."},
      {"/sampling", R"({"mode": "first_frames"})", "model.json: sampling.count is missing."},
      {"/sampling", R"({"mode": "first_frames", "count": 0})",
       "model.json: sampling.count must be a whole number from 1 to 4096, not 0."},

      {"/window/frames", "257", "model.json: window.frames must be a whole number from 1 to 256, not 257."},
      {"/window/hop", "0", "model.json: window.hop must be a whole number from 1 to 20, not 0."},
      {"/window/hop", "21", "model.json: window.hop must be a whole number from 1 to 20, not 21."},
      {"/window/short_clips", R"("loop")",
       R"(model.json: window.short_clips must be "stretch" or "zeros", not "loop".)"},
      {"/feature_size", "65537", "model.json: feature_size must be a whole number from 1 to 65536, not 65537."},
      {"/feature_size", "18446744073709551615",
       "model.json: feature_size must be a whole number from 1 to 65536, not 18446744073709551615."},

      {"/variants", "{}", "model.json: variants must be an object of 1 to 16 members, not an object."},
      {"/variants", R"({"../fp32": 0})",
       R"(model.json: variants must have names of letters, digits, '.', '-' and '_', not "../fp32".)"},
      {"/variants/fp32", "5", "model.json: variants.fp32 must be an object, not 5."},
      {"/variants/fp32/backbone", kMissing, "model.json: variants.fp32.backbone is missing."},
      {"/variants/fp32/backbone/file", R"("weights/backbone.onnx")",
       "model.json: variants.fp32.backbone.file must be a name of letters, digits, '.', '-' and '_', without a folder, "
       R"(not "weights/backbone.onnx".)"},
      {"/variants/fp32/backbone/file", R"("..")",
       "model.json: variants.fp32.backbone.file must be a name of letters, digits, '.', '-' and '_', without a folder, "
       R"(not "..".)"},
      {"/variants/fp32/backbone/bytes", "0",
       "model.json: variants.fp32.backbone.bytes must be a whole number from 1 to 1073741824, not 0."},
      {"/variants/fp32/head/bytes", "1073741825",
       "model.json: variants.fp32.head.bytes must be a whole number from 1 to 1073741824, not 1073741825."},
      {"/variants/int8/head/sha256", R"("abc")",
       R"(model.json: variants.int8.head.sha256 must be 64 lower-case hexadecimal digits, not "abc".)"},
      {"/variants/int8/head/sha256", R"("ABCDEF")",
       R"(model.json: variants.int8.head.sha256 must be 64 lower-case hexadecimal digits, not "ABCDEF".)"},
      {"/variants/int8/head/input", R"("")",
       R"(model.json: variants.int8.head.input must be a text of 1 to 200 bytes, not "".)"},
      {"/variants/int8/head/output", kMissing, "model.json: variants.int8.head.output is missing."},
      {"/variants/fp32/temperature", "0",
       "model.json: variants.fp32.temperature must be a number from 0.001 to 1000, not 0."},
      {"/variants/fp32/thresholds", kMissing, "model.json: variants.fp32.thresholds is missing."},
      {"/variants/fp32/thresholds/answer", "1.01",
       "model.json: variants.fp32.thresholds.answer must be a number from 0 to 1, not 1.01."},
      {"/variants/fp32/thresholds/answer", "-0.1",
       "model.json: variants.fp32.thresholds.answer must be a number from 0 to 1, not -0.1."},
      {"/default_variant", R"("fp16")", R"(model.json: default_variant must name one of the variants, not "fp16".)"},
      {"/card", kMissing, "model.json: card is missing."},
      {"/card", R"("docs/CARD.md")",
       "model.json: card must be a name of letters, digits, '.', '-' and '_', without a folder, not \"docs/CARD.md\"."},
      {"/report", "null",
       "model.json: report must be a name of letters, digits, '.', '-' and '_', without a folder, not null."},
  });
  for (const Case& each : kCases) {
    CAPTURE(each.pointer, each.value);
    CHECK(message_of(valid_but(each.pointer, each.value)) == each.message);
  }
}

TEST_CASE("Labels and variants are limited in number") {
  CHECK(message_of(valid_but("/labels", json(std::vector<int>(1001)).dump())) ==
        "model.json: labels must be a list of 2 to 1000 labels, not 1001.");
  json variants = json::object();
  for (int index = 0; index < 17; ++index) variants[std::to_string(index)] = 0;
  CHECK(message_of(valid_but("/variants", variants.dump())) ==
        "model.json: variants must be an object of 1 to 16 members, not an object.");
}

TEST_CASE("A hash is of lower-case digits") {
  CHECK(message_of(valid_but("/variants/fp32/head/sha256", in_quotes(std::string(64, 'F')))) ==
        "model.json: variants.fp32.head.sha256 must be 64 lower-case hexadecimal digits, not \"" +
            std::string(60, 'F') + "...\".");
}

TEST_CASE("Every field of the format must be there") {
  const json flat = valid().flatten();
  for (const auto& [pointer, value] : flat.items()) {
    if (pointer.find("/labels/") == 0 && pointer.rfind('/') == 8) continue;  // an element of a list is no field
    if (pointer.find("/mean/") != std::string::npos || pointer.find("/std/") != std::string::npos) continue;
    CAPTURE(pointer);
    std::string path = pointer.substr(1);
    for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/')) path[at] = '.';
    for (const std::string index : {"0", "1"}) {
      const std::size_t at = path.find("labels." + index);
      if (at != std::string::npos) path.replace(at, 8, "labels[" + index + "]");
    }
    CHECK(message_of(valid_but(pointer, kMissing)) == "model.json: " + path + " is missing.");
  }
}

TEST_CASE("A package of a newer format is too new rather than broken") {
  const std::string newer = R"({"format": "actionscope-model", "format_version": 2, "labels": {"a": "new form"}})";
  const auto model = parse_model(newer);
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().code == ErrorCode::model_too_new);
  CHECK(model.error().message == "model.json: this model is of format version 2, this program knows versions up to 1.");
}

TEST_CASE("What is not JSON is called so") {
  const std::string text = valid().dump();
  for (const std::string& document :
       {std::string(), std::string("<!doctype html><title>404</title>"), text.substr(0, text.size() / 2), text + "}",
        std::string("{\"name\": \"\xC3\"}"), std::string("{\"name\": 1e999}"), std::string(1, '\0')}) {
    CAPTURE(document);
    CHECK(message_of(document) == "model.json: the document is not valid JSON.");
  }
  CHECK(message_of("[]") == "model.json: the document must be an object, not a list.");
}

TEST_CASE("Every beginning of a valid document is refused") {
  const std::string text = valid().dump();
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(parse_model(std::string_view(text).substr(0, length)).has_value());
  }
}

TEST_CASE("Nesting beyond all reason is neither followed nor kept") {
  constexpr std::size_t kDepth = 500'000;
  CHECK(message_of(std::string(kDepth, '[') + std::string(kDepth, ']')) ==
        "model.json: the document must be an object, not a list.");
  CHECK(message_of(std::string(kDepth, '[')) == "model.json: the document is not valid JSON.");

  std::string extra = valid().dump();
  extra.insert(1, "\"extra\": " + std::string(kDepth, '[') + std::string(kDepth, ']') + ",");
  CHECK(parse_model(extra).has_value());
}

TEST_CASE("A document of more than 1 MiB is refused unread") {
  std::string document = valid().dump();
  document.resize((1U << 20U) + 1, ' ');
  CHECK(message_of(document) == "model.json: the document must not be larger than 1 MiB.");
  document.pop_back();
  CHECK(parse_model(document).has_value());
}

TEST_CASE("Foreign text in a message is cut between characters and holds no control characters") {
  const std::string long_text = std::string(59, 'x') + "\u00e9\u00e9";  // the cut would fall into the first é
  CHECK(message_of(valid_but("/default_variant", in_quotes(long_text))) ==
        "model.json: default_variant must name one of the variants, not \"" + std::string(59, 'x') + "...\".");
  CHECK(message_of(valid_but("/none_label", in_quotes("a\nb\x7F"))) ==
        R"(model.json: none_label must be null or the id of a label, not "a?b?".)");
}
