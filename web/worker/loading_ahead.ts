import type { LoadProgress, ModelDescription } from '../lib/types';
import { nameOf } from './early_worker';
import type { LoadListener, LoadRequest } from './engine_contract';

/** A loading that has begun before anybody asked for it. */
export class LoadingAhead<Loaded> {
  readonly #loaded: Promise<Loaded>;
  #listener: LoadListener | undefined;
  #model: ModelDescription | undefined;
  #progress: LoadProgress | undefined;

  /** `name`: of the request that is expected, as nameOf gives it. */
  constructor(
    private readonly name: string,
    load: (request: LoadRequest, listener: LoadListener) => Promise<Loaded>,
  ) {
    this.#loaded = load(JSON.parse(name), {
      onModel: (model) => {
        this.#model = model;
        this.#listener?.onModel(model);
      },
      onProgress: (progress) => {
        this.#progress = progress;
        this.#listener?.onProgress(progress);
      },
    });
    // Whoever asks for it hears why it failed.
    this.#loaded.catch(() => undefined);
  }

  /** What is loaded, or undefined for another request. The listener hears at once what was to be told already. */
  take(request: LoadRequest, listener: LoadListener): Promise<Loaded> | undefined {
    if (nameOf(request) !== this.name) return undefined;
    this.#listener = listener;
    if (this.#model !== undefined) listener.onModel(this.#model);
    if (this.#progress !== undefined) listener.onProgress(this.#progress);
    return this.#loaded;
  }
}
