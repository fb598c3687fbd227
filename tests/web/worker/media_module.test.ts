import { afterEach, expect, it, vi } from 'vitest';
import type { MediaModule } from '../../../web/media/reader_module';
import { LazyModule } from '../../../web/worker/media_module';
import { FileMissing } from '../../../web/worker/package_files';
import { readableBlob } from '../../../web/worker/readable_blob';

const module = { liveHandles: () => 3 } as MediaModule;
const wasm = new URL('https://example.org/a.wasm');

afterEach(() => vi.unstubAllGlobals());

it('the module is fetched once, when it is first needed', async () => {
  const script = vi.fn(async () => ({ default: async () => module }));
  const read = vi.fn(async () => new Uint8Array(1));
  const lazy = new LazyModule(script, wasm, read);
  expect(lazy.liveHandles()).toBe(0);
  expect(read).not.toHaveBeenCalled();
  expect(await Promise.all([lazy.loaded(), lazy.loaded()])).toEqual([module, module]);
  expect(read).toHaveBeenCalledExactlyOnceWith(wasm);
  expect(script).toHaveBeenCalledOnce();
  expect(lazy.liveHandles()).toBe(3);
});

it('a module that cannot be fetched is an error in words, and asked for again the next time', async () => {
  const read = vi.fn(async () => new Uint8Array(1)).mockRejectedValueOnce(new FileMissing('there is no connection'));
  const lazy = new LazyModule(async () => ({ default: async () => module }), wasm, read);
  await expect(lazy.loaded()).rejects.toMatchObject({
    code: 'engine-failed',
    message: expect.stringContaining('there is no connection'),
  });
  expect(await lazy.loaded()).toBe(module);
});

it('a script and a module that do not fit together are an error in words', async () => {
  const create = () => Promise.reject(new WebAssembly.LinkError('import'));
  const lazy = new LazyModule(
    async () => ({ default: create }),
    wasm,
    async () => new Uint8Array(1),
  );
  await expect(lazy.loaded()).rejects.toMatchObject({ code: 'engine-failed' });
});

it('a file is read in slices, never whole', () => {
  const slices: Blob[] = [];
  vi.stubGlobal(
    'FileReaderSync',
    class {
      readAsArrayBuffer(slice: Blob) {
        slices.push(slice);
        return new ArrayBuffer(slice.size);
      }
    },
  );
  const file = readableBlob(new Blob([new Uint8Array(1000)]));
  expect(file.size).toBe(1000);
  expect(file.read(10, 20)?.byteLength).toBe(20);
  expect(file.read(990, 20)?.byteLength).toBe(10);
  expect(slices.map(({ size }) => size)).toEqual([20, 10]);
});
