// What Pillow, OpenCV and ffmpeg make of the same pictures: tests/golden/image, written by
// scripts/lib/reference/image_goldens.py.

#include <bit>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "image/preprocess.hpp"
#include "picture.hpp"

namespace actionscope::image::testing {
namespace {

using nlohmann::json;

std::string golden_path(const std::string& file) {
  return std::string(ACTIONSCOPE_SOURCE_DIR) + "/tests/golden/image/" + file;
}

std::vector<std::uint8_t> golden_bytes(const std::string& file) {
  std::ifstream stream(golden_path(file), std::ios::binary);
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

json golden_cases(const std::string& file) {
  std::ifstream stream(golden_path(file));
  REQUIRE(stream.good());
  return json::parse(stream);
}

std::vector<float> values_of_16_bits(const std::vector<std::uint8_t>& bytes) {
  std::vector<float> values;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    values.push_back(static_cast<float>(bytes[i] + 256 * bytes[i + 1]) / 65535.0F);
  }
  return values;
}

std::vector<float> tensor_of_resize(const json& golden) {
  Frame frame = packed_frame(PixelFormat::rgba, golden["picture"][0], golden["picture"][1]);
  if (golden.contains("display")) {
    frame.layout.display_width = golden["display"][0];
    frame.layout.display_height = golden["display"][1];
  }
  frame.layout.rotation = static_cast<Rotation>(golden.value("rotation", 0));
  InputSpec spec = plain_spec(golden["tensor"][0], golden["tensor"][1]);
  spec.filter = golden["filter"] == "bicubic" ? Filter::bicubic : Filter::bilinear;
  spec.resize = golden["resize"] == "center_crop" ? ResizeMode::center_crop : ResizeMode::stretch;
  spec.antialias = golden["antialias"];
  std::vector<float> tensor(tensor_size(spec));
  REQUIRE(Preprocessor(spec).run(frame.pixels, frame.layout, tensor).has_value());
  return tensor;
}

std::vector<float> tensor_of_color(const json& golden) {
  const int width = golden["picture"][0];
  const int height = golden["picture"][1];
  Frame frame = planar_frame(PixelFormat::i420, width, height);
  frame.layout.matrix = golden["matrix"] == "bt709" ? ColorMatrix::bt709 : ColorMatrix::bt601;
  frame.layout.range = golden["range"] == "full" ? ColorRange::full : ColorRange::limited;
  const InputSpec spec = plain_spec(width, height);
  std::vector<float> tensor(tensor_size(spec));
  REQUIRE(Preprocessor(spec).run(frame.pixels, frame.layout, tensor).has_value());
  return tensor;
}

// The means of block x block values of a square tensor's planes.
std::vector<float> block_means(const std::vector<float>& tensor, std::size_t side, std::size_t block) {
  const std::size_t blocks = side / block;
  std::vector<float> means(3 * blocks * blocks);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const std::size_t plane = i / (side * side);
    const std::size_t y = i / side % side / block;
    const std::size_t x = i % side / block;
    means[(plane * blocks + y) * blocks + x] += tensor[i] / static_cast<float>(block * block);
  }
  return means;
}

// FNV-1a over the bits of floats.
class Checksum {
 public:
  void add(const std::vector<float>& values) {
    for (const float value : values) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      for (int shift = 0; shift < 32; shift += 8) hash_ = (hash_ ^ (bits >> shift & 0xFFU)) * 0x100000001B3U;
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

}  // namespace

TEST_CASE("resizes equal Pillow's and OpenCV's", "[golden]") {
  // Both references computed in floats; the goldens are stored in steps of 1/65535.
  constexpr float bound = 0.02F / 255;
  const json cases = golden_cases("cases.json");
  REQUIRE(cases.size() == 31);
  for (const json& golden : cases) {
    const std::string name = golden["name"];
    INFO(name);
    std::vector<float> tensor = tensor_of_resize(golden);
    if (golden.contains("block")) tensor = block_means(tensor, golden["tensor"][0], golden["block"]);
    const std::vector<float> expected = values_of_16_bits(golden_bytes(golden["file"]));
    REQUIRE(tensor.size() == expected.size());
    float largest = 0;
    for (std::size_t i = 0; i < tensor.size(); ++i) largest = std::max(largest, std::abs(tensor[i] - expected[i]));
    CHECK(largest < bound);
  }
}

TEST_CASE("colours equal ffmpeg's most accurate conversion within 1/255 at every pixel", "[golden]") {
  const json cases = golden_cases("colors.json");
  REQUIRE(cases.size() == 4);
  for (const json& golden : cases) {
    const std::string name = golden["name"];
    INFO(name);
    const std::vector<float> tensor = tensor_of_color(golden);
    const std::vector<std::uint8_t> expected = golden_bytes(golden["file"]);
    REQUIRE(tensor.size() == expected.size());
    float largest = 0;
    for (std::size_t i = 0; i < tensor.size(); ++i) {
      largest = std::max(largest, std::abs(255 * tensor[i] - static_cast<float>(expected[i])));
    }
    CHECK(largest < 1.001F);
  }
}

TEST_CASE("every compiler and machine computes the same bits", "[golden]") {
  Checksum checksum;
  for (const json& golden : golden_cases("cases.json")) checksum.add(tensor_of_resize(golden));
  for (const json& golden : golden_cases("colors.json")) checksum.add(tensor_of_color(golden));
  CHECK(checksum.value() == 0x09748D9155874875U);
}

}  // namespace actionscope::image::testing
