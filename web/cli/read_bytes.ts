import { readFile } from 'node:fs/promises';
import { FileMissing, type ReadBytes } from '../worker/package_files';

/** Reads files where the page fetches them. */
export const readBytes: ReadBytes = async (url, { onBytes } = {}) => {
  try {
    // Memory of its own: the engine takes over the whole buffer.
    const bytes = new Uint8Array(await readFile(new URL(url.pathname, url)));
    onBytes?.(bytes.byteLength);
    return bytes;
  } catch {
    throw new FileMissing('there is no such file');
  }
};
