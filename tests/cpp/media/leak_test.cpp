// Opening and closing files again and again leaves nothing behind. Under the sanitizers, LeakSanitizer sees every byte;
// elsewhere the allocator's own count has to come back to where it was.

#include <malloc.h>

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "files.hpp"
#include "reading.hpp"

namespace {

using actionscope::test::at;
using actionscope::test::Bytes;
using actionscope::test::corpus_bytes;
using actionscope::test::MemoryFile;
using actionscope::test::open;

std::size_t bytes_in_use() {
#ifdef __EMSCRIPTEN__
  return static_cast<std::size_t>(mallinfo().uordblks);
#else
  return mallinfo2().uordblks;
#endif
}

// Opens a file, reads frames from two places, and lets go of it in the middle.
void use_once(const std::shared_ptr<const Bytes>& bytes) {
  auto [reader, error] = open(std::make_unique<MemoryFile>(bytes));
  if (reader == nullptr || !reader->description().decodable) return;
  at(*reader, 1.5);
  at(*reader, 0.2);
  reader->aim(1);
  static_cast<void>(reader->step());
}

TEST_CASE("200 times opened, read from, and closed, a file leaves nothing in memory") {
  constexpr std::size_t kSlack = 4096;
  for (const char* name : {"mpeg4.avi", "mpeg4.mp4", "mpeg1.mpg", "hit.wmv", "flv1.flv", "mpeg4.mkv", "scene.ts",
                           "encrypted.mp4", "no_moov.mp4", "rpza.mov"}) {
    DYNAMIC_SECTION(name) {
      const auto bytes = std::make_shared<const Bytes>(corpus_bytes(name));
      // What is set up once.
      for (int round = 0; round < 3; ++round) use_once(bytes);
      const std::size_t before = bytes_in_use();
      for (int round = 0; round < 200; ++round) use_once(bytes);
      CHECK(bytes_in_use() <= before + kSlack);
    }
  }
}

}  // namespace
