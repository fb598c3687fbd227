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
  'operator-unsupported': { code: 'operator-unsupported', hint: 'Choose ONNX Runtime Web as the engine.' },
  'engine-failed': { code: 'engine-failed', hint: 'Close other tabs and programs to free memory, and try again.' },
  'order-violated': { code: 'order-violated', hint: 'This is a fault in Actionscope itself: please report it.' },
  'clip-empty': { code: 'clip-empty', hint: 'Check that it plays in a video player.' },
  'out-of-memory': { code: 'out-of-memory', hint: 'Close other tabs and programs to free memory, and try again.' },
  'file-empty': { code: 'file-empty', hint: 'Copy or download it again.' },
  'file-unreadable': {
    code: 'file-unreadable',
    hint: 'It may have been moved, changed, deleted or locked: choose it again.',
  },
  'not-a-video': { code: 'not-a-video', hint: 'Choose a video file, such as MP4, MOV, AVI or WebM.' },
  'codec-unsupported': {
    code: 'codec-unsupported',
    hint: 'Convert it to MP4 with H.264 video, for example with VLC or HandBrake.',
  },
  'no-video-track': { code: 'no-video-track', hint: 'Choose a file with a video in it.' },
  'file-corrupt': {
    code: 'file-corrupt',
    hint: 'Copy or download it again, and check that it plays in a video player.',
  },
  'file-encrypted': { code: 'file-encrypted', hint: 'Choose a copy without copy protection.' },
  'duration-invalid': { code: 'file-corrupt', hint: 'Convert the video with another program and try again.' },
};

/** The value of an outcome. Throws its error as an ActionscopeError. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.error === undefined) return outcome.value;
  const { code, hint } = CORE_ERRORS[outcome.error.code] ?? { code: 'engine-failed', hint: '' };
  throw new ActionscopeError(code, outcome.error.message, hint);
}
