#pragma once

#include <emscripten/val.h>

#include <memory>
#include <string>

#include "live_handles.hpp"
#include "model/model.hpp"

namespace actionscope::wasm {

// What a model.json describes, read once: packages with its graphs are loaded from it.
class DescribedModel : public std::enable_shared_from_this<DescribedModel> {
 public:
  // {value: DescribedModel} or {error}. `json`: the text of model.json.
  static emscripten::val read(const std::string& json);

  explicit DescribedModel(model::Model model);

  // ModelFacts of web/worker/wasm_module.ts.
  emscripten::val facts() const;

  // A promise of {value: Package} or {error}. `backbone`, `head`: Uint8Arrays with the variant's files. `ort`: the
  // namespace of onnxruntime-web, or null for our own engine, which answers operator_unsupported to graphs that need
  // the other.
  emscripten::val load(std::string variant, emscripten::val backbone, emscripten::val head, emscripten::val ort) const;

 private:
  LiveHandle counted_;
  model::Model model_;
};

}  // namespace actionscope::wasm
