#pragma once

#include <emscripten/val.h>

#include <string>

#include "result.hpp"

namespace actionscope::wasm {

// How a call across the border says what came of it: {value} or {error}.

// {[key]: value}
template <class T>
emscripten::val object_with(const char* key, T value) {
  emscripten::val object = emscripten::val::object();
  object.set(key, value);
  return object;
}

// {error: {code, message}}
inline emscripten::val error_value(const Error& error) {
  emscripten::val value = emscripten::val::object();
  value.set("code", std::string(name_of(error.code)));
  value.set("message", error.message);
  return object_with("error", value);
}

}  // namespace actionscope::wasm
