import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FrameSource, FramesOptions } from '../../../web/media/frame_source';
import { decodable, decodedFrames, provenToDecode } from '../../../web/media/packet_decoder';
import { decoded, type FakePacket, FakeTrack, installWebCodecs, open, POISON } from './fake_webcodecs';

const { signal } = new AbortController();

/** Ten pictures a second, numbered from 0, of which every fifth is a key picture. */
const plain = (count: number): FakePacket[] =>
  Array.from({ length: count }, (_, number) => ({ number, timestamp: number / 10, key: number % 5 === 0 }));

/** The same with pictures coded before the one that they are shown in front of; these nothing refers to. */
function reordered(count: number): FakePacket[] {
  const packets = plain(count);
  for (let at = 1; at + 1 < count; at += 5) {
    const [first, second] = [packets[at], packets[at + 1]];
    if (first === undefined || second === undefined) continue;
    packets[at] = second;
    packets[at + 1] = { ...first, disposable: true };
  }
  return packets;
}

async function served(track: FakeTrack, times: readonly number[], options?: FramesOptions) {
  const requests = times.map((time, sample) => ({ sample, time }));
  const found: { sample: number; timestamp: number; number: number; standsIn?: boolean | undefined }[] = [];
  for await (const { sample, timestamp, frame, standsIn } of decodedFrames(track, requests, signal, options)) {
    if (!('buffer' in frame)) throw new Error('not copied');
    found.push({ sample, timestamp, number: new Uint8Array(frame.buffer)[0] ?? -1, standsIn });
  }
  return found;
}

const numbers = async (track: FakeTrack, times: readonly number[]) =>
  (await served(track, times)).map(({ number }) => number);

beforeEach(installWebCodecs);

afterEach(() => {
  expect(open, 'all frames, decoders and readers are closed').toEqual({ frames: 0, decoders: 0, readers: 0 });
  vi.unstubAllGlobals();
});

describe.each([
  ['that knows when its pictures are shown', true],
  ['that does not', false],
])('a track %s', (_, indexed) => {
  it('gives for each time the last picture that starts no later', async () => {
    const track = new FakeTrack(reordered(20), indexed);
    expect(await served(track, [0, 0.1, 0.25, 0.999_999_5, 1.9])).toEqual(
      [0, 1, 2, 10, 19].map((number, sample) => ({ sample, timestamp: number / 10, number, standsIn: undefined })),
    );
  });

  it('gives one picture as often as it is asked for', async () => {
    expect(await numbers(new FakeTrack(plain(10), indexed), [0.31, 0.33, 0.33, 0.39])).toEqual([3, 3, 3, 3]);
  });

  it('gives its first picture for times before it', async () => {
    const late = plain(10).map((packet) => ({ ...packet, timestamp: packet.timestamp + 2 }));
    expect(await numbers(new FakeTrack(late, indexed), [0, 1, 2.15])).toEqual([0, 0, 1]);
  });

  it('never shows pictures from before the clip begins', async () => {
    const early = plain(10).map((packet) => ({ ...packet, timestamp: packet.timestamp - 0.3 }));
    expect(await numbers(new FakeTrack(early, indexed), [0, 0.15])).toEqual([3, 4]);
  });

  it('lets its last picture stand where the clip goes on', async () => {
    expect(await numbers(new FakeTrack(plain(10), indexed), [0.95, 5, 9])).toEqual([9, 9, 9]);
  });

  it('ends where it breaks off, and still gives what comes before in a later row', async () => {
    const track = new FakeTrack(plain(10), indexed, 5);
    expect((await served(track, [0.5, 0.95, 1.2, 3, 0.2, 0.8])).map(({ sample }) => sample)).toEqual([0, 1, 4, 5]);
  });

  it('gives nothing, and does not fail, where all that is asked for lies past its break', async () => {
    expect(await numbers(new FakeTrack(plain(10), indexed, 5), [3, 4])).toEqual([]);
  });

  it('gives the pictures one after the other where no time is named', async () => {
    const { NaN: next } = Number;
    expect(await numbers(new FakeTrack(reordered(10), indexed), [next, next, next])).toEqual([0, 1, 2]);
    expect(await numbers(new FakeTrack(reordered(10), indexed), [0.45, next, next])).toEqual([4, 5, 6]);
    expect(await numbers(new FakeTrack(plain(10), indexed), [0.85, next, next])).toEqual([8, 9]);
  });

  it('goes on at the next key picture where it is damaged', async () => {
    const packets = plain(20);
    packets[7] = { number: POISON, timestamp: 0.7 };
    const found = await numbers(new FakeTrack(packets, indexed), [0.2, 0.7, 0.9, 1.2, 1.9]);
    expect(found[0]).toBe(2);
    expect(found.slice(3)).toEqual([12, 19]);
    expect(found).toHaveLength(5);
  });

  it('is decoded in one go for each ascending row', async () => {
    const track = new FakeTrack(plain(20), indexed);
    expect(await numbers(track, [0.2, 1.2, 0.1, 0.4])).toEqual([2, 12, 1, 4]);
  });

  it('is let go of when the run is cancelled or given up', async () => {
    const requests = [
      { sample: 0, time: 0 },
      { sample: 1, time: 1 },
    ];
    const stop = new AbortController();
    const run = decodedFrames(new FakeTrack(plain(20), indexed), requests, stop.signal);
    await run.next();
    stop.abort();
    await expect(run.next()).rejects.toMatchObject({ code: 'cancelled' });
    const left = decodedFrames(new FakeTrack(plain(20), indexed), requests, signal);
    await left.next();
    await left.return(undefined);
  });
});

