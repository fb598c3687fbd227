/**
 * A worker that a page starts before its modules are read, and that loads ahead what the page is going to ask for. Its name tells it
 * what.
 */

import type { LoadRequest } from './engine_contract';
import { type StartedWorker, startWorker } from './started_worker';
import type { GraphFile } from './wasm_module';

/** What the worker is told, as JSON in its name. */
export interface Foreseen {
  request: LoadRequest;
  /** Graphs that the model is expected to have. */
  graphs: GraphFile[];
}

interface EarlyWorker {
  entry: string;
  /** The request as textOf gives it. */
  request: string;
  started: StartedWorker;
}

declare global {
  var actionscopeEarlyWorker: EarlyWorker | undefined;
}

/** The request as text, equal for equal ones; null where it cannot be said in text, because it brings files along. */
export function textOf(request: LoadRequest): string | null {
  return typeof request.model === 'string' && request.files === undefined ? JSON.stringify(request) : null;
}

/** Starts it. `entry`: address of the engine's worker. */
export function startEarlyWorker(entry: string, foreseen: Foreseen): void {
  const request = textOf(foreseen.request);
  if (request === null) return;
  globalThis.actionscopeEarlyWorker = { entry, request, started: startWorker(entry, JSON.stringify(foreseen)) };
}

/** The early worker, once, if it was started for this request. */
export function takeEarlyWorker(entry: string, request: LoadRequest): StartedWorker | undefined {
  const early = globalThis.actionscopeEarlyWorker;
  if (early === undefined || early.entry !== entry || early.request !== textOf(request)) return undefined;
  globalThis.actionscopeEarlyWorker = undefined;
  return early.started;
}
