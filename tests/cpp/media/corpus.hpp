#pragma once

// What is true of each file of the corpus, by its index.json, and how the number that is drawn in a frame is read.

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "media/picture.hpp"

namespace actionscope::test {

struct CorpusFile {
  std::string name;
  std::string error;   // code, or empty
  std::string module;  // "decodes", "demuxes", "hevc", "refuses", "none"
  std::string family;  // "scene", or empty
  std::string container;
  std::vector<std::string> features;
  bool may_end_early = false;
  std::optional<double> duration;
  double duration_tolerance = 0;
  double time_tolerance = 0;
  int stored_width = 0, stored_height = 0, display_width = 0, display_height = 0;
  int rotation = 0;
  bool flip = false;
  std::vector<double> times;
  std::vector<std::optional<int>> codes;

  bool has(const std::string& feature) const {
    return std::find(features.begin(), features.end(), feature) != features.end();
  }
};

inline const std::vector<CorpusFile>& corpus() {
  static const std::vector<CorpusFile> files = [] {
    std::ifstream stream(ACTIONSCOPE_CORPUS_DIR "/index.json");
    const auto index = nlohmann::json::parse(stream, nullptr, false);
    std::vector<CorpusFile> all;
    if (index.is_discarded()) return all;
    const auto text = [](const nlohmann::json& value) { return value.is_string() ? value.get<std::string>() : ""; };
    for (const auto& entry : index.at("files")) {
      CorpusFile file;
      file.name = text(entry.at("name"));
      file.module = text(entry.at("module"));
      if (file.module == "none") continue;
      file.error = text(entry.value("error", nlohmann::json()));
      file.family = text(entry.value("family", nlohmann::json()));
      file.container = text(entry.value("container", nlohmann::json()));
      file.features = entry.value("features", std::vector<std::string>{});
      const auto early = entry.value("endsEarly", nlohmann::json());
      file.may_end_early = !early.is_boolean() || early.get<bool>();
      const auto duration = entry.value("duration", nlohmann::json());
      if (duration.is_number()) file.duration = duration.get<double>();
      file.duration_tolerance = entry.value("durationTolerance", 0.0);
      file.time_tolerance = entry.value("timeTolerance", 0.0);
      file.stored_width = entry.value("storedWidth", 0);
      file.stored_height = entry.value("storedHeight", 0);
      file.display_width = entry.value("displayWidth", 0);
      file.display_height = entry.value("displayHeight", 0);
      file.rotation = entry.value("rotation", 0);
      file.flip = entry.value("flip", false);
      file.times = entry.value("times", std::vector<double>{});
      for (const auto& code : entry.value("codes", nlohmann::json::array())) {
        file.codes.push_back(code.is_number() ? std::optional(code.get<int>()) : std::nullopt);
      }
      all.push_back(std::move(file));
    }
    return all;
  }();
  return files;
}

// Brightness of a stored pixel: raw luma, or what it is worth in RGBA.
inline double luma_at(const media::Picture& picture, int x, int y) {
  const auto& layout = picture.layout;
  const std::size_t row = layout.planes[0].offset + static_cast<std::size_t>(y) * layout.planes[0].stride;
  if (layout.format != media::PixelFormat::rgba) return picture.pixels[row + static_cast<std::size_t>(x)];
  const std::size_t at = row + 4 * static_cast<std::size_t>(x);
  return 0.299 * picture.pixels[at] + 0.587 * picture.pixels[at + 1] + 0.114 * picture.pixels[at + 2];
}

// The same at a place of the upright picture, 0..1 from its left and top.
inline double upright_luma(const media::Picture& picture, double u, double v) {
  const auto& layout = picture.layout;
  if (layout.turn.flip) u = 1 - u;
  double across = u;
  double down = v;
  switch (layout.turn.rotation) {
    case 90: across = v, down = 1 - u; break;
    case 180: across = 1 - u, down = 1 - v; break;
    case 270: across = 1 - v, down = u; break;
    default: break;
  }
  const auto pixel = [](double place, int size) { return std::min(size - 1, static_cast<int>(place * size)); };
  return luma_at(picture, pixel(across, layout.width), pixel(down, layout.height));
}

// The number drawn in a frame of the corpus: 16 black and white cells in the second and third of 6 rows of 8, the
// number in 10 bits and a check in 6. No value: it cannot be read, because the picture is damaged, or turned wrongly.
inline std::optional<int> drawn_number(const media::Picture& picture) {
  constexpr int kSamples = 6;
  int word = 0;
  for (int cell = 0; cell < 16; ++cell) {
    double sum = 0;
    for (int down = 0; down < kSamples; ++down) {
      for (int across = 0; across < kSamples; ++across) {
        const auto inner = [](int sample) { return 0.25 + (sample + 0.5) / (2 * kSamples); };
        sum += upright_luma(picture, (cell % 8 + inner(across)) / 8, (1 + cell / 8 + inner(down)) / 6);
      }
    }
    const double mean = sum / (kSamples * kSamples);
    if (mean >= 96 && mean <= 160) return std::nullopt;
    word = word << 1 | (mean > 128 ? 1 : 0);
  }
  const int number = word >> 6;
  const int check = ((number ^ (number >> 6)) * 37 + 21) & 63;
  return check == (word & 63) ? std::optional(number) : std::nullopt;
}

}  // namespace actionscope::test
