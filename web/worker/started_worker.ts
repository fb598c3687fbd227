/** A worker from its very start, before anybody speaks with it. */

import type { Greeting } from './answer';

export interface StartedWorker {
  worker: Worker;
  /** A lock that it holds for life: the browser gives it to the page the moment the worker is no more, however it ended. */
  lock: string;
  /** Resolves once it has taken the lock. */
  alive: Promise<void>;
  /** Resolves once it listens; rejects with the reason, in words, where it could not be started. Calls need not wait for it. */
  listening: Promise<void>;
}

/** Hears what it says first, which would be lost where nobody listens yet. */
function greetingsOf(worker: Worker): Pick<StartedWorker, 'alive' | 'listening'> {
  const heard = new AbortController();
  const { signal } = heard;
  const alive = new Promise<void>((resolve) => {
    const hear = ({ data }: MessageEvent<Greeting>) => data.state === 'alive' && resolve();
    worker.addEventListener('message', hear, { signal });
  });
  const listening = new Promise<void>((resolve, reject) => {
    const hear = ({ data }: MessageEvent<Greeting>) => {
      if (data.state === 'listening') resolve();
      if (data.state === 'failed') reject(data.reason);
    };
    worker.addEventListener('message', hear, { signal });
    worker.addEventListener('error', ({ message }) => reject(message || 'error'), { signal });
  });
  Promise.allSettled([alive, listening]).then(() => heard.abort());
  listening.catch(() => undefined);
  return { alive, listening };
}

/**
 * Starts the worker from a blob that imports the real one: only so does it inherit the page's content security policy, which a
 * meta element cannot give to a worker that is loaded from an address. Messages that come before the real one listens are kept for it.
 * @param entry address of the worker's script, which says when it listens.
 * @param name what the worker finds as its own name.
 */
export function startWorker(entry: string, name = ''): StartedWorker {
  const lock = `actionscope-worker-${crypto.randomUUID()}`;
  const script = `
    const early = [];
    const keep = (event) => {
      event.stopImmediatePropagation();
      early.push(event);
    };
    self.addEventListener('message', keep);
    navigator.locks.request(${JSON.stringify(lock)}, () => {
      self.postMessage({ state: 'alive' });
      return new Promise(() => undefined);
    });
    import(${JSON.stringify(entry)}).then(
      () => {
        self.removeEventListener('message', keep);
        for (const { data, ports } of early) self.dispatchEvent(new MessageEvent('message', { data, ports }));
      },
      (reason) => self.postMessage({ state: 'failed', reason: String(reason) }),
    );`;
  const blob = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  // The worker may fetch its script a moment later.
  setTimeout(() => URL.revokeObjectURL(blob), 60_000);
  const worker = new Worker(blob, { type: 'module', name });
  const { alive, listening } = greetingsOf(worker);
  return { worker, lock, alive, listening };
}
