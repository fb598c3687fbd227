#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "live_handles.hpp"
#include "model/model.hpp"
#include "result.hpp"
#include "session.hpp"

namespace actionscope::wasm {

class Clip;
class Extractor;
class Live;

// A model package with its two graphs in the engine, ready to classify.
class Package : public std::enable_shared_from_this<Package> {
 public:
  Package(model::Model model, std::size_t variant, std::unique_ptr<Session> backbone, std::unique_ptr<Session> head);

  std::shared_ptr<Extractor> open_extractor();
  // {value: Clip} or {error}; `duration` in seconds, `most_windows` 0 for no limit.
  emscripten::val open_clip(double duration, unsigned most_windows);
  // A picture: one sample.
  std::shared_ptr<Clip> open_still();
  std::shared_ptr<Live> open_live();

  // A promise that resolves once the engine has let go of both graphs. No run may follow.
  emscripten::val close();

  const model::Model& model() const { return model_; }
  const model::Variant& variant() const { return model_.variants[variant_]; }

  // Floats of the backbone's input, 3 x height x width.
  std::size_t tensor_size() const;
  // `tensor`: one frame, tensor_size() floats. `features`: one window.
  Running run_backbone(std::span<const float> tensor) const;
  Running run_head(std::span<const float> features) const;

 private:
  LiveHandle counted_;
  model::Model model_;
  std::size_t variant_;
  std::unique_ptr<Session> backbone_;
  std::unique_ptr<Session> head_;
};

}  // namespace actionscope::wasm
