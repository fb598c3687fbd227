/** How page and workers answer each other. Errors cross as values, so that nothing of them is lost on the way. */

import * as Comlink from 'comlink';
import { ActionscopeError, type ErrorCode } from '../lib/errors';

/** An ActionscopeError as plain data. */
export interface ErrorFacts {
  code: ErrorCode;
  message: string;
  hint: string;
}

export type Answer<T> = { value: T; error?: undefined } | { error: ErrorFacts };

/** A worker's first messages, before any call: it lives, and then it listens or could not be loaded. */
export type Greeting = { state: 'alive' } | { state: 'listening' } | { state: 'failed'; reason: string };

/** The error of a worker that is no more. */
export const workerDied = (how: string) =>
  new ActionscopeError(
    'worker-died',
    `The part that does the computing stopped unexpectedly (${how}).`,
    'Close other tabs and programs to free memory, and try again.',
  );

export function errorFacts({ code, message, hint }: ActionscopeError): ErrorFacts {
  return { code, message, hint };
}

export function errorOf({ code, message, hint }: ErrorFacts): ActionscopeError {
  return new ActionscopeError(code, message, hint);
}

export async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (reason) {
    // What is no ActionscopeError is a crash: the module's state is not to be trusted any more.
    return { error: errorFacts(reason instanceof ActionscopeError ? reason : workerDied(String(reason))) };
  }
}

/** An answer that leaves with memory of its value, which is not copied. */
export async function handOver<T>(
  work: () => T | Promise<T>,
  memoryOf: (value: T) => Transferable[],
): Promise<Answer<T>> {
  const reply = await answer(work);
  return reply.error === undefined ? Comlink.transfer(reply, memoryOf(reply.value)) : reply;
}

export function answered<T>(reply: Answer<T>): T {
  if (reply.error === undefined) return reply.value;
  throw errorOf(reply.error);
}
