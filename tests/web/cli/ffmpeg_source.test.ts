import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSystemFfmpeg, pieces, selection } from '../../../web/cli/ffmpeg_source';
import type { SampleRequest } from '../../../web/lib/frame';
import { isVideoFrame } from '../../../web/lib/frame';
import { countedClip, cut, ffmpeg, lumaOf, temporaryFolder } from './media';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const RATE = 10;

/** What is known of a file beforehand. */
const KNOWN = { container: 'Matroska', codec: 'H.264', duration: null };

/** Samples `from` to `to` at (i + 0.5) / RATE. */
const samples = (from: number, to: number): SampleRequest[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ sample: from + index, time: (from + index + 0.5) / RATE }));

/** What a file delivers: sample, timestamp, and the number that the picture tells. */
async function delivered(path: string, requests: SampleRequest[], rate: number | null = RATE) {
  const source = await openSystemFfmpeg(path, rate, KNOWN);
  const taken: { sample: number; timestamp: number; index: number }[] = [];
  for await (const { sample, timestamp, frame } of source.frames(requests, new AbortController().signal)) {
    if (isVideoFrame(frame)) throw new Error('not of this source');
    const luma = new Uint8Array(frame.buffer)[0] as number;
    taken.push({ sample, timestamp, index: (luma - lumaOf(0)) / 2 });
  }
  await source.close();
  return { taken, description: source.description };
}

/** The last of these times that is no later, or the first. */
const shownAt = (times: number[], time: number) =>
  Math.max(
    0,
    times.findLastIndex((start) => start <= time + 1e-6),
  );

