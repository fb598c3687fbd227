/**
 * Every way in which Actionscope can fail, by a stable code. The message is a sentence in the user's words that says what is wrong;
 * the hint, where there is one, what to do about it.
 */
export type ErrorCode =
  // the browser
  | 'wasm-missing'
  | 'engine-failed'
  | 'worker-died'
  // the model package
  | 'model-missing'
  | 'model-altered'
  | 'model-invalid'
  | 'model-too-new'
  | 'model-shape'
  | 'onnx-invalid'
  | 'operator-unsupported'
  | 'report-damaged'
  | 'package-damaged'
  | 'package-too-large'
  // a file
  | 'file-empty'
  | 'file-unreadable'
  | 'not-a-video'
  | 'codec-unsupported'
  | 'no-video-track'
  | 'clip-empty'
  | 'file-corrupt'
  | 'file-encrypted'
  | 'frame-invalid'
  | 'frame-too-large'
  | 'out-of-memory'
  // the camera
  | 'camera-refused'
  | 'camera-absent'
  | 'camera-busy'
  | 'camera-unplugged'
  | 'camera-unsupported'
  // the command line
  | 'ffmpeg-missing'
  // calls
  | 'cancelled'
  | 'closed'
  | 'order-violated';

export class ActionscopeError extends Error {
  override readonly name = 'ActionscopeError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint = '',
  ) {
    super(message);
  }
}

/** `worker-died`, of the worker that reads files: it has died twice over one of them, and the engine is as it was. */
export class FileReadingDied extends ActionscopeError {
  constructor() {
    super(
      'worker-died',
      'The part that reads videos stopped unexpectedly, twice.',
      'Close other tabs and programs to free memory, or convert the video to MP4 with H.264, and try again.',
    );
  }
}
