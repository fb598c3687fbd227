// parse_model: model.json, checked field by field.

#include "model/model.hpp"

#include <yyjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/quote.hpp"

namespace actionscope::model {
namespace {

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr std::size_t kMostLabels = 1000;
constexpr std::size_t kMostVariants = 16;

std::string to_words(double number) {
  std::array<char, 32> buffer{};
  static_cast<void>(std::snprintf(buffer.data(), buffer.size(), "%.15g", number));
  return buffer.data();
}

std::string describe(yyjson_val* value) {
  if (yyjson_is_str(value)) return quote({yyjson_get_str(value), yyjson_get_len(value)});
  if (yyjson_is_arr(value)) return "a list";
  if (yyjson_is_obj(value)) return "an object";
  if (yyjson_is_bool(value)) return yyjson_get_bool(value) ? "true" : "false";
  if (yyjson_is_uint(value)) return std::to_string(yyjson_get_uint(value));
  if (yyjson_is_sint(value)) return std::to_string(yyjson_get_sint(value));
  if (yyjson_is_real(value)) return to_words(yyjson_get_real(value));
  return "null";
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
  // `value`: null stands for a value that is missing.
  Field(yyjson_val* value, std::string path, Violations* violations)
      : value_(value), path_(std::move(path)), violations_(violations) {}

  // A member of an object; of several with one name it is the last, as in JavaScript. One that is missing is noted.
  Field operator[](std::string_view name) const {
    std::string path = path_;
    if (!path.empty()) path += '.';
    path += name;
    if (!yyjson_is_obj(value_)) must("be an object");
    yyjson_val* found = nullptr;
    for_each_member([&found, name](std::string_view key, yyjson_val* member) {
      if (key == name) found = member;
    });
    if (found == nullptr) violations_->add(ErrorCode::model_invalid, path + " is missing");
    return {found, std::move(path), violations_};
  }

  std::vector<Field> list(std::size_t least, std::size_t most, const char* of_what) const {
    const std::size_t size = yyjson_arr_size(value_);
    if (!yyjson_is_arr(value_) || size < least || size > most) {
      const std::string range =
          least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
      const std::string actual = yyjson_is_arr(value_) ? std::to_string(size) : describe(value_);
      violations_->add(ErrorCode::model_invalid,
                       path_ + " must be a list of " + range + " " + of_what + ", not " + actual);
      return {};
    }
    std::vector<Field> elements;
    elements.reserve(size);
    yyjson_arr_iter iterator = yyjson_arr_iter_with(value_);
    while (yyjson_val* element = yyjson_arr_iter_next(&iterator)) {
      elements.emplace_back(element, path_ + "[" + std::to_string(elements.size()) + "]", violations_);
    }
    return elements;
  }

  // The members of an object whose names its author chose, by name.
  std::map<std::string, Field> members(std::size_t most) const {
    const std::size_t size = yyjson_obj_size(value_);
    if (size == 0 || size > most) {
      must("be an object of 1 to " + std::to_string(most) + " members");
      return {};
    }
    std::map<std::string, Field> members;
    for_each_member([this, &members](std::string_view key, yyjson_val* member) {
      if (!is_plain_name(key)) {
        violations_->add(ErrorCode::model_invalid,
                         path_ + " must have names of letters, digits, '.', '-' and '_', not " + quote(key));
      }
      const std::string name(key);
      members.insert_or_assign(name, Field(member, path_ + "." + name, violations_));
    });
    return members;
  }

  std::int64_t whole(std::int64_t least, std::int64_t most) const {
    // What does not fit the signed type is beyond every range.
    if (yyjson_is_sint(value_) || (yyjson_is_uint(value_) && yyjson_get_uint(value_) <= std::uint64_t{INT64_MAX})) {
      const std::int64_t number = yyjson_get_sint(value_);
      if (number >= least && number <= most) return number;
    }
    must("be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }

  double number(double least, double most) const {
    if (yyjson_is_num(value_)) {
      const double number = yyjson_get_num(value_);
      if (number >= least && number <= most) return number;
    }
    must("be a number from " + to_words(least) + " to " + to_words(most));
    return least;
  }

  bool truth() const {
    if (!yyjson_is_bool(value_)) must("be true or false");
    return yyjson_get_bool(value_);
  }

  // A string of at most `longest` bytes.
  std::string text(std::size_t longest) const {
    const std::string_view text = text_or_nothing();
    if (text.empty() || text.size() > longest) must("be a text of 1 to " + std::to_string(longest) + " bytes");
    return std::string(text);
  }

  std::string text_or_empty(std::size_t longest) const { return is_empty_text() ? std::string{} : text(longest); }

  std::string plain_name() const {
    const std::string_view name = text_or_nothing();
    if (!is_plain_name(name)) must("be a name of letters, digits, '.', '-' and '_', without a folder");
    return std::string(name);
  }

  std::string plain_name_or_empty() const { return is_empty_text() ? std::string{} : plain_name(); }

  std::string sha256() const {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const std::string_view digits = text_or_nothing();
    if (digits.size() != 64 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
      must("be 64 lower-case hexadecimal digits");
    }
    return std::string(digits);
  }

  template <class Choice>
  Choice one_of(std::initializer_list<std::pair<const char*, Choice>> choices) const {
    std::string names;
    for (const auto& [name, choice] : choices) {
      if (text_or_nothing() == name) return choice;
      names += (names.empty() ? "" : " or ") + quote(name);
    }
    must("be " + names);
    return choices.begin()->second;
  }

  bool is_null() const { return yyjson_is_null(value_); }

  // Notes that the field must be something that it is not.
  void must(const std::string& be_what) const {
    violations_->add(ErrorCode::model_invalid,
                     (path_.empty() ? "the document" : path_) + " must " + be_what + ", not " + describe(value_));
  }

 private:
  template <class Take>
  void for_each_member(Take take) const {
    yyjson_obj_iter iterator = yyjson_obj_iter_with(value_);
    while (yyjson_val* key = yyjson_obj_iter_next(&iterator)) {
      take(std::string_view(yyjson_get_str(key), yyjson_get_len(key)), yyjson_obj_iter_get_val(key));
    }
  }

  // Empty for what is no string.
  std::string_view text_or_nothing() const {
    return yyjson_is_str(value_) ? std::string_view(yyjson_get_str(value_), yyjson_get_len(value_))
                                 : std::string_view();
  }

  bool is_empty_text() const { return yyjson_is_str(value_) && yyjson_get_len(value_) == 0; }

  yyjson_val* value_;
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
  const std::unique_ptr<yyjson_doc, decltype(&yyjson_doc_free)> document(
      yyjson_read(json_text.data(), json_text.size(), YYJSON_READ_NOFLAG), &yyjson_doc_free);
  if (document == nullptr) {
    violations.add(ErrorCode::model_invalid, "the document is not valid JSON");
    return tl::unexpected(*violations.first());
  }

  const Field root(yyjson_doc_get_root(document.get()), "", &violations);
  check_format(root, violations);
  Model model = read_model(root);
  if (violations.first()) return tl::unexpected(*violations.first());
  return model;
}

}  // namespace actionscope::model
