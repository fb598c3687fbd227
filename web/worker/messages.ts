/** What page and worker say to each other. Errors cross as values, so that nothing of them is lost on the way. */

import { ActionscopeError, type ErrorCode } from '../lib/errors';
import type { Frame } from '../lib/frame';
import type { EngineDescription, ModelDescription } from '../lib/types';
import type { ClipPlan, ClipRequest, ClipStep, LiveStep, LoadListener, LoadRequest } from './engine_contract';

export type Answer<T> = { value: T; error?: undefined } | { error: { code: ErrorCode; message: string; hint: string } };

/** A run's number stands for its handle, which stays in the worker. */
export interface WorkerApi {
  load(
    request: LoadRequest,
    listener: LoadListener,
  ): Promise<Answer<{ model: ModelDescription; engine: EngineDescription }>>;
  openClip(request: ClipRequest): Promise<Answer<{ run: number; plan: ClipPlan }>>;
  openStill(): Promise<Answer<{ run: number; plan: ClipPlan }>>;
  openLive(): Promise<Answer<{ run: number }>>;
  addClipFrame(run: number, sample: number, timestamp: number, frame: Frame): Promise<Answer<ClipStep>>;
  endClipEarly(run: number): Promise<Answer<ClipStep>>;
  addLiveFrame(run: number, timestamp: number, frame: Frame): Promise<Answer<LiveStep>>;
  closeRun(run: number): Promise<Answer<void>>;
  liveHandles(): Promise<Answer<number>>;
  close(): Promise<Answer<void>>;
}

/** The worker's first messages, before any call: it lives, and then it listens or could not be loaded. */
export type Greeting = { state: 'alive' } | { state: 'listening' } | { state: 'failed'; reason: string };

/** The error of a worker that is no more. */
export const workerDied = (how: string) =>
  new ActionscopeError(
    'worker-died',
    `The part that does the computing stopped unexpectedly (${how}).`,
    'Close other tabs and programs to free memory, and try again.',
  );

export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (reason) {
    // What is no ActionscopeError is a crash: the module's state is not to be trusted any more.
    const { code, message, hint } = reason instanceof ActionscopeError ? reason : workerDied(String(reason));
    return { error: { code, message, hint } };
  }
}

export function answered<T>(reply: Answer<T>): T {
  if (reply.error === undefined) return reply.value;
  throw new ActionscopeError(reply.error.code, reply.error.message, reply.error.hint);
}
