// parse_model: model.json, checked field by field.

#include "model/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "model/quote.hpp"

namespace actionscope::model {
namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr int kDeepestNesting = 16;  // the format itself needs 4
constexpr std::size_t kMostLabels = 1000;
constexpr std::size_t kMostVariants = 16;

std::string describe(const json& value) {
  switch (value.type()) {
    case json::value_t::string: return quote(value.get_ref<const std::string&>());
    case json::value_t::array: return "a list";
    case json::value_t::object: return "an object";
    default: return value.dump();  // null, a truth value or a number
  }
}

std::string to_words(double number) {
  std::array<char, 32> buffer{};
  static_cast<void>(std::snprintf(buffer.data(), buffer.size(), "%g", number));
  return buffer.data();
}

// Letters, digits, '.', '-' and '_', not beginning with a dot: a name that needs no escaping in a URL or on a disk, and
// that cannot lead out of the package.
bool is_plain_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= 100 && name.front() != '.' && std::all_of(name.begin(), name.end(), is_plain);
}

// Where the first violation of a document is noted. Reading goes on with stand-in values, so that the code that reads
// needs no branch a field.
class Violations {
 public:
  void add(ErrorCode code, const std::string& sentence) {
    if (!first_) first_ = Error{code, "model.json: " + sentence + "."};
  }
  const std::optional<Error>& first() const { return first_; }

 private:
  std::optional<Error> first_;
};

// A JSON value and the path that leads to it, with readers that check before they read.
class Field {
 public:
  Field(const json* value, std::string path, Violations* violations)
      : value_(value), path_(std::move(path)), violations_(violations) {}

  // A member of an object. Where it is missing, it is null for the reader that comes next, and noted.
  Field operator[](const std::string& name) const {
    std::string path = path_.empty() ? name : path_ + "." + name;
    if (!value_->is_object()) {
      must("be an object");
      return {&kNull, std::move(path), violations_};
    }
    const auto member = value_->find(name);
    if (member == value_->end()) {
      violations_->add(ErrorCode::model_invalid, path + " is missing");
      return {&kNull, std::move(path), violations_};
    }
    return {&*member, std::move(path), violations_};
  }

  std::vector<Field> list(std::size_t least, std::size_t most, const char* of_what) const {
    if (!value_->is_array() || value_->size() < least || value_->size() > most) {
      const std::string range =
          least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
      const std::string actual = value_->is_array() ? std::to_string(value_->size()) : describe(*value_);
      violations_->add(ErrorCode::model_invalid,
                       path_ + " must be a list of " + range + " " + of_what + ", not " + actual);
      return {};
    }
    std::vector<Field> elements;
    elements.reserve(value_->size());
    for (const json& element : *value_) {
      elements.emplace_back(&element, path_ + "[" + std::to_string(elements.size()) + "]", violations_);
    }
    return elements;
  }

  // The members of an object whose names its author chose.
  std::vector<std::pair<std::string, Field>> members(std::size_t most) const {
    if (!value_->is_object() || value_->empty() || value_->size() > most) {
      must("be an object of 1 to " + std::to_string(most) + " members");
      return {};
    }
    std::vector<std::pair<std::string, Field>> members;
    for (const auto& [name, member] : value_->items()) {
      if (!is_plain_name(name)) {
        violations_->add(ErrorCode::model_invalid,
                         path_ + " must have names of letters, digits, '.', '-' and '_', not " + quote(name));
        return {};
      }
      members.emplace_back(name, Field(&member, path_ + "." + name, violations_));
    }
    return members;
  }

