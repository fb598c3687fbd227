#pragma once

#include <emscripten/val.h>

#include <memory>

#include "live_handles.hpp"
#include "media/video_reader.hpp"

namespace actionscope::wasm {

// A VideoReader as JavaScript sees it: Video of web/media/reader_module.ts.
class Video {
 public:
  // {value: Video} or {error}. `file`: a ReadableFile.
  static emscripten::val open(const emscripten::val& file);

  explicit Video(std::unique_ptr<media::VideoReader> reader);

  emscripten::val measure();
  emscripten::val description() const;
  void aim(double time) { reader_->aim(time); }
  void aim_near(double time) { reader_->aim_near(time); }
  void aim_next() { reader_->aim_next(); }
  emscripten::val step();
  emscripten::val frame();
  void seek_packet(double time) { reader_->seek_packet(time); }
  emscripten::val next_packet();
  emscripten::val packet() const;

 private:
  LiveHandle counted_;
  std::unique_ptr<media::VideoReader> reader_;
};

}  // namespace actionscope::wasm
