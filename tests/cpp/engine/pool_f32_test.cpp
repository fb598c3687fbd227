#include "engine/pool_f32.hpp"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "floats.hpp"

namespace actionscope::engine::testing {

TEST_CASE("the mean of all pixels is taken channel by channel, for every tail of channels", "[pool_f32]") {
  std::mt19937 random(1);
  for (const std::size_t batch : Sizes{1, 3})
    for (const std::size_t pixels : Sizes{1, 2, 49})
      for (std::size_t channels = 1; channels <= 41; ++channels) {
        const std::vector<float> input = random_floats(batch * pixels * channels, random);
        std::vector<float> output(batch * channels, kUntouched);
        mean_pool_f32(input.data(), batch, pixels, channels, output.data());
        double worst = 0;
        for (std::size_t image = 0; image < batch; ++image)
          for (std::size_t channel = 0; channel < channels; ++channel) {
            Sum sum;
            for (std::size_t pixel = 0; pixel < pixels; ++pixel)
              sum.add(input[(image * pixels + pixel) * channels + channel]);
            const double mean = sum.value / static_cast<double>(pixels);
            worst = std::max(worst, std::abs(output[image * channels + channel] - mean) * static_cast<double>(pixels) /
                                        sum.tolerance());
          }
        INFO(batch << " x " << pixels << " x " << channels);
        REQUIRE(worst <= 1);
      }
}

TEST_CASE("no images and no channels write nothing", "[pool_f32]") {
  float output = kUntouched;
  mean_pool_f32(nullptr, 0, 4, 5, &output);
  mean_pool_f32(nullptr, 3, 4, 0, &output);
  CHECK(output == kUntouched);
}

TEST_CASE("NaN and infinities go through the mean in their channel only, denormals are kept", "[pool_f32]") {
  constexpr float kSmallest = std::numeric_limits<float>::denorm_min();
  const std::vector<float> input = {1, kNan, kInfinity, kInfinity,  8 * kSmallest,  //
                                    3, 1,    1,         -kInfinity, 8 * kSmallest};
  std::vector<float> output(5);
  mean_pool_f32(input.data(), 1, 2, 5, output.data());
  CHECK(output[0] == 2);
  CHECK(std::isnan(output[1]));
  CHECK(output[2] == kInfinity);
  CHECK(std::isnan(output[3]));
  CHECK(output[4] == 8 * kSmallest);
}

}  // namespace actionscope::engine::testing
