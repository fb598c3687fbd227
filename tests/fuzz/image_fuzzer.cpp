// Frames that lie: any sizes, offsets, strides and enumerations over a buffer of any length. Each must be refused with
// the tensor untouched, or give numbers of 0 to 1; a second frame meets what the first left in the preprocessor.

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "image/preprocess.hpp"

namespace {

using namespace actionscope;
using namespace actionscope::image;

constexpr float kUntouched = -1;

int side_of(FuzzedDataProvider& data) {
  return data.ConsumeProbability<float>() < 0.9F ? data.ConsumeIntegralInRange(1, 256) : data.ConsumeIntegral<int>();
}

InputSpec spec_of(FuzzedDataProvider& data) {
  InputSpec spec;
  spec.width = data.ConsumeIntegralInRange(1, 64);
  spec.height = data.ConsumeIntegralInRange(1, 64);
  spec.resize = data.ConsumeBool() ? ResizeMode::stretch : ResizeMode::center_crop;
  spec.filter = data.ConsumeBool() ? Filter::bilinear : Filter::bicubic;
  spec.antialias = data.ConsumeBool();
  spec.channel_order = data.ConsumeBool() ? ChannelOrder::rgb : ChannelOrder::bgr;
  spec.mean = {0, 0, 0};
  spec.std = {1, 1, 1};
  return spec;
}

FrameLayout layout_of(FuzzedDataProvider& data) {
  FrameLayout layout;
  layout.format = static_cast<PixelFormat>(data.ConsumeIntegralInRange(0, 6));
  layout.width = side_of(data);
  layout.height = side_of(data);
  layout.display_width = data.ConsumeBool() ? layout.width : data.ConsumeIntegralInRange(0, 65536);
  layout.display_height = data.ConsumeBool() ? layout.height : data.ConsumeIntegralInRange(0, 65536);
  for (Plane& plane : layout.planes) {
    const bool lying = data.ConsumeProbability<float>() < 0.1F;
    const std::size_t most = lying ? std::numeric_limits<std::size_t>::max() : 4096;
    plane.offset = data.ConsumeIntegralInRange<std::size_t>(0, most);
    plane.stride = data.ConsumeIntegralInRange<std::size_t>(0, most);
  }
  constexpr int turns[] = {0, 90, 180, 270, 1};
  layout.rotation = static_cast<Rotation>(data.PickValueInArray(turns));
  layout.flip = data.ConsumeBool();
  layout.matrix = static_cast<ColorMatrix>(data.ConsumeIntegralInRange(0, 2));
  layout.range = static_cast<ColorRange>(data.ConsumeIntegralInRange(0, 2));
  return layout;
}

// A buffer of its own on the heap, so that one byte read beyond it is seen.
std::vector<std::uint8_t> pixels_of(FuzzedDataProvider& data) {
  std::vector<std::uint8_t> pixels(data.ConsumeIntegralInRange<std::size_t>(0, 400000));
  const std::vector<std::uint8_t> pattern = data.ConsumeBytes<std::uint8_t>(64);
  for (std::size_t i = 0; i < pixels.size() && !pattern.empty(); ++i) pixels[i] = pattern[i % pattern.size()];
  return pixels;
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  FuzzedDataProvider data(bytes, size);
  const InputSpec spec = spec_of(data);
  Preprocessor preprocessor(spec);
  for (int frame = 0; frame < 2; ++frame) {
    const FrameLayout layout = layout_of(data);
    const std::vector<std::uint8_t> pixels = pixels_of(data);
    std::vector<float> tensor(3 * static_cast<std::size_t>(spec.width * spec.height), kUntouched);
    const bool done = preprocessor.run(pixels, layout, tensor).has_value();
    require(std::all_of(tensor.begin(), tensor.end(),
                        [done](float value) { return done ? value >= 0 && value <= 1 : value == kUntouched; }));
  }
  return 0;
}
