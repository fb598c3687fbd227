#include "media_video.hpp"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "media_source.hpp"
#include "outcome.hpp"

namespace actionscope::wasm {

using emscripten::typed_memory_view;
using emscripten::val;

namespace {

val words(const std::optional<std::string>& text) { return text ? val(*text) : val::null(); }

val view(std::span<const std::uint8_t> bytes) { return val(typed_memory_view(bytes.size(), bytes.data())); }

const char* name_of_format(media::PixelFormat format) {
  switch (format) {
    case media::PixelFormat::i420: return "I420";
    case media::PixelFormat::nv12: return "NV12";
    case media::PixelFormat::rgba: break;
  }
  return "RGBA";
}

// A FrameLayout of web/lib/frame.ts.
val layout_value(const media::PictureLayout& layout) {
  val planes = val::array();
  for (const auto& plane : std::span(layout.planes).first(layout.plane_count)) {
    val value = val::object();
    value.set("offset", static_cast<double>(plane.offset));
    value.set("stride", static_cast<double>(plane.stride));
    planes.call<void>("push", value);
  }
  val value = val::object();
  value.set("format", std::string(name_of_format(layout.format)));
  value.set("width", layout.width);
  value.set("height", layout.height);
  value.set("displayWidth", layout.display.width);
  value.set("displayHeight", layout.display.height);
  value.set("planes", planes);
  value.set("rotation", layout.turn.rotation);
  value.set("flip", layout.turn.flip);
  value.set("matrix", std::string(layout.matrix == media::ColorMatrix::bt709 ? "bt709" : "bt601"));
  value.set("range", std::string(layout.range == media::ColorRange::full ? "full" : "limited"));
  return value;
}

val webcodecs_value(const media::VideoDescription& description) {
  if (!description.webcodecs) return val::null();
  const media::WebCodecsStream& stream = *description.webcodecs;
  val value = val::object();
  value.set("codec", stream.codec);
  // A copy: it is to outlive this module's memory as it is now.
  value.set("description", stream.description.empty() ? val::null() : view(stream.description).call<val>("slice"));
  value.set("reorder", description.reorder);
  return value;
}

val step_value(const Result<media::VideoReader::Step>& step, const char* found) {
  if (!step) return error_value(step.error());
  switch (*step) {
    case media::VideoReader::Step::found: return object_with("value", std::string(found));
    case media::VideoReader::Step::end: return object_with("value", std::string("end"));
    case media::VideoReader::Step::working: break;
  }
  return object_with("value", std::string("working"));
}

}  // namespace

val Video::open(const val& file) {
  auto reader = media::VideoReader::open(std::make_unique<JavaScriptFile>(file));
  if (!reader) return error_value(reader.error());
  return object_with("value", std::make_shared<Video>(std::move(*reader)));
}

Video::Video(std::unique_ptr<media::VideoReader> reader) : reader_(std::move(reader)) {}

val Video::measure() {
  const auto known = reader_->measure();
  return known ? object_with("value", *known) : error_value(known.error());
}

val Video::description() const {
  const media::VideoDescription& description = reader_->description();
  val value = val::object();
  value.set("container", words(description.container));
  value.set("codec", words(description.codec));
  value.set("duration", description.duration.value_or(std::numeric_limits<double>::quiet_NaN()));
  value.set("videoEnd", description.video_end);
  value.set("width", description.width);
  value.set("height", description.height);
  value.set("displayWidth", description.display.width);
  value.set("displayHeight", description.display.height);
  value.set("rotation", description.turn.rotation);
  value.set("flip", description.turn.flip);
  value.set("decodable", description.decodable);
  value.set("webcodecs", webcodecs_value(description));
  return value;
}

val Video::step() { return step_value(reader_->step(), "frame"); }

val Video::frame() {
  const auto frame = reader_->frame();
  if (!frame) return error_value(frame.error());
  val value = val::object();
  value.set("timestamp", frame->timestamp);
  value.set("duration", frame->duration);
  value.set("layout", layout_value(frame->picture.layout));
  value.set("bytes", view(frame->picture.pixels));
  return object_with("value", value);
}

val Video::next_packet() { return step_value(reader_->next_packet(), "packet"); }

val Video::packet() const {
  const media::CodedPacket packet = reader_->packet();
  val value = val::object();
  value.set("timestamp", packet.timestamp);
  value.set("duration", packet.duration);
  value.set("key", packet.key);
  value.set("data", view(packet.data));
  return value;
}

}  // namespace actionscope::wasm
