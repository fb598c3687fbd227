import { ActionscopeError } from '../lib/errors';

/** An error as the command line's JSON has it. */
export interface Failure {
  code: string;
  message: string;
}

/** Any error as code and sentence; what is no ActionscopeError is a failure of the engine. */
export function failureOf(reason: unknown): Failure {
  if (reason instanceof ActionscopeError) return { code: reason.code, message: reason.message };
  return {
    code: 'engine-failed',
    message: `The engine failed: ${reason instanceof Error ? reason.message : String(reason)}`,
  };
}
