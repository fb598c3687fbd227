#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <span>

#include "classify/classification.hpp"
#include "classify/clip_classifier.hpp"
#include "image/frame.hpp"
#include "model/model.hpp"
#include "outcome.hpp"
#include "result.hpp"

namespace actionscope::wasm {

// What crosses the border besides handles: plain objects, the same as the types of web/worker/wasm_module.ts and
// web/lib/types.ts.

// What of model.json the JavaScript side needs: ModelFacts of wasm_module.ts.
emscripten::val model_value(const model::Model& model);

// {answer, confidence, sure, probabilities: {[label]: number}}
emscripten::val scores_value(const model::Model& model, const classify::Scores& scores);
// The same, and {start, end}.
emscripten::val window_value(const model::Model& model, const classify::WindowScores& window);

// [{sample, time}]
emscripten::val samples_value(std::span<const classify::SampleRequest> samples);

// Reads a FrameLayout of wasm_module.ts. Errors: frame_invalid, which names the field.
Result<image::FrameLayout> frame_layout(const emscripten::val& layout);

}  // namespace actionscope::wasm
