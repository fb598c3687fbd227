// Runs the preprocessor for tests/reference: a stream of raw frames in, their tensors out as float32.
//
//   preprocess_tool KEY=VALUE... < frames > tensors
//
// format=rgba|rgbx|bgra|bgrx|i420|nv12  size=WxH  display=WxH (default: size)  rotation=0|90|180|270  flip=0|1
// matrix=bt601|bt709  range=limited|full  tensor=WxH  resize=stretch|center_crop  filter=bilinear|bicubic
// antialias=0|1  order=rgb|bgr. Planes follow one another without gaps. Mean is 0 and std 1.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "image/preprocess.hpp"

namespace {

using namespace actionscope;
using namespace actionscope::image;

struct Size {
  int width;
  int height;
};

class Arguments {
 public:
  Arguments(int count, char** values) {
    for (int i = 1; i < count; ++i) {
      const std::string argument = values[i];
      const std::size_t equals = argument.find('=');
      if (equals == std::string::npos) throw std::invalid_argument("not KEY=VALUE: " + argument);
      values_[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
  }

  std::string text(const std::string& key, const std::string& otherwise) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
  }

  template <class T>
  T one_of(const std::string& key, const std::string& otherwise, const std::map<std::string, T>& choices) const {
    const std::string chosen = text(key, otherwise);
    const auto found = choices.find(chosen);
    if (found == choices.end()) throw std::invalid_argument(key + " cannot be " + chosen);
    return found->second;
  }

  Size size(const std::string& key, const std::string& otherwise) const {
    const std::string value = text(key, otherwise);
    const std::size_t cross = value.find('x');
    if (cross == std::string::npos) throw std::invalid_argument(key + " is not WxH: " + value);
    return {std::stoi(value.substr(0, cross)), std::stoi(value.substr(cross + 1))};
  }

 private:
  std::map<std::string, std::string> values_;
};

FrameLayout layout_of(const Arguments& arguments) {
  FrameLayout layout;
  layout.format = arguments.one_of<PixelFormat>("format", "rgba",
                                                {{"rgba", PixelFormat::rgba},
                                                 {"rgbx", PixelFormat::rgbx},
                                                 {"bgra", PixelFormat::bgra},
                                                 {"bgrx", PixelFormat::bgrx},
                                                 {"i420", PixelFormat::i420},
                                                 {"nv12", PixelFormat::nv12}});
  const Size size = arguments.size("size", "");
  const Size display = arguments.size("display", arguments.text("size", ""));
  layout.width = size.width;
  layout.height = size.height;
  layout.display_width = display.width;
  layout.display_height = display.height;
  layout.rotation = static_cast<Rotation>(std::stoi(arguments.text("rotation", "0")));
  layout.flip = arguments.one_of<bool>("flip", "0", {{"0", false}, {"1", true}});
  layout.matrix =
      arguments.one_of<ColorMatrix>("matrix", "bt601", {{"bt601", ColorMatrix::bt601}, {"bt709", ColorMatrix::bt709}});
  layout.range =
      arguments.one_of<ColorRange>("range", "limited", {{"limited", ColorRange::limited}, {"full", ColorRange::full}});
  const auto width = static_cast<std::size_t>(size.width);
  const auto height = static_cast<std::size_t>(size.height);
  const std::size_t chroma_width = (width + 1) / 2;
  const std::size_t chroma_height = (height + 1) / 2;
  switch (plane_count(layout.format)) {
    case 1: layout.planes = {{{0, 4 * width}, {}, {}}}; break;
    case 2: layout.planes = {{{0, width}, {width * height, 2 * chroma_width}, {}}}; break;
    default:
      layout.planes = {
          {{0, width}, {width * height, chroma_width}, {width * height + chroma_width * chroma_height, chroma_width}}};
  }
  return layout;
}

InputSpec spec_of(const Arguments& arguments) {
  const Size tensor = arguments.size("tensor", "224x224");
  InputSpec spec;
  spec.width = tensor.width;
  spec.height = tensor.height;
  spec.resize = arguments.one_of<ResizeMode>(
      "resize", "stretch", {{"stretch", ResizeMode::stretch}, {"center_crop", ResizeMode::center_crop}});
  spec.filter =
      arguments.one_of<Filter>("filter", "bilinear", {{"bilinear", Filter::bilinear}, {"bicubic", Filter::bicubic}});
  spec.antialias = arguments.one_of<bool>("antialias", "1", {{"0", false}, {"1", true}});
  spec.channel_order =
      arguments.one_of<ChannelOrder>("order", "rgb", {{"rgb", ChannelOrder::rgb}, {"bgr", ChannelOrder::bgr}});
  spec.mean = {0, 0, 0};
  spec.std = {1, 1, 1};
  return spec;
}

std::size_t frame_bytes(const FrameLayout& layout) {
  const auto width = static_cast<std::size_t>(layout.width);
  const auto height = static_cast<std::size_t>(layout.height);
  if (plane_count(layout.format) == 1) return 4 * width * height;
  return width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2);
}

void run(const Arguments& arguments) {
  const FrameLayout layout = layout_of(arguments);
  const InputSpec spec = spec_of(arguments);
  Preprocessor preprocessor(spec);
  std::vector<std::uint8_t> frame(frame_bytes(layout));
  std::vector<float> tensor(3 * static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height));
  while (std::fread(frame.data(), 1, frame.size(), stdin) == frame.size()) {
    const auto done = preprocessor.run(frame, layout, tensor);
    if (!done) throw std::runtime_error(done.error().message);
    std::fwrite(tensor.data(), sizeof(float), tensor.size(), stdout);
  }
}

}  // namespace

int main(int count, char** values) {
  try {
    run(Arguments(count, values));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
