#include "temporal/scores.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using actionscope::temporal::mean;
using actionscope::temporal::probabilities;
using actionscope::temporal::top1;
using Catch::Approx;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("Probabilities are the softmax of logits") {
  // e^0, e^1, e^2 over their sum, 11.1073
  const std::vector<float> result = probabilities(std::array{0.0F, 1.0F, 2.0F}, 1);
  REQUIRE(result.size() == 3);
  CHECK(result[0] == Approx(0.0900306).epsilon(1e-5));
  CHECK(result[1] == Approx(0.2447285).epsilon(1e-5));
  CHECK(result[2] == Approx(0.6652410).epsilon(1e-5));
}

TEST_CASE("Temperature divides the logits") {
  CHECK(probabilities(std::array{0.0F, 3.0F, 6.0F}, 3) == probabilities(std::array{0.0F, 1.0F, 2.0F}, 1));
  CHECK(probabilities(std::array{0.0F, 0.5F, 1.0F}, 0.5) == probabilities(std::array{0.0F, 1.0F, 2.0F}, 1));
}

TEST_CASE("Logits of any size give probabilities that sum to 1") {
  for (const float size : {1e-30F, 1.0F, 80.0F, 1e4F, 1e38F}) {
    CAPTURE(size);
    const std::vector<float> result = probabilities(std::array{-size, size, 0.0F, size}, 0.001);
    CHECK(std::accumulate(result.begin(), result.end(), 0.0F) == Approx(1));
    CHECK(result[1] == result[3]);
  }
}

TEST_CASE("Infinite logits take all, or nothing") {
  CHECK(probabilities(std::array{1.0F, kInfinity}, 1) == std::vector{0.0F, 1.0F});
  CHECK(probabilities(std::array{kInfinity, kInfinity}, 1) == std::vector{0.5F, 0.5F});
  CHECK(probabilities(std::array{-kInfinity, 5.0F}, 1) == std::vector{0.0F, 1.0F});
  CHECK(probabilities(std::array{-kInfinity, -kInfinity}, 1) == std::vector{0.5F, 0.5F});
}

TEST_CASE("A logit that is no number leaves nothing known") {
  CHECK(probabilities(std::array{1.0F, kNan, 9.0F, 0.0F}, 1) == std::vector(4, 0.25F));
}

TEST_CASE("No logits have no probabilities") { CHECK(probabilities({}, 1).empty()); }

TEST_CASE("The mean of rows is taken element by element") {
  const std::vector<std::vector<float>> rows = {{0.5F, 0.25F, 0.25F}, {1.0F, 0.0F, 0.0F}};
  CHECK(mean(rows) == std::vector{0.75F, 0.125F, 0.125F});
  CHECK(mean(std::span(rows).first(1)) == rows[0]);
  CHECK(mean({}).empty());
}

TEST_CASE("The mean of very many rows does not drift") {
  const std::vector<std::vector<float>> rows(100'000, std::vector{0.1F, 0.9F});
  CHECK(mean(rows) == rows[0]);
}

TEST_CASE("The top is the largest value, the first of equals") {
  CHECK(top1(std::array{0.1F, 0.7F, 0.2F}) == 1);
  CHECK(top1(std::array{0.4F, 0.2F, 0.4F}) == 0);
  CHECK(top1(std::array{1.0F}) == 0);
}
