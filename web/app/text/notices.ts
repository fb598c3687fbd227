/** Errors as the page tells them: what is wrong, what to do, and a code to quote. */
import { ActionscopeError, type ErrorCode } from '../../lib/errors';

export interface Notice {
  title: string;
  advice: string;
  code: string;
}

const ANOTHER_FILE = 'Choose another video, or convert this one to MP4 (H.264) and try again.';
const RELOAD = 'Try again; if it keeps failing, reload the page.';
const PUBLISHER = 'Reload the page; if it stays like this, tell whoever publishes it.';

/** What to do where the error itself carries no hint. */
const ADVICE: Record<ErrorCode, string> = {
  'wasm-missing': 'Use a current version of Chrome, Edge, Firefox or Safari.',
  'engine-failed': RELOAD,
  'worker-died': RELOAD,
  'model-missing': 'Check the connection and try again.',
  'model-altered': PUBLISHER,
  'model-invalid': PUBLISHER,
  'model-too-new': 'Reload the page to get its newest version.',
  'model-shape': PUBLISHER,
  'onnx-invalid': PUBLISHER,
  'operator-unsupported': PUBLISHER,
  'report-damaged': PUBLISHER,
  'package-damaged': 'Copy or download the model package again completely.',
  'package-too-large': 'Choose a smaller model.',
  'file-empty': 'Choose another video; perhaps the copying of this one was interrupted.',
  'file-unreadable': 'Check that the file is still where it was, then choose it again.',
  'not-a-video': 'Choose a video (MP4, MOV, MKV, WebM, AVI, MPG, WMV, FLV, ...) or a picture.',
  'codec-unsupported': ANOTHER_FILE,
  'no-video-track': 'Choose a file that has a picture.',
  'clip-empty': 'Choose another video.',
  'file-corrupt': 'Choose another video, or copy this one anew from where it came from.',
  'file-encrypted': 'Choose a video without copy protection.',
  'frame-invalid': ANOTHER_FILE,
  'frame-too-large': 'Choose a video of a smaller picture, or scale this one down.',
  'out-of-memory': 'Close other tabs, or choose a video of a smaller picture.',
  'camera-refused':
    'Allow the camera for this page in the address bar or in the settings of the browser, then try again.',
  'camera-absent': 'Connect a camera, then try again.',
  'camera-busy': 'Close the other program that uses the camera, then try again.',
  'camera-unplugged': 'Connect the camera again, or choose another one.',
  'camera-unsupported': 'Open the page over https in a current browser.',
  'ffmpeg-missing': 'Install ffmpeg.',
  cancelled: 'Start it again whenever you like.',
  closed: 'Reload the page.',
  'order-violated': RELOAD,
};

export function noticeOf(error: Error): Notice {
  if (error instanceof ActionscopeError) {
    return { title: error.message, advice: error.hint === '' ? ADVICE[error.code] : error.hint, code: error.code };
  }
  return {
    title: 'Something went wrong that was not foreseen.',
    advice: RELOAD,
    code: `${error.name}: ${error.message}`,
  };
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
