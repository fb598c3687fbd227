import type { ReadBytes, ReadFiles } from './package_files';

/** Reads files for an engine that is being loaded, and keeps them for others that are to load the same. */
export class FilesOfLoading {
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>();
  #loading = true;

  /** `known`: files that need not be read, unless past every cache. */
  constructor(
    private readonly from: ReadBytes,
    private readonly known: ReadFiles = new Map(),
  ) {}

  readonly read: ReadBytes = async (url, options) => {
    const known = this.#loading && options?.cache !== 'reload' ? this.known.get(url.href) : undefined;
    if (known !== undefined) {
      options?.onBytes?.(known.byteLength);
      return known;
    }
    const bytes = await this.from(url, options);
    if (this.#loading) this.#kept.set(url.href, bytes);
    return bytes;
  };

  /** The files that were read. What is read from now on comes from where it lies, and is not kept. */
  end(): ReadFiles {
    this.#loading = false;
    return this.#kept;
  }
}
