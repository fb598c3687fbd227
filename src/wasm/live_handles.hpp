#pragma once

namespace actionscope::wasm {

// Counts the objects behind handles that JavaScript owns, so that tests can tell whether each was deleted.
class LiveHandle {
 public:
  LiveHandle() { ++count_; }
  ~LiveHandle() { --count_; }
  LiveHandle(const LiveHandle&) = delete;
  LiveHandle& operator=(const LiveHandle&) = delete;

  static int count() { return count_; }

 private:
  static inline int count_ = 0;
};

}  // namespace actionscope::wasm
