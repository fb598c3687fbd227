#include "model/names.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

using actionscope::model::NameOrder;
using actionscope::model::Names;

constexpr NameOrder kComesBefore;

// Names of up to 20 letters of few kinds, so that many are alike over long stretches.
std::vector<std::string> random_names(std::size_t count) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> length(0, 20);
  std::uniform_int_distribution<int> letter('a', 'b');
  std::vector<std::string> names(count);
  for (std::string& name : names) {
    name.resize(length(random));
    std::ranges::generate(name, [&] { return static_cast<char>(letter(random)); });
  }
  return names;
}

}  // namespace

TEST_CASE("Two names are equal in the order of names only if they are the same") {
  const std::vector<std::string> names = random_names(300);
  for (const std::string& a : names) {
    for (const std::string& b : names) {
      CAPTURE(a, b);
      CHECK((!kComesBefore(a, b) && !kComesBefore(b, a)) == (a == b));
    }
  }
}

TEST_CASE("Names that differ in one byte, wherever it is, are told apart") {
  for (const std::size_t length : {1U, 7U, 8U, 9U, 15U, 16U, 17U, 40U}) {
    const std::string name(length, 'x');
    for (std::size_t at = 0; at < length; ++at) {
      CAPTURE(length, at);
      std::string other = name;
      other[at] = '\xFF';
      CHECK(kComesBefore(name, other) != kComesBefore(other, name));
    }
  }
}

TEST_CASE("The order of names is one: what comes before comes before what follows") {
  std::vector<std::string> names = random_names(200);
  std::ranges::sort(names, kComesBefore);
  for (std::size_t first = 0; first < names.size(); ++first) {
    for (std::size_t second = first + 1; second < names.size(); ++second) {
      CHECK_FALSE(kComesBefore(names[second], names[first]));
    }
  }
}

TEST_CASE("Names are found again among others") {
  const std::vector<std::string> listed = random_names(300);
  Names names;
  for (std::size_t index = 0; index < listed.size(); ++index) names.emplace(listed[index], index);
  for (const auto& [name, index] : names) CHECK(listed[index] == name);
  for (const std::string& name : listed) CHECK(names.contains(name));
  CHECK_FALSE(names.contains("c"));
}
