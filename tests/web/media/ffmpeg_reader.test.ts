import { afterEach, describe, expect, it, vi } from 'vitest';
import { openFfmpeg } from '../../../web/media/ffmpeg_reader';
import type { MediaModule, ReadableFile, Video, VideoDescription } from '../../../web/media/reader_module';
import { installWebCodecs, open } from './fake_webcodecs';

const { signal } = new AbortController();
const file: ReadableFile = { size: 1, read: () => null };

/** A clip of ten pictures a second, every fifth of them a key picture, whose steps have to be called `patience` times. */
class FakeModule implements MediaModule {
  live = 0;
  steps = 0;

  constructor(
    private readonly facts: Partial<VideoDescription> = {},
    private readonly patience = 2,
    private readonly readable = 1,
  ) {}

  liveHandles() {
    return this.live;
  }

  openVideo() {
    this.live += 1;
    let left = this.patience;
    let found = -1;
    let reading = 0;
    const working = () => {
      this.steps += 1;
      left -= 1;
      return left > 0;
    };
    const goTo = (picture: number) => {
      left = this.patience;
      found = picture;
    };
    const last = this.readable * 10 - 1;
    const video: Video = {
      measure: () => ({ value: !working() }),
      description: () => ({
        container: 'AVI',
        codec: 'MPEG-4 Part 2',
        duration: 1,
        videoEnd: 1,
        width: 4,
        height: 2,
        displayWidth: 4,
        displayHeight: 2,
        rotation: 90,
        flip: false,
        decodable: true,
        webcodecs: null,
        ...this.facts,
      }),
      aim: (time) => goTo(Math.floor(time * 10 + 1e-5)),
      aimNear: (time) => goTo(Math.floor(time * 2) * 5),
      aimNext: () => goTo(found + 1),
      step: () => (working() ? { value: 'working' } : { value: found > last ? 'end' : 'frame' }),
      frame: () => ({
        value: {
          timestamp: found / 10,
          duration: 0.1,
          layout: {
            format: 'RGBA',
            width: 1,
            height: 1,
            displayWidth: 1,
            displayHeight: 1,
            planes: [{ offset: 0, stride: 4 }],
            rotation: 90,
            flip: false,
            matrix: 'bt601',
            range: 'limited',
          },
          bytes: new Uint8Array([9, found, 9, 9, 9]).subarray(1),
        },
      }),
      seekPacket: (time) => {
        reading = Math.floor(time * 2) * 5;
      },
      nextPacket: () => (working() ? { value: 'working' } : { value: reading > last ? 'end' : 'packet' }),
      packet: () => {
        left = this.patience;
        reading += 1;
        const number = reading - 1;
        return { timestamp: number / 10, duration: 0.1, key: number % 5 === 0, data: new Uint8Array([number]) };
      },
      delete: () => {
        this.live -= 1;
      },
    };
    return { value: video };
  }
}

async function served(module: FakeModule, times: readonly number[], keyFrames = false) {
  const source = await openFfmpeg(module, file, signal);
  const found: [sample: number, timestamp: number, number: number, standsIn?: boolean][] = [];
  const requests = times.map((time, sample) => ({ sample, time }));
  for await (const { sample, timestamp, frame, standsIn } of source.frames(requests, signal, { keyFrames })) {
    const number = 'buffer' in frame ? (new Uint8Array(frame.buffer)[0] ?? -1) : -1;
    found.push(standsIn ? [sample, timestamp, number, true] : [sample, timestamp, number]);
  }
  await source.close();
  expect(module.live, 'handles are deleted').toBe(0);
  return { description: source.description, found };
}

afterEach(() => vi.unstubAllGlobals());

