/** The page's connection to a worker of its own. */

import * as Comlink from 'comlink';
import type { ActionscopeError } from '../lib/errors';
import { type Answer, answered, errorOf, workerDied } from './answer';
import { type StartedWorker, startWorker } from './started_worker';

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

  /** `worker`: one that was started, or the address of its script, which exposes an `Api` with Comlink and says that it listens. */
  constructor(worker: string | StartedWorker) {
    const started = typeof worker === 'string' ? startWorker(worker) : worker;
    this.#worker = started.worker;
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.gone = this.#ended.catch(() => this.#worker.terminate());
    this.#worker.addEventListener('error', (event) => this.end(workerDied(event.message || 'error')));
    this.#worker.addEventListener('messageerror', () => this.end(workerDied('unreadable message')));
    void started.alive.then(() => this.#watch(started.lock));
    const listening = started.listening.catch((reason) => {
      throw workerDied(String(reason));
    });
    this.ready = this.#alive(listening);
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
