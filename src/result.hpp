#pragma once

// The one vocabulary that every room shares: how a function says that it could not do its work.
// Errors cross a room as values, never as exceptions.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace actionscope {

enum class ErrorCode {
  frame_invalid,         // a frame whose layout does not fit its pixels
  frame_too_large,       // more than 8192 pixels a side
  model_invalid,         // model.json is not JSON, or a field is missing or out of range
  model_too_new,         // a format version this build does not know
  model_shape,           // an ONNX file whose shapes do not fit model.json
  onnx_invalid,          // not an ONNX file, or damaged
  operator_unsupported,  // a graph of operators that our engine does not have
  engine_failed,         // the engine refused a model or failed while running it
  order_violated,        // a call that does not fit the state of a classifier
  clip_empty,            // no frame was ever delivered, or the file has none
  duration_invalid,      // a clip's length that is no length, or too long for the plan that was asked for
  file_empty,            // a file of no bytes
  file_unreadable,       // its bytes cannot be had
  not_a_video,           // not a file of a kind that holds video
  no_video_track,        // sound only
  codec_unsupported,     // a container or codec that nothing here reads; the message names it
  file_corrupt,          // damaged or incomplete beyond use
  file_encrypted,        // under copy protection
  out_of_memory,         // an allocation was refused
};

// The stable, public name of a code, as the page and the command line print it: "model-invalid".
constexpr std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::frame_invalid: return "frame-invalid";
    case ErrorCode::frame_too_large: return "frame-too-large";
    case ErrorCode::model_invalid: return "model-invalid";
    case ErrorCode::model_too_new: return "model-too-new";
    case ErrorCode::model_shape: return "model-shape";
    case ErrorCode::onnx_invalid: return "onnx-invalid";
    case ErrorCode::operator_unsupported: return "operator-unsupported";
    case ErrorCode::engine_failed: return "engine-failed";
    case ErrorCode::order_violated: return "order-violated";
    case ErrorCode::clip_empty: return "clip-empty";
    case ErrorCode::duration_invalid: return "duration-invalid";
    case ErrorCode::file_empty: return "file-empty";
    case ErrorCode::file_unreadable: return "file-unreadable";
    case ErrorCode::not_a_video: return "not-a-video";
    case ErrorCode::no_video_track: return "no-video-track";
    case ErrorCode::codec_unsupported: return "codec-unsupported";
    case ErrorCode::file_corrupt: return "file-corrupt";
    case ErrorCode::file_encrypted: return "file-encrypted";
    case ErrorCode::out_of_memory: return "out-of-memory";
  }
  return "unknown";
}

// `message` is one sentence in the user's words; it names the field, file or number at fault.
struct Error {
  ErrorCode code;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace actionscope
