/** The page's half: an Engine whose work is done in a worker, so that the page never freezes. */

import * as Comlink from 'comlink';
import { inBackground } from '../lib/background';
import { ActionscopeError } from '../lib/errors';
import { type Frame, memoryOf } from '../lib/frame';
import { workerDied } from './answer';
import { WorkerConnection } from './connection';
import { takeEarlyWorker } from './early_worker';
import type { ClipPlan, ClipRequest, ClipRun, Engine, LiveRun, LoadListener, LoadRequest } from './engine_contract';
import entryUrl from './entry.ts?worker&url';
import type { Loaded, WorkerApi } from './messages';
import type { ReadFiles } from './package_files';
import { EnginePool } from './pool';

function handOver(frame: Frame): Frame {
  return Comlink.transfer(frame, [memoryOf(frame)]);
}

class WorkerClipRun implements ClipRun {
  constructor(
    private readonly worker: WorkerConnection<WorkerApi>,
    private readonly run: number,
    readonly plan: ClipPlan,
  ) {}

  addFeature(sample: number, timestamp: number, feature: Float32Array, standsIn = false) {
    return this.worker.call((api) => api.addFeature(this.run, sample, timestamp, feature, standsIn));
  }

  endEarly() {
    return this.worker.call((api) => api.endClipEarly(this.run));
  }

  close() {
    return this.worker.call((api) => api.closeRun(this.run));
  }
}

class WorkerLiveRun implements LiveRun {
  constructor(
    private readonly worker: WorkerConnection<WorkerApi>,
    private readonly run: number,
  ) {}

  addFrame(timestamp: number, frame: Frame) {
    return this.worker.call((api) => api.addLiveFrame(this.run, timestamp, handOver(frame)));
  }

  close() {
    return this.worker.call((api) => api.closeRun(this.run));
  }
}

class WorkerEngine implements Engine {
  readonly model;
  readonly engine;
  readonly featureSpace;
  readonly workers = 1;

  constructor(
    private readonly worker: WorkerConnection<WorkerApi>,
    { model, engine, featureSpace }: Loaded,
  ) {
    this.model = model;
    this.engine = engine;
    this.featureSpace = featureSpace;
  }

  get ended() {
    return this.worker.ended;
  }

  get gone() {
    return this.worker.gone;
  }

  extract(frame: Frame) {
    return this.worker.call((api) => api.extract(handOver(frame)));
  }

  async openClip(request: ClipRequest): Promise<ClipRun> {
    const { run, plan } = await this.worker.call((api) => api.openClip(request));
    return new WorkerClipRun(this.worker, run, plan);
  }

  async openStill(): Promise<ClipRun> {
    const { run, plan } = await this.worker.call((api) => api.openStill());
    return new WorkerClipRun(this.worker, run, plan);
  }

  async openLive(): Promise<LiveRun> {
    const { run } = await this.worker.call((api) => api.openLive());
    return new WorkerLiveRun(this.worker, run);
  }

  readReport() {
    return this.worker.call((api) => api.readReport());
  }

  liveHandles() {
    return this.worker.call((api) => api.liveHandles());
  }

  memory() {
    return this.worker.call((api) => api.memory());
  }

  async close() {
    // The worker's memory goes with it: there is nothing to be freed one by one.
    this.worker.end(new ActionscopeError('closed', 'The classifier is closed.'));
  }
}

/**
 * Starts a worker and loads engine and model in it. Throws ActionscopeErrors; `signal` ends the worker at once. The listener hears
 * nothing more once the promise has settled, although messages may still be on their way.
 */
async function startWorker(
  request: LoadRequest,
  listener: Partial<LoadListener> = {},
  signal?: AbortSignal,
): Promise<{ engine: WorkerEngine; files: ReadFiles }> {
  const entry = new URL(entryUrl, import.meta.url).href;
  const connection = new WorkerConnection<WorkerApi>(takeEarlyWorker(entry, request) ?? entry);
  let loading = true;
  const whileLoading: LoadListener = {
    onModel: (model) => loading && listener.onModel?.(model),
    onProgress: (progress) => loading && listener.onProgress?.(progress),
  };
  const cancel = () => connection.end(new ActionscopeError('cancelled', 'Loading was cancelled.'));
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  try {
    const loaded = await connection.call((api) => api.load(request, Comlink.proxy(whileLoading)));
    return { engine: new WorkerEngine(connection, loaded), files: loaded.files };
  } catch (reason) {
    connection.end(workerDied('loading failed'));
    throw reason;
  } finally {
    loading = false;
    signal?.removeEventListener('abort', cancel);
  }
}

/**
 * Starts a worker with engine and model, and in the background `workers` - 1 more of the same, which load what the first has read.
 * Throws ActionscopeErrors of the first; `signal` ends its loading at once. The listener hears nothing more once the promise has
 * settled.
 */
export async function startEngine(
  request: LoadRequest,
  workers: number,
  listener: Partial<LoadListener> = {},
  signal?: AbortSignal,
): Promise<EnginePool> {
  const lead = await startWorker(request, listener, signal);
  let files: ReadFiles | undefined = lead.files;
  const pool = new EnginePool(lead.engine, workers, async (ending) => {
    await new Promise<void>(inBackground);
    const { engine } = await startWorker({ ...request, files }, {}, ending);
    return engine;
  });
  // A replacement is rare, and reads them anew.
  void pool.filled.then(() => {
    files = undefined;
  });
  return pool;
}