  std::int64_t whole(std::int64_t least, std::int64_t most) const {
    const auto too_large_to_read = [this] {
      return value_->is_number_unsigned() && value_->get<std::uint64_t>() > std::uint64_t{INT64_MAX};
    };
    if (value_->is_number_integer() && !too_large_to_read()) {
      const auto number = value_->get<std::int64_t>();
      if (number >= least && number <= most) return number;
    }
    must("be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }

  double number(double least, double most) const {
    if (value_->is_number()) {
      const auto number = value_->get<double>();
      if (number >= least && number <= most) return number;
    }
    must("be a number from " + to_words(least) + " to " + to_words(most));
    return least;
  }

  bool truth() const {
    if (value_->is_boolean()) return value_->get<bool>();
    must("be true or false");
    return false;
  }

  // A string of at most `longest` bytes.
  std::string text(std::size_t longest) const {
    const std::string* text = value_->get_ptr<const json::string_t*>();
    if (text != nullptr && !text->empty() && text->size() <= longest) return *text;
    must("be a text of 1 to " + std::to_string(longest) + " bytes");
    return {};
  }

  std::string text_or_empty(std::size_t longest) const { return is_empty_text() ? std::string{} : text(longest); }

  std::string plain_name() const {
    const std::string* name = value_->get_ptr<const json::string_t*>();
    if (name != nullptr && is_plain_name(*name)) return *name;
    must("be a name of letters, digits, '.', '-' and '_', without a folder");
    return {};
  }

  std::string plain_name_or_empty() const { return is_empty_text() ? std::string{} : plain_name(); }

  std::string sha256() const {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const std::string* digits = value_->get_ptr<const json::string_t*>();
    if (digits != nullptr && digits->size() == 64 && std::all_of(digits->begin(), digits->end(), is_digit))
      return *digits;
    must("be 64 lower-case hexadecimal digits");
    return {};
  }

  template <class Choice>
  Choice one_of(std::initializer_list<std::pair<const char*, Choice>> choices) const {
    std::string names;
    for (const auto& [name, choice] : choices) {
      if (*value_ == name) return choice;
      names += (names.empty() ? "" : " or ") + quote(name);
    }
    must("be " + names);
    return choices.begin()->second;
  }

  bool is_null() const { return value_->is_null(); }

  // Notes that the field must be something that it is not.
  void must(const std::string& be_what) const {
    violations_->add(ErrorCode::model_invalid,
                     (path_.empty() ? "the document" : path_) + " must " + be_what + ", not " + describe(*value_));
  }

 private:
  static inline const json kNull = nullptr;

  bool is_empty_text() const { return value_->is_string() && value_->get_ref<const std::string&>().empty(); }

  const json* value_;
  std::string path_;
  Violations* violations_;
};

std::vector<Label> read_labels(const Field& field) {
  std::vector<Label> labels;
  std::set<std::string> ids;
  for (const Field& element : field.list(2, kMostLabels, "labels")) {
    Label label = {element["id"].text(100), element["title"].text(200), element["description"].text_or_empty(2000)};
    if (!ids.insert(label.id).second) element["id"].must("differ from the labels before it");
    labels.push_back(std::move(label));
  }
  return labels;
}

std::optional<std::size_t> read_none_label(const Field& field, const std::vector<Label>& labels) {
  if (field.is_null()) return std::nullopt;
  const std::string id = field.text(100);
  const auto label = std::find_if(labels.begin(), labels.end(), [&id](const Label& each) { return each.id == id; });
  if (label == labels.end()) {
    field.must("be null or the id of a label");
    return std::nullopt;
  }
  return static_cast<std::size_t>(label - labels.begin());
}

std::array<float, 3> read_channels(const Field& field, double least, double most) {
  std::array<float, 3> channels{};
  std::size_t channel = 0;
  for (const Field& element : field.list(channels.size(), channels.size(), "numbers")) {
    channels[channel++] = static_cast<float>(element.number(least, most));
  }
  return channels;
}

InputSpec read_input(const Field& field) {
  InputSpec input;
  input.width = static_cast<int>(field["width"].whole(1, 1024));
  input.height = static_cast<int>(field["height"].whole(1, 1024));
  input.resize =
      field["resize"].one_of<ResizeMode>({{"stretch", ResizeMode::stretch}, {"center_crop", ResizeMode::center_crop}});
  input.filter = field["filter"].one_of<Filter>({{"bilinear", Filter::bilinear}, {"bicubic", Filter::bicubic}});
  input.antialias = field["antialias"].truth();
  input.channel_order =
      field["channel_order"].one_of<ChannelOrder>({{"rgb", ChannelOrder::rgb}, {"bgr", ChannelOrder::bgr}});
  input.mean = read_channels(field["mean"], -1000, 1000);
  input.std = read_channels(field["std"], 0.0001, 1000);
  return input;
}

Sampling read_sampling(const Field& field) {
  Sampling sampling;
  sampling.mode = field["mode"].one_of<SamplingMode>(
      {{"by_time", SamplingMode::by_time}, {"first_frames", SamplingMode::first_frames}});
  if (sampling.mode == SamplingMode::by_time) {
    sampling.rate = field["rate"].number(0.1, 120);
  } else {
    sampling.count = static_cast<int>(field["count"].whole(1, 4096));
  }
  return sampling;
}

Window read_window(const Field& field) {
  Window window;
  window.frames = static_cast<int>(field["frames"].whole(1, 256));
  window.hop = static_cast<int>(field["hop"].whole(1, window.frames));
  window.short_clips =
      field["short_clips"].one_of<ShortClips>({{"stretch", ShortClips::stretch}, {"zeros", ShortClips::zeros}});
  return window;
}

GraphFile read_graph_file(const Field& field) {
  GraphFile graph;
  graph.file = field["file"].plain_name();
  graph.bytes = static_cast<std::size_t>(field["bytes"].whole(1, std::int64_t{1} << 30U));
  graph.sha256 = field["sha256"].sha256();
  graph.input = field["input"].text(200);
  graph.output = field["output"].text(200);
  return graph;
}

Variant read_variant(const std::string& name, const Field& field) {
  Variant variant;
  variant.name = name;
  variant.backbone = read_graph_file(field["backbone"]);
  variant.head = read_graph_file(field["head"]);
  variant.temperature = field["temperature"].number(0.001, 1000);
  variant.answer_threshold = field["thresholds"]["answer"].number(0, 1);
  return variant;
}

std::size_t read_default_variant(const Field& field, const std::vector<Variant>& variants) {
  const std::string name = field.text(100);
  const auto variant =
      std::find_if(variants.begin(), variants.end(), [&name](const Variant& each) { return each.name == name; });
  if (variant == variants.end()) {
    field.must("name one of the variants");
    return 0;
  }
  return static_cast<std::size_t>(variant - variants.begin());
}

void check_format(const Field& root, Violations& violations) {
  root["format"].one_of<bool>({{"actionscope-model", true}});
  const std::int64_t version = root["format_version"].whole(1, INT64_MAX);
  if (version > kFormatVersion) {
    violations.add(ErrorCode::model_too_new, "this model is of format version " + std::to_string(version) +
                                                 ", this program knows versions up to " +
                                                 std::to_string(kFormatVersion));
  }
}

Model read_model(const Field& root) {
  Model model;
  model.name = root["name"].plain_name();
  model.title = root["title"].text(200);
  model.version = root["version"].text(100);
  model.license = root["license"].text(2000);
  model.labels = read_labels(root["labels"]);
  model.none_label = read_none_label(root["none_label"], model.labels);
  model.input = read_input(root["input"]);
  model.sampling = read_sampling(root["sampling"]);
  model.window = read_window(root["window"]);
  model.feature_size = static_cast<int>(root["feature_size"].whole(1, 65536));
  for (const auto& [name, field] : root["variants"].members(kMostVariants)) {
    model.variants.push_back(read_variant(name, field));
  }
  model.default_variant = read_default_variant(root["default_variant"], model.variants);
  model.card = root["card"].plain_name_or_empty();
  model.report = root["report"].plain_name_or_empty();
  return model;
}

}  // namespace

Result<Model> parse_model(std::string_view json_text) {
  Violations violations;
  if (json_text.size() > kMostBytes) {
    violations.add(ErrorCode::model_invalid, "the document must not be larger than 1 MiB");
    return tl::unexpected(*violations.first());
  }
  // What lies deeper than the format goes is no field of it: dropped unread, so that nesting costs no memory.
  const auto is_shallow = [](int depth, json::parse_event_t, json&) { return depth <= kDeepestNesting; };
  const json document = json::parse(json_text, is_shallow, false);
  if (document.is_discarded()) {
    violations.add(ErrorCode::model_invalid, "the document is not valid JSON");
    return tl::unexpected(*violations.first());
  }

  const Field root(&document, "", &violations);
  check_format(root, violations);
  Model model = read_model(root);
  if (violations.first()) return tl::unexpected(*violations.first());
  return model;
}

}  // namespace actionscope::model
