#include "engine/softmax_f32.hpp"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "floats.hpp"

namespace actionscope::engine::testing {

TEST_CASE("softmax runs along its axis, in place as well", "[softmax_f32]") {
  std::mt19937 random(1);
  for (const std::size_t outer : Sizes{1, 3})
    for (const std::size_t axis : Sizes{1, 2, 11})
      for (const std::size_t inner : Sizes{1, 4, 5}) {
        std::vector<float> values = random_floats(outer * axis * inner, random);
        for (float& value : values) value *= 20;
        std::vector<float> output(values.size(), kUntouched);
        softmax_f32(values.data(), outer, axis, inner, output.data());
        for (std::size_t block = 0; block < outer; ++block)
          for (std::size_t column = 0; column < inner; ++column) {
            const auto at = [&](std::size_t i) { return (block * axis + i) * inner + column; };
            double sum = 0;
            for (std::size_t i = 0; i < axis; ++i) sum += std::exp(double{values[at(i)]});
            for (std::size_t i = 0; i < axis; ++i)
              CHECK_THAT(output[at(i)], Catch::Matchers::WithinRel(std::exp(double{values[at(i)]}) / sum, 1e-5) ||
                                            Catch::Matchers::WithinAbs(0, 1e-9));
          }
        softmax_f32(values.data(), outer, axis, inner, values.data());
        CHECK(same_bits(values, output));
      }
}

TEST_CASE("numbers whose exponential is beyond a float have their share", "[softmax_f32]") {
  const std::vector<float> values = {1000, 1000, -1000, -kInfinity};
  std::vector<float> output(4);
  softmax_f32(values.data(), 1, 4, 1, output.data());
  CHECK(output == std::vector<float>{0.5F, 0.5F, 0, 0});
}

TEST_CASE("a NaN or a positive infinity makes its own line NaN, wherever it stands", "[softmax_f32]") {
  for (const float bad : {kNan, kInfinity})
    for (std::size_t place = 0; place < 3; ++place) {
      std::vector<float> values = {1, 2, 3, 1, 1, 1};
      values[place] = bad;
      std::vector<float> output(6);
      softmax_f32(values.data(), 2, 3, 1, output.data());
      CHECK(std::isnan(output[place]));
      CHECK(std::isnan(output[0] + output[1] + output[2]));
      CHECK(output[3] == Catch::Approx(1.0 / 3));
    }
}

TEST_CASE("an empty tensor writes nothing", "[softmax_f32]") {
  float output = kUntouched;
  softmax_f32(nullptr, 0, 3, 2, &output);
  softmax_f32(nullptr, 3, 0, 2, &output);
  softmax_f32(nullptr, 3, 2, 0, &output);
  CHECK(output == kUntouched);
}

}  // namespace actionscope::engine::testing
