#include "values.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace actionscope::wasm {

using emscripten::val;

namespace {

val graph_file_value(const model::GraphFile& graph) {
  val value = val::object();
  value.set("file", graph.file);
  value.set("bytes", static_cast<double>(graph.bytes));
  value.set("sha256", graph.sha256);
  return value;
}

val label_value(const model::Label& label) {
  val value = val::object();
  value.set("id", label.id);
  value.set("title", label.title);
  value.set("description", label.description);
  return value;
}

val variant_value(const model::Variant& variant) {
  val value = val::object();
  value.set("name", variant.name);
  value.set("backbone", graph_file_value(variant.backbone));
  value.set("head", graph_file_value(variant.head));
  return value;
}

template <class T>
using Named = std::pair<const char*, T>;

constexpr std::array<Named<image::PixelFormat>, 6> kFormats{{{"RGBA", image::PixelFormat::rgba},
                                                             {"RGBX", image::PixelFormat::rgbx},
                                                             {"BGRA", image::PixelFormat::bgra},
                                                             {"BGRX", image::PixelFormat::bgrx},
                                                             {"I420", image::PixelFormat::i420},
                                                             {"NV12", image::PixelFormat::nv12}}};
constexpr std::array<Named<image::ColorMatrix>, 2> kMatrices{
    {{"bt601", image::ColorMatrix::bt601}, {"bt709", image::ColorMatrix::bt709}}};
constexpr std::array<Named<image::ColorRange>, 2> kRanges{
    {{"limited", image::ColorRange::limited}, {"full", image::ColorRange::full}}};

Error bad_field(const std::string& field) {
  return Error{ErrorCode::frame_invalid, "The frame's " + field + " makes no sense."};
}

template <class T, std::size_t Size>
Result<T> read_name(const val& object, const char* field, const std::array<Named<T>, Size>& names) {
  const val value = object[field];
  if (value.isString()) {
    const auto text = value.as<std::string>();
    for (const auto& [name, meaning] : names) {
      if (text == name) return meaning;
    }
  }
  return tl::unexpected<Error>(bad_field(field));
}

// A whole number from 0 to the largest int.
Result<int> read_count(const val& object, const char* field) {
  const val value = object[field];
  if (value.isNumber()) {
    const auto number = value.as<double>();
    if (number >= 0 && number <= std::numeric_limits<int>::max() && std::floor(number) == number) {
      return static_cast<int>(number);
    }
  }
  return tl::unexpected<Error>(bad_field(field));
}

Result<image::Rotation> read_rotation(const val& object) {
  const auto degrees = read_count(object, "rotation");
  if (!degrees || *degrees % 90 != 0 || *degrees > 270) return tl::unexpected<Error>(bad_field("rotation"));
  return static_cast<image::Rotation>(*degrees);
}

// As many planes as there are, at most 3; image::check finds those that are missing.
Result<std::array<image::Plane, 3>> read_planes(const val& object) {
  std::array<image::Plane, 3> planes{};
  const val list = object["planes"];
  if (!list.isArray()) return tl::unexpected<Error>(bad_field("planes"));
  const auto count = read_count(list, "length");
  if (!count || *count > 3) return tl::unexpected<Error>(bad_field("planes"));
  for (int index = 0; index < *count; ++index) {
    const val plane = list[index];
    const auto offset = read_count(plane, "offset");
    if (!offset) return tl::unexpected<Error>(offset.error());
    const auto stride = read_count(plane, "stride");
    if (!stride) return tl::unexpected<Error>(stride.error());
    planes[static_cast<std::size_t>(index)] = {static_cast<std::size_t>(*offset), static_cast<std::size_t>(*stride)};
  }
  return planes;
}

}  // namespace

val model_value(const model::Model& model) {
  val labels = val::array();
  for (const auto& label : model.labels) labels.call<void>("push", label_value(label));
  val variants = val::array();
  for (const auto& variant : model.variants) variants.call<void>("push", variant_value(variant));
  const bool by_time = model.sampling.mode == model::SamplingMode::by_time;

  val value = val::object();
  value.set("name", model.name);
  value.set("title", model.title);
  value.set("version", model.version);
  value.set("license", model.license);
  value.set("labels", labels);
  value.set("noneLabel", model.none_label ? val(model.labels[*model.none_label].id) : val::null());
  value.set("rate", by_time ? val(model.sampling.rate) : val::null());
  value.set("windowFrames", model.window.frames);
  value.set("variants", variants);
  value.set("defaultVariant", model.variants[model.default_variant].name);
  value.set("report", model.report);
  return value;
}

val scores_value(const model::Model& model, const classify::Scores& scores) {
  val probabilities = val::object();
  for (std::size_t index = 0; index < model.labels.size(); ++index) {
    probabilities.set(model.labels[index].id, scores.probabilities[index]);
  }
  val value = val::object();
  value.set("answer", model.labels[scores.label].id);
  value.set("confidence", scores.confidence);
  value.set("sure", scores.sure);
  value.set("probabilities", probabilities);
  return value;
}

val window_value(const model::Model& model, const classify::WindowScores& window) {
  val value = scores_value(model, window.scores);
  value.set("start", window.start);
  value.set("end", window.end);
  return value;
}

val samples_value(std::span<const classify::SampleRequest> samples) {
  val list = val::array();
  for (const auto& request : samples) {
    val value = val::object();
    value.set("sample", static_cast<double>(request.sample));
    value.set("time", request.time);
    list.call<void>("push", value);
  }
  return list;
}

Result<image::FrameLayout> frame_layout(const val& layout) {
  image::FrameLayout result;
  std::optional<Error> first;
  const auto take = [&first](auto read, auto& into) {
    if (read) {
      into = *read;
    } else if (!first) {
      first = read.error();
    }
  };
  take(read_name(layout, "format", kFormats), result.format);
  take(read_count(layout, "width"), result.width);
  take(read_count(layout, "height"), result.height);
  take(read_count(layout, "displayWidth"), result.display_width);
  take(read_count(layout, "displayHeight"), result.display_height);
  take(read_planes(layout), result.planes);
  take(read_rotation(layout), result.rotation);
  take(read_name(layout, "matrix", kMatrices), result.matrix);
  take(read_name(layout, "range", kRanges), result.range);
  result.flip = layout["flip"].isTrue();
  if (first) return tl::unexpected<Error>(*first);
  return result;
}

}  // namespace actionscope::wasm
