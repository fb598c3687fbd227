/** The page's half: an Engine whose work is done in a worker, so that the page never freezes. */

import * as Comlink from 'comlink';
import { ActionscopeError } from '../lib/errors';
import { type Frame, isVideoFrame } from '../lib/frame';
import type { EngineDescription, ModelDescription } from '../lib/types';
import type { ClipPlan, ClipRequest, ClipRun, Engine, LiveRun, LoadListener, LoadRequest } from './engine_contract';
import entryUrl from './entry.ts?worker&url';
import { type Answer, answered, type Greeting, type WorkerApi, workerDied } from './messages';

/**
 * Starts the worker from a blob that imports the real one: only so does it inherit the page's content security policy, which a
 * meta element cannot give to a worker that is loaded from an address. Before anything else it takes a lock, for life: the
 * browser gives that lock to the page the moment the worker is no more, however it ended.
 */
function startWorker(lock: string): Worker {
  const entry = new URL(entryUrl, import.meta.url).href;
  const script = `
    navigator.locks.request(${JSON.stringify(lock)}, () => {
      self.postMessage({ state: 'alive' });
      import(${JSON.stringify(entry)}).catch((reason) => self.postMessage({ state: 'failed', reason: String(reason) }));
      return new Promise(() => undefined);
    });`;
  const blob = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return new Worker(blob, { type: 'module' });
  } finally {
    // The worker may fetch its script a moment later.
    setTimeout(() => URL.revokeObjectURL(blob), 60_000);
  }
}

/** Resolves once the worker listens; calls before that would be lost. `onAlive` is called before. */
function greeted(worker: Worker, onAlive: () => void): Promise<void> {
  const heard = new AbortController();
  const greetings = new Promise<void>((resolve, reject) => {
    const hear = ({ data }: MessageEvent<Greeting>) => {
      if (data.state === 'alive') onAlive();
      if (data.state === 'listening') resolve();
      if (data.state === 'failed') reject(workerDied(data.reason));
    };
    worker.addEventListener('message', hear, { signal: heard.signal });
  });
  return greetings.finally(() => heard.abort());
}

/** A worker, and the knowledge whether it still lives: calls to a dead one reject instead of waiting for ever. */
class WorkerConnection {
  readonly #worker: Worker;
  readonly #api: Comlink.Remote<WorkerApi>;
  readonly #ended: Promise<never>;
  readonly #watching = new AbortController();
  readonly ready: Promise<void>;
  #end: (reason: ActionscopeError) => void = () => undefined;

  constructor() {
    const lock = `actionscope-worker-${crypto.randomUUID()}`;
    this.#worker = startWorker(lock);
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.#ended.catch(() => this.#worker.terminate());
    this.#worker.addEventListener('error', (event) => this.end(workerDied(event.message || 'error')));
    this.#worker.addEventListener('messageerror', () => this.end(workerDied('unreadable message')));
    this.ready = this.#alive(greeted(this.#worker, () => this.#watch(lock)));
    this.#api = Comlink.wrap<WorkerApi>(this.#worker);
  }

  /** Ends the worker; every call that waits, and every later one, rejects with the reason. */
  end(reason: ActionscopeError): void {
    this.#watching.abort();
    this.#end(reason);
  }

  async call<T>(work: (api: Comlink.Remote<WorkerApi>) => Promise<Answer<T>>): Promise<T> {
    const value = await this.#alive(work(this.#api)).then(answered);
    return value;
  }

  #alive<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  #watch(lock: string): void {
    navigator.locks
      .request(lock, { signal: this.#watching.signal }, () => this.end(workerDied('it is gone')))
      .catch(() => undefined);
  }
}

function handOver(frame: Frame): Frame {
  return Comlink.transfer(frame, [isVideoFrame(frame) ? frame : frame.buffer]);
}

class WorkerClipRun implements ClipRun {
  constructor(
    private readonly worker: WorkerConnection,
    private readonly run: number,
    readonly plan: ClipPlan,
  ) {}

  addFrame(sample: number, timestamp: number, frame: Frame) {
    return this.worker.call((api) => api.addClipFrame(this.run, sample, timestamp, handOver(frame)));
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
    private readonly worker: WorkerConnection,
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
    private readonly worker: WorkerConnection,
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
  const connection = new WorkerConnection();
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
