/**
 * A worker that a page starts before its modules are read, and that loads ahead what the page is going to ask for. Its name tells it
 * what.
 */

import type { LoadRequest } from './engine_contract';
import { type StartedWorker, startWorker } from './started_worker';
import type { GraphFile } from './wasm_module';

/** What the worker is told, as JSON in its name. */
export interface Foreseen {
  /** As textOf gives it. */
  request: string;
  /** Graphs that the model is expected to have. */
  graphs: GraphFile[];
}

interface EarlyWorker {
  entry: string;
  /** As textOf gives it. */
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

/** Starts it. `entry`: address of the engine's worker; `graphs`: those that the model is expected to have. */
export function startEarlyWorker(entry: string, expected: LoadRequest, graphs: GraphFile[]): void {
  const request = textOf(expected);
  if (request === null) return;
  const foreseen: Foreseen = { request, graphs };
  globalThis.actionscopeEarlyWorker = { entry, request, started: startWorker(entry, JSON.stringify(foreseen)) };
}

/** The early worker, once, if it was started for this request. */
export function takeEarlyWorker(entry: string, request: LoadRequest): StartedWorker | undefined {
  const early = globalThis.actionscopeEarlyWorker;
  if (early === undefined || early.entry !== entry || early.request !== textOf(request)) return undefined;
  globalThis.actionscopeEarlyWorker = undefined;
  return early.started;
}
