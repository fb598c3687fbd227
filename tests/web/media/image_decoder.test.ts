import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openImageDecoder } from '../../../web/media/image_decoder';
import { Unsuited } from '../../../web/media/unsuited';

const { signal } = new AbortController();
const gif = new Blob(['GIF89a and more']);
const open = { decoders: 0, images: 0 };

const image = (timestamp: number, number: number) => {
  let closed = false;
  open.images += 1;
  return {
    timestamp,
    duration: 100_000,
    format: 'RGBA',
    displayWidth: 4,
    displayHeight: 2,
    visibleRect: { width: 4, height: 2 },
    colorSpace: { matrix: null, fullRange: null },
    allocationSize: () => 32,
    copyTo: async (into: Uint8Array) => {
      into.fill(number);
      return [{ offset: 0, stride: 16 }];
    },
    clone: () => image(timestamp, number),
    close: () => {
      if (!closed) open.images -= 1;
      closed = true;
    },
  };
};

/** Decodes pictures of 0.1 s each, each but once, like that of Firefox. */
function installImageDecoder(frameCount: number, supported = true) {
  vi.stubGlobal(
    'ImageDecoder',
    class {
      static isTypeSupported = async () => supported;
      readonly tracks = { ready: Promise.resolve(), selectedTrack: { frameCount } };
      readonly completed = Promise.resolve();
      readonly #given = new Set<number>();
      constructor() {
        open.decoders += 1;
      }
      async decode({ frameIndex }: { frameIndex: number }) {
        if (this.#given.has(frameIndex)) throw new DOMException('given already', 'InvalidStateError');
        this.#given.add(frameIndex);
        return { image: image(frameIndex * 100_000, frameIndex) };
      }
      close() {
        open.decoders -= 1;
      }
    },
  );
}

async function timestamps(file: Blob, times: readonly number[]) {
  const source = await openImageDecoder(file, signal);
  const found: number[] = [];
  for await (const { timestamp } of source.frames(
    times.map((time, sample) => ({ sample, time })),
    signal,
  )) {
    found.push(timestamp);
  }
  await source.close();
  return { description: source.description, found };
}

beforeEach(() => {
  open.decoders = 0;
  open.images = 0;
});

afterEach(() => {
  expect(open).toEqual({ decoders: 0, images: 0 });
  vi.unstubAllGlobals();
});

describe('a picture that moves', () => {
  it('is a clip as long as its pictures, which come by their times', async () => {
    installImageDecoder(5);
    const { description, found } = await timestamps(gif, [0.05, 0.1, 0.35, 9, 0, Number.NaN]);
    expect(description).toEqual({
      duration: 0.5,
      width: 4,
      height: 2,
      source: 'image-decoder',
      container: 'GIF',
      codec: null,
    });
    expect(found).toEqual([0, 0.1, 0.3, 0.4, 0, 0.1]);
  });

  it('ends where the picture after its last is asked for', async () => {
    installImageDecoder(2);
    expect((await timestamps(gif, [0.15, Number.NaN])).found).toEqual([0.1]);
  });

  it('is refused in words where the browser cannot decode it', async () => {
    await expect(openImageDecoder(gif, signal)).rejects.toMatchObject({ code: 'codec-unsupported' });
    installImageDecoder(2, false);
    await expect(openImageDecoder(gif, signal)).rejects.toMatchObject({
      code: 'codec-unsupported',
      message: expect.stringContaining('GIF'),
    });
    installImageDecoder(0);
    await expect(openImageDecoder(gif, signal)).rejects.toMatchObject({ code: 'file-corrupt' });
  });
});

describe('a still picture', () => {
  const png = new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10])]);

  it('is a clip of one frame that lasts no time', async () => {
    installImageDecoder(1);
    const { description, found } = await timestamps(png, [0.05]);
    expect(description).toMatchObject({ duration: 0, container: 'PNG' });
    expect(found).toEqual([0]);
  });

  it('is drawn where the browser has no ImageDecoder', async () => {
    const close = vi.fn();
    vi.stubGlobal('createImageBitmap', async () => ({ width: 4, height: 2, close }));
    const context = { drawImage: () => undefined, getImageData: () => ({ data: new Uint8ClampedArray(32) }) };
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext = () => context;
      },
    );
    const { description, found } = await timestamps(png, [0.05]);
    expect(description).toMatchObject({ duration: 0, width: 4, height: 2 });
    expect(found).toEqual([0]);
    expect(close).toHaveBeenCalledOnce();
  });

  it('that cannot be decoded is called damaged', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('x', 'InvalidStateError')));
    await expect(openImageDecoder(png, signal)).rejects.toMatchObject({ code: 'file-corrupt' });
  });

  it('larger than can be read is called too large', async () => {
    vi.stubGlobal('createImageBitmap', async () => ({ width: 9000, height: 2 }));
    await expect(openImageDecoder(png, signal)).rejects.toMatchObject({ code: 'frame-too-large' });
  });
});

it('what is no picture, or a film of JPEG pictures, is left to other sources', async () => {
  installImageDecoder(1);
  const jpeg = [0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 0xff, 0xd9];
  for (const file of [new Blob(['a text']), new Blob([new Uint8Array([...jpeg, ...jpeg])])]) {
    await expect(openImageDecoder(file, signal)).rejects.toBeInstanceOf(Unsuited);
  }
});

it('a file that is gone is called that', async () => {
  const gone = { slice: () => gone, arrayBuffer: () => Promise.reject(new DOMException('x', 'NotFoundError')) };
  await expect(openImageDecoder(gone as unknown as Blob, signal)).rejects.toMatchObject({ code: 'file-unreadable' });
});
