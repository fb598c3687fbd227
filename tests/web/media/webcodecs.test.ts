import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unsuited } from '../../../web/media/unsuited';
import { openWebCodecs } from '../../../web/media/webcodecs';
import { decoded, installWebCodecs, open } from './fake_webcodecs';

const { signal } = new AbortController();

interface Recipe {
  pictures?: number;
  /** Seconds at which the video begins. */
  start?: number;
  /** Seconds of sound, which begins at 0. */
  sound?: number;
  width?: number;
}

/** Number of the nth picture: VP8 tells key pictures by the lowest bit of the first byte. */
const numberOf = (picture: number) => picture * 2 + (picture % 5 === 0 ? 0 : 1);

/** A WebM file with ten pictures a second, every fifth a key picture, whose first byte is their number. */
async function webm({ pictures = 20, start = 0, sound = 0, width = 4 }: Recipe): Promise<Blob> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const [video, audio] = [new EncodedVideoPacketSource('vp8'), new EncodedAudioPacketSource('opus')];
  if (pictures > 0) output.addVideoTrack(video);
  if (sound > 0) output.addAudioTrack(audio);
  await output.start();
  for (let at = 0; at < sound; at += 0.5) {
    const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: 48000 };
    await audio.add(new EncodedPacket(new Uint8Array([1]), 'key', at, 0.5), { decoderConfig });
  }
  for (let picture = 0; picture < pictures; ++picture) {
    const type = picture % 5 === 0 ? 'key' : 'delta';
    const data = new Uint8Array([numberOf(picture), 0, 0]);
    const decoderConfig = { codec: 'vp8', codedWidth: width, codedHeight: 2 };
    await video.add(new EncodedPacket(data, type, start + picture / 10, 0.1), { decoderConfig });
  }
  await output.finalize();
  return new Blob([target.buffer ?? new ArrayBuffer()]);
}

async function timestamps(file: Blob, times: readonly number[], keyFrames = false) {
  const source = await openWebCodecs(file, signal);
  const found: number[] = [];
  const requests = times.map((time, sample) => ({ sample, time }));
  for await (const { timestamp } of source.frames(requests, signal, { keyFrames })) found.push(timestamp);
  await source.close();
  return { description: source.description, found: found.map((time) => Number(time.toFixed(3))) };
}

beforeEach(installWebCodecs);

afterEach(() => {
  expect(open).toEqual({ frames: 0, decoders: 0, readers: 0 });
  vi.unstubAllGlobals();
});

describe('a WebM file', () => {
  it('is described', async () => {
    expect((await timestamps(await webm({}), [])).description).toEqual({
      duration: 2,
      width: 4,
      height: 2,
      source: 'webcodecs',
      container: 'WebM',
      codec: 'VP8',
    });
  });

  it('gives its pictures by their times, row by row', async () => {
    const { found } = await timestamps(await webm({}), [0.05, 0.75, 1.95, 0.3, 0.35]);
    expect(found).toEqual([0, 0.7, 1.9, 0.3, 0.3]);
  });

  it('is read from its key pictures on, without what lies between', async () => {
    await timestamps(await webm({}), [0.1, 1.75]);
    // The proof that it can be decoded takes the first picture.
    expect(decoded).toEqual([0, ...[0, 1].map(numberOf), ...[15, 16, 17].map(numberOf)]);
  });

  it('gives the nearest key picture where that will do', async () => {
    expect((await timestamps(await webm({}), [0.1, 0.4, 1.7], true)).found).toEqual([0, 0.5, 1.5]);
  });

  it('begins with its earliest track and ends with its latest', async () => {
    const { description, found } = await timestamps(await webm({ start: 1, sound: 5 }), [0, 1.25, 4.9]);
    expect(description.duration).toBeCloseTo(5, 2);
    expect(found).toEqual([1, 1.2, 2.9]);
    expect((await timestamps(await webm({ start: 1 }), [0.05])).description.duration).toBeCloseTo(2, 2);
  });

  it('that is cut off ends early, and still tells how long it was to be', async () => {
    const whole = await webm({ pictures: 100 });
    const cut = whole.slice(0, Math.floor(whole.size * 0.6));
    const { description, found } = await timestamps(cut, [1, 9.5]);
    expect(description.duration).toBeCloseTo(10, 2);
    expect(found).toEqual([1]);
  });
});

describe('a file is left to other sources', () => {
  it('where it is none that mediabunny knows', async () => {
    await expect(openWebCodecs(new Blob(['hello, this is a text']), signal)).rejects.toBeInstanceOf(Unsuited);
  });

  it('where the browser has no VideoDecoder', async () => {
    vi.unstubAllGlobals();
    await expect(openWebCodecs(await webm({}), signal)).rejects.toMatchObject(new Unsuited('VP8'));
  });

  it('where the browser does not decode its codec, which is told', async () => {
    vi.stubGlobal('VideoDecoder', { isConfigSupported: async () => ({ supported: false }) });
    await expect(openWebCodecs(await webm({}), signal)).rejects.toMatchObject(new Unsuited('VP8'));
  });
});

describe('a file is refused', () => {
  it('where it has sound only', async () => {
    await expect(openWebCodecs(await webm({ pictures: 0, sound: 2 }), signal)).rejects.toMatchObject({
      code: 'no-video-track',
    });
  });

  it('where its pictures are larger than can be read', async () => {
    await expect(openWebCodecs(await webm({ width: 9000 }), signal)).rejects.toMatchObject({ code: 'frame-too-large' });
  });

  it('where it is gone', async () => {
    const gone = {
      size: 9,
      slice: () => gone,
      arrayBuffer: () => Promise.reject(new DOMException('x', 'NotReadableError')),
    };
    Object.setPrototypeOf(gone, Blob.prototype);
    await expect(openWebCodecs(gone as unknown as Blob, signal)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
