/** Reads the files of a model package, wherever they lie, and proves that they are what model.json says. */

import { ActionscopeError } from '../lib/errors';
import type { PackageFiles } from '../lib/types';
import type { FilesOnDevice } from './package_on_device';
import { partNotLoaded } from './part_not_loaded';
import type { GraphFile } from './wasm_module';

/** How bytes are had: `fetchBytes` in the browser, from the disk in Node. */
export interface ReadOptions {
  /** `check`: ask the host whether what lies in the cache is still right; `reload`: go past the cache. */
  cache?: 'check' | 'reload';
  /** Called with every portion's size. */
  onBytes?: (bytes: number) => void;
}
export type ReadBytes = (url: URL, options?: ReadOptions) => Promise<Uint8Array<ArrayBuffer>>;

/** Files that were read, by address. */
export type ReadFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

export class FileMissing extends Error {}

/** Where a package is: the address of its folder, ending in a slash, or its files themselves. */
export type PackageSource = string | PackageFiles;

/** A package whose files are read by name, each when it is asked for. All methods throw ActionscopeErrors. */
export interface ModelPackage {
  /** Throws `model-missing`. */
  readModelJson(): Promise<string>;
  /**
   * A graph file, its hash verified. `onBytes` hears every portion's size. Throws `model-missing`, `model-altered`, and of a package
   * on this device `package-too-large`.
   */
  readGraphFile(graph: GraphFile, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>>;
  /** A text file that model.json names. Throws `model-missing`. */
  readText(file: string): Promise<string>;
}

/** Bytes that are unpacked at most of the graph files of a package on this device: some twenty times what the shipped model has. */
export const MOST_PACKAGE_BYTES = 256 * 1024 * 1024;
/** Bytes of model.json, which the core reads up to the same size; and of a report. */
const MOST_JSON_BYTES = 1 << 20;
const MOST_TEXT_BYTES = 16 << 20;

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function altered(file: string, hint: string): ActionscopeError {
  return new ActionscopeError(
    'model-altered',
    `The model's file ${file} is not the one that model.json describes.`,
    hint,
  );
}

/** Turns "not there" into the error of a model package, and leaves other failures as they are. */
async function present<T>(work: Promise<T>, file: string): Promise<T> {
  try {
    return await work;
  } catch (reason) {
    if (!(reason instanceof FileMissing)) throw reason;
    throw new ActionscopeError(
      'model-missing',
      `The model's file ${file} could not be loaded: ${reason.message}.`,
      'Check the connection and reload the page.',
    );
  }
}

/** A package that a host has. */
class HostedPackage implements ModelPackage {
  constructor(
    private readonly folder: URL,
    private readonly read: ReadBytes,
  ) {}

  readModelJson(): Promise<string> {
    return this.readText('model.json');
  }

  /**
   * The hash is part of the address, so that a new deployment's model.json never meets an old file; a host or cache that ignores it
   * is asked once more, past every cache.
   */
  async readGraphFile(graph: GraphFile, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(graph.file, this.folder);
    url.searchParams.set('v', graph.sha256.slice(0, 16));
    for (const options of [{ onBytes }, { cache: 'reload' as const }]) {
      const bytes = await present(this.read(url, options), graph.file);
      if ((await sha256(bytes)) === graph.sha256) return bytes;
    }
    throw altered(graph.file, 'Reload the page; if it stays so, the model package has to be copied again completely.');
  }

  async readText(file: string): Promise<string> {
    return new TextDecoder().decode(await present(this.read(new URL(file, this.folder), { cache: 'check' }), file));
  }
}

/** A package that lies on this device. */
class LocalPackage implements ModelPackage {
  #graphBytes = 0;

  constructor(private readonly files: FilesOnDevice) {}

  readModelJson(): Promise<string> {
    return this.#text('model.json', MOST_JSON_BYTES);
  }

  async readGraphFile(graph: GraphFile, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    this.#graphBytes += graph.bytes;
    if (this.#graphBytes > MOST_PACKAGE_BYTES) throw tooLarge();
    const again = 'Copy or download the model package again completely.';
    const bytes = await this.files.read(graph.file, graph.bytes, () => altered(graph.file, again));
    if ((await sha256(bytes)) !== graph.sha256) throw altered(graph.file, again);
    onBytes(bytes.byteLength);
    return bytes;
  }

  readText(file: string): Promise<string> {
    return this.#text(file, MOST_TEXT_BYTES);
  }

  async #text(file: string, most: number): Promise<string> {
    const tooLong = () =>
      new ActionscopeError(
        'package-too-large',
        `The model's file ${file} is larger than ${most >> 20} MB.`,
        'Check that it is the right file.',
      );
    return new TextDecoder().decode(await this.files.read(file, most, tooLong));
  }
}

function tooLarge(): ActionscopeError {
  return new ActionscopeError(
    'package-too-large',
    `This model is larger than ${MOST_PACKAGE_BYTES >> 20} MB, more than this page loads from a device.`,
    'Choose a smaller model.',
  );
}

/** Opens a package; of one on this device, the list of its files is read. Throws ActionscopeErrors. */
export async function openPackage(source: PackageSource, read: ReadBytes): Promise<ModelPackage> {
  if (typeof source === 'string') return new HostedPackage(new URL(source), read);
  // Only who brings a model along needs it, and all others would wait for the tables that unpacking has to make first.
  const { filesOnDevice } = await import('./package_on_device').catch((reason) => {
    throw partNotLoaded('reader of model packages', reason);
  });
  return new LocalPackage(await filesOnDevice(source));
}
