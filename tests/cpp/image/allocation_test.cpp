// Replaces operator new for the whole test program, to count, and to run out of memory on demand.

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <limits>
#include <new>

#include "image/preprocess.hpp"
#include "picture.hpp"

namespace {

std::size_t allocations = 0;
std::size_t largest_granted = std::numeric_limits<std::size_t>::max();

// Not inlined, so that compilers do not take a pair of new and free for a mistake.
[[gnu::noinline]] void* allocate(std::size_t size) noexcept {
  ++allocations;
  if (size > largest_granted) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void release(void* memory) noexcept { std::free(memory); }

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = allocate(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }

namespace actionscope::image::testing {
namespace {

// At 200 and 400 bytes tables of weights are refused; at 700 what stb asks for. Under AddressSanitizer stb takes its
// memory in pieces, and then follows a null pointer when it gives up halfway (2.12).
#ifdef ACTIONSCOPE_SANITIZE
constexpr std::size_t kGranted[] = {200, 400};
#else
constexpr std::size_t kGranted[] = {200, 400, 700};
#endif

}  // namespace

TEST_CASE("a clip allocates for its first frame only", "[preprocess]") {
  const PixelFormat format = GENERATE(PixelFormat::rgba, PixelFormat::i420, PixelFormat::nv12);
  InputSpec spec = plain_spec(32, 24);
  spec.antialias = GENERATE(true, false);
  spec.filter = GENERATE(Filter::bilinear, Filter::bicubic);
  const Frame frame = frame_of(format, 160, 120);
  const Frame larger = frame_of(format, 320, 240);
  std::vector<float> tensor(tensor_size(spec));
  Preprocessor preprocessor(spec);
  const auto allocations_of = [&](const Frame& next, int times) {
    const std::size_t before = allocations;
    bool done = true;
    for (int i = 0; i < times; ++i) done = done && preprocessor.run(next.pixels, next.layout, tensor).has_value();
    const std::size_t made = allocations - before;
    REQUIRE(done);
    return made;
  };
  CHECK(allocations_of(frame, 1) > 0);
  CHECK(allocations_of(frame, 5) == 0);
  CHECK(allocations_of(larger, 1) > 0);
  CHECK(allocations_of(larger, 5) == 0);
}

TEST_CASE("a frame for which there is no memory is refused, and read once there is", "[preprocess]") {
  const PixelFormat format = GENERATE(PixelFormat::rgba, PixelFormat::i420);
  InputSpec spec = plain_spec(32, 24);
  spec.antialias = GENERATE(true, false);
  const Frame frame = frame_of(format, 160, 120);
  std::vector<float> tensor(tensor_size(spec));
  Preprocessor preprocessor(spec);

  for (const std::size_t granted : kGranted) {
    largest_granted = granted;
    const auto refused = preprocessor.run(frame.pixels, frame.layout, tensor);
    largest_granted = std::numeric_limits<std::size_t>::max();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::frame_too_large);
  }
  CHECK(preprocessor.run(frame.pixels, frame.layout, tensor).has_value());
}

}  // namespace actionscope::image::testing
