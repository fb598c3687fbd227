/** Fetches the files of a model package and proves that they are what model.json says. */

import { ActionscopeError } from '../lib/errors';
import type { GraphFile } from './wasm_module';

/** How bytes are had: `fetchBytes` in the browser, from the disk in Node. */
export interface ReadOptions {
  /** `check`: ask the host whether what lies in the cache is still right; `reload`: go past the cache. */
  cache?: 'check' | 'reload';
  /** Called with every portion's size. */
  onBytes?: (bytes: number) => void;
}
export type ReadBytes = (url: URL, options?: ReadOptions) => Promise<Uint8Array<ArrayBuffer>>;

export class FileMissing extends Error {}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
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

export async function readModelJson(folder: URL, read: ReadBytes): Promise<string> {
  const bytes = await present(read(new URL('model.json', folder), { cache: 'check' }), 'model.json');
  return new TextDecoder().decode(bytes);
}

/**
 * One graph file, its hash verified. The hash is part of the address, so that a new deployment's model.json never meets an old
 * file; a host or cache that ignores it is asked once more, past every cache. Throws `model-missing` and `model-altered`.
 */
export async function readGraphFile(
  folder: URL,
  graph: GraphFile,
  read: ReadBytes,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(graph.file, folder);
  url.searchParams.set('v', graph.sha256.slice(0, 16));
  for (const options of [{ onBytes }, { cache: 'reload' as const }]) {
    const bytes = await present(read(url, options), graph.file);
    if ((await sha256(bytes)) === graph.sha256) return bytes;
  }
  throw new ActionscopeError(
    'model-altered',
    `The model's file ${graph.file} is not the one that model.json describes.`,
    'Reload the page; if it stays so, the model package has to be copied again completely.',
  );
}
