import { FileMissing, type ReadBytes } from './package_files';

const CACHE_MODE = { check: 'no-cache', reload: 'reload' } as const;

/** Reads an address with fetch, telling of every portion as it comes. Throws FileMissing with the reason. */
export const fetchBytes: ReadBytes = async (url, { cache, onBytes } = {}) => {
  try {
    const response = await fetch(url, { cache: cache ? CACHE_MODE[cache] : 'default', credentials: 'same-origin' });
    if (!response.ok || response.body === null) throw new FileMissing(`the host answered ${response.status}`);
    const portions: Uint8Array[] = [];
    let size = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      portions.push(part.value);
      size += part.value.byteLength;
      onBytes?.(part.value.byteLength);
    }
    const bytes = new Uint8Array(size);
    let offset = 0;
    for (const portion of portions) {
      bytes.set(portion, offset);
      offset += portion.byteLength;
    }
    return bytes;
  } catch (reason) {
    // Where there is no network, fetch rejects with a TypeError whose words differ from browser to browser.
    if (reason instanceof TypeError) throw new FileMissing('there is no connection');
    throw reason;
  }
};
