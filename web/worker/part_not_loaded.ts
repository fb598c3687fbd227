import { ActionscopeError } from '../lib/errors';

/** Why a part of the program, named by `what`, is not there. */
export function partNotLoaded(what: string, reason: unknown): ActionscopeError {
  return new ActionscopeError(
    'engine-failed',
    `The program's ${what} could not be loaded: ${(reason as Error).message}.`,
    'Check the connection and reload the page.',
  );
}