describe('frames through ffmpeg', () => {
  it.each([8, 10, 24, 30, 60])(
    'of %i frames a second are the last that start no later than each sample',
    async (rate) => {
      const path = countedClip(file(`${rate}.mkv`), rate, 1.5);
      const times = Array.from({ length: rate * 1.5 }, (_, index) => index / rate);
      const requests = samples(0, 14);
      const { taken, description } = await delivered(path, requests);
      expect(description).toMatchObject({
        width: 32,
        height: 16,
        source: 'ffmpeg',
        container: 'Matroska',
        codec: 'H.264',
      });
      expect(description.duration).toBeCloseTo(1.5, 2);
      expect(taken.map(({ index }) => index)).toEqual(requests.map(({ time }) => shownAt(times, time)));
      for (const { timestamp, index } of taken) expect(timestamp).toBeCloseTo(times[index] as number, 2);
    },
  );

  it('of a variable rate are too', async () => {
    // Ten frames close together, then every fifth.
    const path = countedClip(file('variable.mp4'), 30, 2, '-vf', "select='lt(n,10)+not(mod(n,5))'", '-fps_mode', 'vfr');
    const kept = Array.from({ length: 60 }, (_, index) => index).filter((index) => index < 10 || index % 5 === 0);
    const requests = samples(0, 18);
    const { taken } = await delivered(path, requests);
    const times = kept.map((index) => index / 30);
    expect(taken.map(({ index }) => index)).toEqual(requests.map(({ time }) => kept[shownAt(times, time)]));
  });

  it('are delivered of some samples only, where only some are asked for', async () => {
    const path = countedClip(file('some.mkv'), 10, 2);
    const requests = [...samples(2, 4), ...samples(11, 12)];
    const { taken } = await delivered(path, requests);
    expect(taken.map(({ sample, index }) => [sample, index])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
      [11, 11],
      [12, 12],
    ]);
  });

  it('of a clip that ends before its first sample are its first', async () => {
    const path = countedClip(file('short.mkv'), 100, 0.03);
    expect((await delivered(path, [{ sample: 0, time: 0 }])).taken).toEqual([{ sample: 0, timestamp: 0, index: 0 }]);
  });

  it('stand to the end where the sound is longer', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=2.5', '-c:a', 'aac'];
    const path = countedClip(file('sound.mp4'), 10, 1, ...sound);
    const { taken, description } = await delivered(path, samples(0, 23));
    expect(description.duration).toBeCloseTo(2.5, 1);
    expect(taken).toHaveLength(24);
    expect(taken.slice(9).every(({ index }) => index === 9)).toBe(true);
  });

  it('count from the start of a file that begins later', async () => {
    const path = countedClip(file('later.ts'), 10, 1, '-output_ts_offset', '7');
    const { taken } = await delivered(path, samples(0, 9));
    expect(taken.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(taken[3]?.timestamp).toBeCloseTo(0.3, 2);
  });

  it('are the first ones for a model that wants those', async () => {
    const path = countedClip(file('first.mkv'), 25, 1);
    const requests = [0, 1, 2].map((sample) => ({ sample, time: Number.NaN }));
    expect((await delivered(path, requests, null)).taken.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('end early, without an error, where the file breaks off', async () => {
    const path = countedClip(file('broken.mp4'), 30, 4, '-movflags', '+faststart');
    cut(path, statSync(path).size * 0.6);
    const { taken, description } = await delivered(path, samples(0, 39));
    expect(description.duration).toBeCloseTo(4, 1);
    expect(taken.length).toBeGreaterThan(5);
    expect(taken.length).toBeLessThan(39);
  });

  it.each([90, 180, 270])(
    'of a clip turned by %i degrees come with the turn that ffmpeg itself would make',
    async (degrees) => {
      // Stored: bright in the upper left corner only.
      const corner = "nullsrc=s=32x16:r=10:d=0.1,geq=lum='if(lt(X,8)*lt(Y,4),200,50)':cb=128:cr=128,format=yuv420p";
      ffmpeg('-f', 'lavfi', '-i', corner, '-c:v', 'libx264', '-qp', '0', file('straight.mp4'));
      ffmpeg('-i', file('straight.mp4'), '-c', 'copy', '-metadata:s:v:0', `rotate=${degrees}`, file('turned.mp4'));
      ffmpeg('-i', file('turned.mp4'), '-pix_fmt', 'gray', '-f', 'rawvideo', file('upright.raw'));
      const source = await openSystemFfmpeg(file('turned.mp4'), RATE, KNOWN);
      const { width, height } = source.description;
      const upright = readFileSync(file('upright.raw'));
      const bright = (x: number, y: number) => (upright[y * width + x] as number) > 100;
      // Where the corner is shown after clockwise turns by 90, 180 and 270 degrees: upper right, lower right, lower left.
      const corners = [bright(width - 1, 0), bright(width - 1, height - 1), bright(0, height - 1)];
      expect(corners.filter(Boolean)).toHaveLength(1);
      for await (const { frame } of source.frames(samples(0, 0), new AbortController().signal)) {
        expect(frame).toMatchObject({ layout: { width: 32, height: 16, rotation: 90 * (corners.indexOf(true) + 1) } });
      }
    },
  );

  it('stop when they are cancelled', async () => {
    const path = countedClip(file('cancelled.mkv'), 30, 3);
    const source = await openSystemFfmpeg(path, RATE, KNOWN);
    const stop = new AbortController();
    const frames = source.frames(samples(0, 29), stop.signal)[Symbol.asyncIterator]();
    await frames.next();
    stop.abort();
    await expect(frames.next()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('a file in which ffmpeg finds no video is told as that', async () => {
  writeFileSync(file('text.mp4'), 'This is no video at all, only words.\n'.repeat(50));
  ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'libvorbis', file('song.ogg'));
  await expect(openSystemFfmpeg(file('text.mp4'), RATE, KNOWN)).rejects.toMatchObject({ code: 'not-a-video' });
  await expect(openSystemFfmpeg(file('song.ogg'), RATE, KNOWN)).rejects.toMatchObject({ code: 'no-video-track' });
});

it('numbers to select are written as runs', () => {
  expect(selection([0, 1, 2, 7, 9, 10])).toBe('between(n,0,2)+between(n,7,7)+between(n,9,10)');
});

it('a stream is cut into pieces across its chunks, each in memory of its own, and a rest is dropped', async () => {
  const chunks = [[1], [2, 3, 4, 5, 6], [7, 8]].map((bytes) => Buffer.from(bytes));
  const stream = (async function* () {
    yield* chunks;
  })();
  const cutOut: number[][] = [];
  for await (const piece of pieces(stream, 3)) cutOut.push([...new Uint8Array(piece)]);
  expect(cutOut).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});