it('pictures come with the layout in which the container shows them', async () => {
  for await (const { frame } of decodedFrames(new FakeTrack(plain(1)), [{ sample: 0, time: 0 }], signal)) {
    expect(frame).toMatchObject({ layout: { width: 1, height: 1, displayWidth: 7, displayHeight: 5, rotation: 90 } });
  }
});

it('only what the pictures asked for are made of is decoded', async () => {
  const track = new FakeTrack(reordered(20));
  expect(await numbers(track, [0.2, 1.6])).toEqual([2, 16]);
  // Of 0 to 4, what comes after 2 is not given; 1 and the pictures around 16 that nothing refers to are left out.
  expect(decoded).toEqual([0, 2, 15, 17, 16]);
});

it('where packets have times of decoding only, the nth picture has the nth smallest', async () => {
  const packets = plain(10).map((packet, index) => ({ ...packet, timestamp: index / 10 + 0.003 }));
  const track = new FakeTrack(packets, false, 1, true);
  expect((await served(track, [0.35, 0.9])).map(({ timestamp }) => timestamp)).toEqual([0.303, 0.803]);
});

describe('with key pictures only', () => {
  it('each request gets one near to it, which stands in unless it is the very picture', async () => {
    const found = await served(new FakeTrack(plain(20)), [0.02, 0.7, 0.8, 1.05], { keyFrames: true });
    expect(found.map(({ number, standsIn }) => [number, standsIn])).toEqual([
      [0, undefined],
      [5, true],
      [5, true],
      [10, undefined],
    ]);
    expect(decoded, 'nothing else is decoded, and nothing twice').toEqual([0, 5, 10]);
  });

  it('those that cannot be decoded are made up for by exact ones', async () => {
    const packets = plain(20);
    packets[5] = { number: POISON, timestamp: 0.5, key: true };
    const found = await served(new FakeTrack(packets), [0.02, 0.7, 1.25], { keyFrames: true });
    expect(found.map(({ sample }) => sample)).toEqual([0, 1, 2]);
    expect(found[2]).toMatchObject({ number: 12, standsIn: undefined });
  });
});

describe('before a source is chosen', () => {
  const sourceOver = (track: FakeTrack): FrameSource => ({
    sequential: false,
    description: { duration: 1, width: 1, height: 1, source: 'webcodecs', container: null, codec: null },
    frames: (requests, ending) => decodedFrames(track, requests, ending),
    close: async () => undefined,
  });

  it('a picture is decoded to prove that it can be', async () => {
    await provenToDecode(sourceOver(new FakeTrack(plain(10))), signal);
    const poisoned = sourceOver(new FakeTrack([{ number: POISON, timestamp: 0, key: true }]));
    await expect(provenToDecode(poisoned, signal)).rejects.toMatchObject({ code: 'file-corrupt' });
  });

  it('the browser is asked: for a decoder in software, unless pictures are large', async () => {
    expect(await decodable({ codec: 'vp8', codedWidth: 640, codedHeight: 480 })).toMatchObject({
      hardwareAcceleration: 'prefer-software',
    });
    expect(await decodable({ codec: 'vp8', codedWidth: 3840, codedHeight: 2160 })).not.toHaveProperty(
      'hardwareAcceleration',
    );
    expect(await decodable({ codec: 'none' })).toBeNull();
    vi.unstubAllGlobals();
    expect(await decodable({ codec: 'vp8' })).toBeNull();
  });
});
