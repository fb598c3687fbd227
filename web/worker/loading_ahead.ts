import type { LoadProgress, ModelDescription } from '../lib/types';
import { type Foreseen, textOf } from './early_worker';
import type { LoadListener, LoadRequest } from './engine_contract';
import type { GraphFile } from './wasm_module';

/** A loading that has begun before anybody asked for it. */
export class LoadingAhead<Loaded> {
  readonly #request: string;
  readonly #loaded: Promise<Loaded>;
  #listener: LoadListener | undefined;
  #model: ModelDescription | undefined;
  #progress: LoadProgress | undefined;

  /** `load`: begins at once, with what is expected. */
  constructor(
    { request, graphs }: Foreseen,
    load: (request: LoadRequest, listener: LoadListener, graphs: GraphFile[]) => Promise<Loaded>,
  ) {
    this.#request = request;
    const listener: LoadListener = {
      onModel: (model) => {
        this.#model = model;
        this.#listener?.onModel(model);
      },
      onProgress: (progress) => {
        this.#progress = progress;
        this.#listener?.onProgress(progress);
      },
    };
    this.#loaded = load(JSON.parse(request), listener, graphs);
    // Whoever asks for it hears why it failed.
    this.#loaded.catch(() => undefined);
  }

  /** What is loaded, or undefined for another request. The listener hears at once what was to be told already. */
  take(request: LoadRequest, listener: LoadListener): Promise<Loaded> | undefined {
    if (textOf(request) !== this.#request) return undefined;
    this.#listener = listener;
    if (this.#model !== undefined) listener.onModel(this.#model);
    if (this.#progress !== undefined) listener.onProgress(this.#progress);
    return this.#loaded;
  }
}