describe('a file that the module decodes', () => {
  it('is described as it is shown, upright', async () => {
    expect((await served(new FakeModule(), [])).description).toEqual({
      duration: 1,
      width: 2,
      height: 4,
      source: 'ffmpeg-module',
      container: 'AVI',
      codec: 'MPEG-4 Part 2',
    });
  });

  it('gives pictures by their time, and one after the other where none is named', async () => {
    expect((await served(new FakeModule(), [0.35, 0.9, 0.1, Number.NaN])).found).toEqual([
      [0, 0.3, 3],
      [1, 0.9, 9],
      [2, 0.1, 1],
      [3, 0.2, 2],
    ]);
  });

  it('gives key pictures where they will do, and says which stand in', async () => {
    expect((await served(new FakeModule(), [0.05, 0.8], true)).found).toEqual([
      [0, 0, 0],
      [1, 0.5, 5, true],
    ]);
  });

  it('leaves out what lies past its end, but not what is asked for afterwards', async () => {
    const { found } = await served(new FakeModule({}, 2, 0.5), [0.3, 0.7, 0.2]);
    expect(found.map(([sample]) => sample)).toEqual([0, 2]);
  });

  it('is not searched again for a picture behind its last', async () => {
    const module = new FakeModule();
    const { NaN: next } = Number;
    const { found } = await served(module, [0.85, next, ...Array(1000).fill(next), 0.2]);
    expect(found.map(([, timestamp]) => timestamp)).toEqual([0.8, 0.9, 0.2]);
    expect(module.steps).toBeLessThan(20);
  });

  it('can be read twice at once', async () => {
    const module = new FakeModule();
    const source = await openFfmpeg(module, file, signal);
    const first = source
      .frames(
        [
          { sample: 0, time: 0.3 },
          { sample: 1, time: 0.5 },
        ],
        signal,
      )
      [Symbol.asyncIterator]();
    const second = source.frames([{ sample: 0, time: 0.8 }], signal)[Symbol.asyncIterator]();
    await first.next();
    expect((await second.next()).value).toMatchObject({ timestamp: 0.8 });
    expect((await first.next()).value).toMatchObject({ timestamp: 0.5 });
    await first.return?.();
    await second.return?.();
    await source.close();
    expect(module.live).toBe(0);
  });

  it('stops at once when the run is cancelled, and lets other work have its turn', async () => {
    const module = new FakeModule({}, Number.POSITIVE_INFINITY);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const start = performance.now();
    await expect(openFfmpeg(module, file, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - start).toBeLessThan(500);
    expect(module.live).toBe(0);
  });
});

describe('a file that the browser decodes', () => {
  const webcodecs = { codec: 'vp8', description: null, reorder: false };

  it('has its packets decoded there', async () => {
    installWebCodecs();
    const module = new FakeModule({ codec: 'VP8', decodable: false, webcodecs });
    const { description, found } = await served(module, [0.35, 0.9]);
    expect(description).toMatchObject({ source: 'ffmpeg-webcodecs', codec: 'VP8' });
    expect(found).toEqual([
      [0, 0.3, 3],
      [1, 0.9, 9],
    ]);
    expect(open).toEqual({ frames: 0, decoders: 0, readers: 0 });
  });

  it('is told from one that breaks off by where its video ends, not its sound', async () => {
    installWebCodecs();
    const whole = new FakeModule({ duration: 3, videoEnd: 1, decodable: false, webcodecs });
    expect((await served(whole, [0.5, 2.5])).found).toHaveLength(2);
    const broken = new FakeModule({ duration: 3, videoEnd: 3, decodable: false, webcodecs });
    expect((await served(broken, [0.5, 2.5])).found).toHaveLength(1);
  });

  it('is refused, with its codec named, where neither decodes it', async () => {
    const module = new FakeModule({ container: 'Flash video', codec: 'H.264', decodable: false, webcodecs });
    await expect(openFfmpeg(module, file, signal)).rejects.toMatchObject({
      code: 'codec-unsupported',
      message: 'This Flash video file has H.264 video, which cannot be decoded here.',
      codec: 'H.264',
    });
    expect(module.live).toBe(0);
  });
});

it("the module's refusals come with what to do about them", async () => {
  const module: MediaModule = {
    liveHandles: () => 0,
    openVideo: () => ({ error: { code: 'file-encrypted', message: 'This video is encrypted.' } }),
  };
  await expect(openFfmpeg(module, file, signal)).rejects.toMatchObject({
    code: 'file-encrypted',
    hint: 'Choose a copy without copy protection.',
  });
});
