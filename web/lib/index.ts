/** The public API. */

import { liveFrames } from '../media/live_frames';
import { openVideoElement } from '../media/video_element';
import { startWorkerEngine } from '../worker/client';
import { EngineClassifier } from './classifier';
import { requireWasm } from './requirements';
import type { Classifier, ClassifierOptions } from './types';

export { type Camera, listCameras, openCamera } from '../media/camera';
export { ActionscopeError, type ErrorCode } from './errors';
export type * from './types';

/** The model shipped with the page, beside it. */
const DEFAULT_MODEL = 'models/ucf11/';

/**
 * Starts a worker and loads engine and model in it. Afterwards nothing is fetched any more: classifying needs no network. Throws
 * ActionscopeErrors: `wasm-missing`, `model-*`, `onnx-invalid`, `engine-failed`, `worker-died`, `cancelled`.
 */
export async function createClassifier(options: ClassifierOptions = {}): Promise<Classifier> {
  requireWasm();
  const model = options.model ?? new URL(DEFAULT_MODEL, location.href);
  const request = { model: model.href, variant: options.variant };
  const engine = await startWorkerEngine(request, options, options.signal);
  return new EngineClassifier(
    { startEngine: () => startWorkerEngine(request), openVideo: openVideoElement, liveFrames },
    engine,
  );
}
