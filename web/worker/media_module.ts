import { ActionscopeError } from '../lib/errors';
import type { CreateMediaModule, MediaModule } from '../media/reader_module';
import { FileMissing, type ReadBytes } from './package_files';

/** An FFmpeg module that is fetched when a file needs it, and kept. */
export class LazyModule {
  #loading: Promise<MediaModule> | undefined;
  #module: MediaModule | undefined;

  constructor(
    private readonly script: () => Promise<{ default: CreateMediaModule }>,
    private readonly wasm: URL,
    private readonly read: ReadBytes,
  ) {}

  /** Throws `engine-failed` where it cannot be fetched; the next call tries again. */
  loaded(): Promise<MediaModule> {
    this.#loading ??= this.#load().catch((reason) => {
      this.#loading = undefined;
      throw reason;
    });
    return this.#loading;
  }

  liveHandles(): number {
    return this.#module?.liveHandles() ?? 0;
  }

  async #load(): Promise<MediaModule> {
    try {
      const [{ default: create }, wasmBinary] = await Promise.all([this.script(), this.read(this.wasm)]);
      this.#module = await create({ wasmBinary });
      return this.#module;
    } catch (reason) {
      const why = reason instanceof FileMissing ? reason.message : 'its files do not fit together';
      throw new ActionscopeError(
        'engine-failed',
        `The part of the program that reads such files could not be loaded: ${why}.`,
        'Check the connection, reload the page and try again.',
      );
    }
  }
}
