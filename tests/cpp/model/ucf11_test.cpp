// The package that the repository ships obeys the format that it is to be read by.

#include <catch_amalgamated.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "model/model.hpp"

namespace {

std::string read_package_file(const std::string& name) {
  std::ifstream file(std::string(ACTIONSCOPE_SOURCE_DIR) + "/models/ucf11/" + name, std::ios::binary);
  INFO("models/ucf11/" << name);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("models/ucf11 knows the 11 actions and none of these") {
  const auto model = actionscope::model::parse_model(read_package_file("model.json"));
  INFO((model ? "" : model.error().message));
  REQUIRE(model.has_value());
  CHECK(model->name == "ucf11");
  CHECK(model->labels.size() == 12);
  REQUIRE(model->none_label.has_value());
  CHECK(model->labels[*model->none_label].id == "none");
}

TEST_CASE("The graphs of models/ucf11 fit its model.json") {
  const auto model = actionscope::model::parse_model(read_package_file("model.json"));
  REQUIRE(model.has_value());
  for (const actionscope::model::Variant& variant : model->variants) {
    CAPTURE(variant.name);
    const std::string backbone = read_package_file(variant.backbone.file);
    CHECK(backbone.size() == variant.backbone.bytes);
    const auto backbone_checked = check_backbone(*model, variant, backbone);
    CHECK((backbone_checked ? "" : backbone_checked.error().message) == std::string());

    const std::string head = read_package_file(variant.head.file);
    CHECK(head.size() == variant.head.bytes);
    const auto head_checked = check_head(*model, variant, head);
    CHECK((head_checked ? "" : head_checked.error().message) == std::string());
  }
}

TEST_CASE("The files that models/ucf11 names beside its graphs are there") {
  const auto model = actionscope::model::parse_model(read_package_file("model.json"));
  REQUIRE(model.has_value());
  CHECK_FALSE(read_package_file(model->card).empty());
  CHECK_FALSE(read_package_file(model->report).empty());
}
