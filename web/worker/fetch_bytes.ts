import { FileMissing, type ReadBytes } from './package_files';

const CACHE_MODE = { check: 'no-cache', reload: 'reload' } as const;

const offline = () => new FileMissing('there is no connection');

const refused = (status: number) => new FileMissing(`the host answered ${status}`);

/**
 * Reads an address with XMLHttpRequest, which tells how far it is without handing over every portion to JavaScript: that took 20 ms of a
 * start whose files are cached.
 */
function requestBytes(url: URL, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let told = 0;
    const tell = (loaded: number) => {
      onBytes(loaded - told);
      told = loaded;
    };
    request.open('GET', url);
    request.responseType = 'arraybuffer';
    request.onprogress = ({ loaded }) => tell(loaded);
    request.onload = () => {
      if (request.status < 200 || request.status > 299) {
        reject(refused(request.status));
        return;
      }
      const bytes = new Uint8Array(request.response as ArrayBuffer);
      tell(bytes.byteLength);
      resolve(bytes);
    };
    request.onerror = () => reject(offline());
    request.send();
  });
}

/** Reads an address, telling of portions as they come. Throws FileMissing with the reason. */
export const fetchBytes: ReadBytes = async (url, { cache, onBytes } = {}) => {
  if (onBytes !== undefined && cache === undefined) return requestBytes(url, onBytes);
  try {
    const response = await fetch(url, { cache: cache ? CACHE_MODE[cache] : 'default', credentials: 'same-origin' });
    if (!response.ok) throw refused(response.status);
    const bytes = new Uint8Array(await response.arrayBuffer());
    onBytes?.(bytes.byteLength);
    return bytes;
  } catch (reason) {
    // Where there is no network, fetch rejects with a TypeError whose words differ from browser to browser.
    if (reason instanceof TypeError) throw offline();
    throw reason;
  }
};
