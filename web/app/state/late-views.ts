import { ActionscopeError } from '../../lib/errors';

/** Reads a part of the page that is not needed at its start, once. */
export class LateViews {
  /** Why it could not be read; null while that is not known or it is here. */
  error: Error | null = null;
  #reading = false;

  /** `load`: imports it. `onError`: it could not be read. */
  constructor(
    private readonly load: () => Promise<unknown>,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Begins to read it, unless that has begun. */
  read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.load().catch(() => {
      // A browser may not fetch a module again that has failed once: only a new page helps.
      this.error = new ActionscopeError(
        'engine-failed',
        'A part of this page could not be loaded.',
        'Check the connection and reload the page.',
      );
      this.onError(this.error);
    });
  }
}
