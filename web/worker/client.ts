/** The page's half: an Engine whose work is done in a worker, so that the page never freezes. */

import * as Comlink from 'comlink';
import { ActionscopeError } from '../lib/errors';
import { type Frame, isVideoFrame } from '../lib/frame';
import type { EngineDescription, ModelDescription } from '../lib/types';
import { workerDied } from './answer';
import { WorkerConnection } from './connection';
import type { ClipPlan, ClipRequest, ClipRun, Engine, LiveRun, LoadListener, LoadRequest } from './engine_contract';
import entryUrl from './entry.ts?worker&url';
import type { WorkerApi } from './messages';

function handOver(frame: Frame): Frame {
  return Comlink.transfer(frame, [isVideoFrame(frame) ? frame : frame.buffer]);
}

class WorkerClipRun implements ClipRun {
  constructor(
    private readonly worker: WorkerConnection<WorkerApi>,
    private readonly run: number,
    readonly plan: ClipPlan,
  ) {}

  addFrame(sample: number, timestamp: number, frame: Frame, standsIn = false) {
    return this.worker.call((api) => api.addClipFrame(this.run, sample, timestamp, handOver(frame), standsIn));
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
  constructor(
    private readonly worker: WorkerConnection<WorkerApi>,
    readonly model: ModelDescription,
    readonly engine: EngineDescription,
  ) {}

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

  async close() {
    // The worker's memory goes with it: there is nothing to be freed one by one.
    this.worker.end(new ActionscopeError('closed', 'The classifier is closed.'));
  }
}

/**
 * Starts a worker and loads engine and model in it. Throws ActionscopeErrors; `signal` ends the worker at once. The listener hears
 * nothing more once the promise has settled, although messages may still be on their way.
 */
export async function startWorkerEngine(
  request: LoadRequest,
  listener: Partial<LoadListener> = {},
  signal?: AbortSignal,
): Promise<Engine> {
  const connection = new WorkerConnection<WorkerApi>(new URL(entryUrl, import.meta.url).href);
  let loading = true;
  const whileLoading: LoadListener = {
    onModel: (model) => loading && listener.onModel?.(model),
    onProgress: (progress) => loading && listener.onProgress?.(progress),
  };
  const cancel = () => connection.end(new ActionscopeError('cancelled', 'Loading was cancelled.'));
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  try {
    await connection.ready;
    const { model, engine } = await connection.call((api) => api.load(request, Comlink.proxy(whileLoading)));
    return new WorkerEngine(connection, model, engine);
  } catch (reason) {
    connection.end(workerDied('loading failed'));
    throw reason;
  } finally {
    loading = false;
    signal?.removeEventListener('abort', cancel);
  }
}
