import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FrameLayout } from '../../../web/lib/frame';
import type { MediaModule } from '../../../web/media/reader_module';
import { pathOf, readable } from './corpus_files';
import { type ReadableFile, sampleTimes } from './corpus_truth';
import { DiskFile, frameAt, loadModule, open } from './reader';

/** Decibels. */
const LIKE = 40;

const FLAGS = 'bicubic+accurate_rnd+full_chroma_int+full_chroma_inp';

/** Planes of a picture without gaps: bytes of a row and rows of each. */
function planesOf({ format, width, height }: FrameLayout): [rowBytes: number, rows: number][] {
  if (format !== 'I420') return [[4 * width, height]];
  const chroma: [number, number] = [(width + 1) >> 1, (height + 1) >> 1];
  return [[width, height], chroma, chroma];
}

/** The picture's bytes without gaps between rows and planes. */
function packed(bytes: Uint8Array, layout: FrameLayout): Uint8Array {
  const rows = planesOf(layout).flatMap(([rowBytes, count], plane) => {
    const { offset, stride } = layout.planes[plane] ?? { offset: Number.NaN, stride: 0 };
    return Array.from({ length: count }, (_, row) =>
      bytes.subarray(offset + row * stride, offset + row * stride + rowBytes),
    );
  });
  return Buffer.concat(rows);
}

/** All pictures of a file as native ffmpeg's C code decodes them, one after another, as they are stored. */
function nativePictures(file: ReadableFile, format: 'I420' | 'RGBA'): Uint8Array {
  const range = file.range === 'full' ? 'pc' : 'tv';
  const named = file.pixelFormat?.startsWith('yuv') ? `:in_color_matrix=${file.matrix}:in_range=${range}` : '';
  const toRgba = ['-vf', `scale=flags=${FLAGS}${named},format=rgba`];
  return execFileSync(
    'ffmpeg',
    [
      ...['-v', 'quiet', '-cpuflags', '0', '-threads', '1', '-noautorotate', '-i', pathOf(file), '-map', '0:V:0'],
      ...['-fps_mode', 'passthrough', ...(format === 'RGBA' ? toRgba : []), '-f', 'rawvideo', '-'],
    ],
    { maxBuffer: 2 ** 28 },
  );
}

/** Peak signal to noise ratio, in decibels, over all bytes but those of alpha. */
function psnr(one: Uint8Array, other: Uint8Array, hasAlpha: boolean): number {
  expect(one.length).toBe(other.length);
  let sum = 0;
  let count = 0;
  for (let index = 0; index < one.length; ++index) {
    if (hasAlpha && index % 4 === 3) continue;
    sum += ((one[index] ?? 0) - (other[index] ?? 0)) ** 2;
    ++count;
  }
  return 10 * Math.log10(255 ** 2 / (sum / count));
}

let modules: Record<'decodes' | 'hevc', MediaModule>;

beforeAll(async () => {
  modules = {
    decodes: await loadModule('actionscope_media'),
    hevc: await loadModule('actionscope_media_hevc'),
  };
});

const whole = readable.filter(
  ({ module, features }) => (module === 'decodes' || module === 'hevc') && !features.includes('fault'),
);

describe(`pictures are like native ffmpeg's, by at least ${LIKE} dB, of`, () => {
  it.each(whole.map((file) => [file.name, file.title, file] as const))('%s (%s)', (_name, _title, file) => {
    const disk = new DiskFile(pathOf(file));
    const video = open(modules[file.module as 'decodes' | 'hevc'], disk);
    const planar = file.pixelFormat === 'yuv420p' || file.pixelFormat === 'yuvj420p';
    const native = nativePictures(file, planar ? 'I420' : 'RGBA');
    let compared = 0;
    for (const time of sampleTimes(file.duration ?? 1).filter((_, index) => index % 3 === 1 || index === 0)) {
      const frame = frameAt(video, time);
      if (frame === null) throw new Error(`nothing at ${time}`);
      const { layout, bytes } = frame;
      // After a change of size ffmpeg scales what follows to the first size.
      if (layout.width !== file.storedWidth) continue;
      expect(layout.format).toBe(planar ? 'I420' : 'RGBA');
      if (planar) expect(layout).toMatchObject({ matrix: file.matrix, range: file.range });
      const picture = packed(bytes, layout);
      const index = file.times.findLastIndex((start) => start <= time + 1e-6);
      const expected = native.subarray(picture.length * Math.max(0, index), picture.length * (Math.max(0, index) + 1));
      expect(psnr(picture, expected, !planar), `at ${time}`).toBeGreaterThanOrEqual(LIKE);
      ++compared;
    }
    expect(compared).toBeGreaterThan(0);
    video.delete();
    disk.close();
  });
});
