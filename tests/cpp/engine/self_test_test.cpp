#include "engine/self_test.hpp"

#include <catch_amalgamated.hpp>

TEST_CASE("the kernels compute what they should on this processor") { CHECK(actionscope::engine::self_test()); }
