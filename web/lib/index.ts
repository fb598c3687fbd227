/** The public API. */

import type { FrameSource } from '../media/frame_source';
import { liveFrames } from '../media/live_frames';
import { openOnPage } from '../media/open_source';
import { elementPlaysHevc, openVideoElement } from '../media/video_element';
import { startEngine } from '../worker/client';
import { hasRelaxedSimd } from '../worker/core_module';
import type { LoadRequest } from '../worker/engine_contract';
import { MediaClient } from '../worker/media_client';
import { inBackground } from './background';
import { EngineClassifier, fileFacts } from './classifier';
import { FeatureCache } from './feature_cache';
import { type MeasuringListener, measureEngines } from './measure_device';
import { SourcePictures } from './pictures';
import { requireWasm } from './requirements';
import type { Classifier, ClassifierOptions, Pictures } from './types';
import { workerCount } from './worker_count';

export { type Camera, listCameras, openCamera } from '../media/camera';
export { hasRelaxedSimd } from '../worker/core_module';
export { ActionscopeError, type ErrorCode } from './errors';
export { closeFrame, type Frame, type FrameLayout } from './frame';
export type { Contender, MeasuringListener, Speed } from './measure_device';
export type * from './report';
export type * from './types';

/** The model shipped with the page, beside it. */
const DEFAULT_MODEL = 'models/ucf11/';

/** All files are read by one worker, whichever classifier they are for. */
const media = new MediaClient();

/** One for all classifiers: another head on the same backbone finds every feature there. */
const features = new FeatureCache();

/** Classifiers that are open. */
let readers = 0;

/** Keeps the worker that reads files for one more classifier. Gives what lets go of it: it ends with the last. */
function keepReading(): () => void {
  readers += 1;
  let isKept = true;
  return () => {
    if (!isKept) return;
    isKept = false;
    readers -= 1;
    if (readers === 0) media.stop();
  };
}

function openVideo(video: Blob, signal = new AbortController().signal): Promise<FrameSource> {
  return openOnPage(
    {
      inWorker: (file, ending) => media.open(file, 'usual', ending),
      element: openVideoElement,
      elementPlaysHevc,
      hevcInWorker: (file, ending) => media.open(file, 'hevc', ending),
    },
    video,
    signal,
  );
}

/** Opens a file to show its pictures, whether or not a `<video>` plays it. Throws ActionscopeErrors. */
export async function openPictures(video: Blob, signal?: AbortSignal): Promise<Pictures> {
  return new SourcePictures(await openVideo(video, signal), fileFacts(video));
}

/**
 * Starts a worker and loads engine and model. Afterwards nothing is fetched any more for files that the browser itself decodes, but
 * the scripts of further workers, which start in the background: classifying them needs no network. Throws ActionscopeErrors:
 * `wasm-missing`, `model-*`, `onnx-invalid`, `operator-unsupported`, `engine-failed`, `worker-died`, `cancelled`; and of a package on
 * this device also `package-*`, `file-unreadable`.
 */
export async function createClassifier(options: ClassifierOptions = {}): Promise<Classifier> {
  requireWasm();
  const model = options.model ?? new URL(DEFAULT_MODEL, location.href);
  const { variant, engine: choice } = options;
  const request = { model: model instanceof URL ? model.href : model, variant, engine: choice };
  const workers = workerCount(options.workers);
  const engine = await startEngine(request, workers, options, options.signal);
  // Nobody has a file yet; by then it may be closed again.
  inBackground(() => {
    if (readers > 0) void media.start();
  });
  return new EngineClassifier(
    {
      startEngine: () => startEngine(request, workers),
      startReference: (signal) => startEngine({ ...request, engine: 'onnxruntime' }, 1, {}, signal),
      openVideo,
      liveFrames,
      stopReading: keepReading(),
      features,
    },
    engine,
  );
}

/**
 * Measures how fast each engine computes frames here with each form of the shipped model. Fetches what it needs, ONNX Runtime Web as
 * well. Throws ActionscopeErrors: `wasm-missing`, those of loading the model, and `cancelled` within the time of one frame.
 */
export async function measureDevice(listener: MeasuringListener, signal: AbortSignal): Promise<void> {
  requireWasm();
  const model = new URL(DEFAULT_MODEL, location.href).href;
  const start = (request: Omit<LoadRequest, 'model'>, workers: number, ending: AbortSignal) =>
    startEngine({ ...request, model }, workers, {}, ending);
  await measureEngines({ start, relaxed: hasRelaxedSimd(), workers: workerCount(undefined) }, listener, signal);
}
