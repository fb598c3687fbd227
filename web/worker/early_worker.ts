/**
 * A worker that a page starts before its modules are read, and that loads ahead what the page is going to ask for. Its name tells it
 * what: the request as JSON.
 */

import type { LoadRequest } from './engine_contract';
import { type StartedWorker, startWorker } from './started_worker';

interface EarlyWorker {
  entry: string;
  name: string;
  started: StartedWorker;
}

declare global {
  var actionscopeEarlyWorker: EarlyWorker | undefined;
}

/** The request as a name; null where it cannot be one, because it brings files along. */
export function nameOf(request: LoadRequest): string | null {
  return typeof request.model === 'string' && request.files === undefined ? JSON.stringify(request) : null;
}

/** Starts it. `entry`: address of the engine's worker. */
export function startEarlyWorker(entry: string, request: LoadRequest): void {
  const name = nameOf(request);
  if (name !== null) globalThis.actionscopeEarlyWorker = { entry, name, started: startWorker(entry, name) };
}

/** The early worker, once, if it was started for this request. */
export function takeEarlyWorker(entry: string, request: LoadRequest): StartedWorker | undefined {
  const early = globalThis.actionscopeEarlyWorker;
  if (early === undefined || early.entry !== entry || early.name !== nameOf(request)) return undefined;
  globalThis.actionscopeEarlyWorker = undefined;
  return early.started;
}
