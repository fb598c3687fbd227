import { ActionscopeError, type ErrorCode } from '../lib/errors';
import type { Outcome } from './wasm_module';

const MODEL_HINT = 'The model package has to be put right by whoever made it, or copied again completely.';

/** The codes of the core (src/result.hpp), and what a person can do about each. */
const CORE_ERRORS: Record<string, { code: ErrorCode; hint: string }> = {
  'frame-invalid': { code: 'frame-invalid', hint: 'Convert the video with another program and try again.' },
  'frame-too-large': { code: 'frame-too-large', hint: 'Make the picture smaller and try again.' },
  'model-invalid': { code: 'model-invalid', hint: MODEL_HINT },
  'model-too-new': { code: 'model-too-new', hint: 'Reload the page, or update Actionscope.' },
  'model-shape': { code: 'model-shape', hint: MODEL_HINT },
  'onnx-invalid': { code: 'onnx-invalid', hint: MODEL_HINT },
  'engine-failed': { code: 'engine-failed', hint: 'Close other tabs and programs to free memory, and try again.' },
  'order-violated': { code: 'order-violated', hint: 'This is a fault in Actionscope itself: please report it.' },
  'clip-empty': { code: 'clip-empty', hint: 'Check that it plays in a video player.' },
  'duration-invalid': { code: 'file-corrupt', hint: 'Convert the video with another program and try again.' },
};

/** The value of an outcome. Throws its error as an ActionscopeError. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.error === undefined) return outcome.value;
  const { code, hint } = CORE_ERRORS[outcome.error.code] ?? { code: 'engine-failed', hint: '' };
  throw new ActionscopeError(code, outcome.error.message, hint);
}
