/** The page's connection to a worker of its own. */

import * as Comlink from 'comlink';
import type { ActionscopeError } from '../lib/errors';
import { type Answer, answered, errorOf, type Greeting, workerDied } from './answer';

/**
 * Starts the worker from a blob that imports the real one: only so does it inherit the page's content security policy, which a
 * meta element cannot give to a worker that is loaded from an address. Before anything else it takes a lock, for life: the
 * browser gives that lock to the page the moment the worker is no more, however it ended. Messages that come before the real one
 * listens are kept for it, so that nobody needs to wait for its greeting.
 */
function startWorker(entry: string, lock: string): Worker {
  const script = `
    const early = [];
    const keep = (event) => {
      event.stopImmediatePropagation();
      early.push(event);
    };
    self.addEventListener('message', keep);
    navigator.locks.request(${JSON.stringify(lock)}, () => {
      self.postMessage({ state: 'alive' });
      import(${JSON.stringify(entry)}).then(
        () => {
          self.removeEventListener('message', keep);
          for (const { data, ports } of early) self.dispatchEvent(new MessageEvent('message', { data, ports }));
        },
        (reason) => self.postMessage({ state: 'failed', reason: String(reason) }),
      );
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

/** Resolves once the worker listens. `onAlive` is called before. */
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
export class WorkerConnection<Api> {
  readonly #worker: Worker;
  readonly #api: Comlink.Remote<Api>;
  readonly #ended: Promise<never>;
  readonly #watching = new AbortController();
  /** Resolves once the worker listens. Calls need not wait for it. */
  readonly ready: Promise<void>;
  /** Resolves once the worker has ended, or been ended. */
  readonly gone: Promise<void>;
  #end: (reason: ActionscopeError) => void = () => undefined;

  /** `entry`: address of the worker's script, which exposes an `Api` with Comlink and then says that it is listening. */
  constructor(entry: string) {
    const lock = `actionscope-worker-${crypto.randomUUID()}`;
    this.#worker = startWorker(entry, lock);
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.gone = this.#ended.catch(() => this.#worker.terminate());
    this.#worker.addEventListener('error', (event) => this.end(workerDied(event.message || 'error')));
    this.#worker.addEventListener('messageerror', () => this.end(workerDied('unreadable message')));
    this.ready = this.#alive(greeted(this.#worker, () => this.#watch(lock)));
    this.ready.catch((reason) => this.end(reason));
    this.#api = Comlink.wrap<Api>(this.#worker);
  }

  /** Whether the worker has ended, or been ended. */
  get ended(): boolean {
    return this.#watching.signal.aborted;
  }

  /** Ends the worker; every call that waits, and every later one, rejects with the reason. */
  end(reason: ActionscopeError): void {
    this.#watching.abort();
    this.#end(reason);
  }

  async call<T>(work: (api: Comlink.Remote<Api>) => Promise<Answer<T>>): Promise<T> {
    const reply = await this.#alive(work(this.#api));
    // It still runs, but after a crash nothing that it does can be trusted.
    if (reply.error?.code === 'worker-died') this.end(errorOf(reply.error));
    return answered(reply);
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
