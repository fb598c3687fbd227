import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFfmpeg } from '../../../web/media/ffmpeg_reader';
import type { MediaModule } from '../../../web/media/reader_module';
import { ffmpeg, temporaryFolder } from '../cli/media';
import { named, pathOf, refused } from './corpus_files';
import { CodedError, DiskFile, frameAt, inMemory, loadModule, open, shownAt, stepped } from './reader';

let media: MediaModule;
let hevc: MediaModule;

beforeAll(async () => {
  media = await loadModule('actionscope_media');
  hevc = await loadModule('actionscope_media_hevc');
});

const folder = temporaryFolder();

/** One file of each container, small enough to be cut often. */
const CONTAINERS = [
  'mpeg4.mp4',
  'mjpeg.mov',
  'mpeg4_b.avi',
  'mpeg4.mkv',
  'mpeg2.mpg',
  'mpeg2.ts',
  'wmv2.wmv',
  'flv1.flv',
  'h263.3gp',
  'theora.ogv',
  'mpeg4.m4v',
  'mpeg2.m2v',
  'mjpeg.mjpeg',
  'dv.dv',
  'scene.avi',
  'scene.flv',
  'scene.ts',
  'scene.h264',
  'vp9.webm',
  'fragments.mp4',
];

const PLACES = 50;

/** What a file may be called that is cut somewhere. */
const CODES = ['file-empty', 'file-corrupt', 'not-a-video', 'clip-empty', 'no-video-track', 'codec-unsupported'];

/** Reads a file's pictures, or its packets, at its start, its middle and its end. */
function readThrough(module: MediaModule, bytes: Uint8Array): 'read' | 'refused' {
  try {
    const video = open(module, inMemory(bytes));
    try {
      const { duration, decodable } = video.description();
      for (const time of [0, duration / 2, duration]) {
        if (decodable) {
          frameAt(video, time);
          continue;
        }
        video.seekPacket(time);
        while (stepped(() => video.nextPacket(), 'working') !== 'end') video.packet();
      }
    } finally {
      video.delete();
    }
    return 'read';
  } catch (reason) {
    if (!(reason instanceof CodedError)) throw reason;
    expect(CODES).toContain(reason.code);
    return 'refused';
  }
}

describe(`cut at ${PLACES} places, a file is read or refused, without a crash, a hang or a leak:`, () => {
  it.each([...CONTAINERS.map((name) => [name, () => media] as const), ['hevc.ts', () => hevc] as const])(
    '%s',
    (name, module) => {
      const whole = readFileSync(pathOf({ name }));
      const outcomes = Array.from({ length: PLACES }, (_, place) =>
        readThrough(module(), whole.subarray(0, Math.floor((whole.length * place) / PLACES))),
      );
      expect(outcomes[0]).toBe('refused');
      expect(readThrough(module(), whole)).toBe('read');
      expect(module().liveHandles()).toBe(0);
    },
  );
});

describe('memory', () => {
  it('does not grow over 200 opens and closes', () => {
    const names = [
      'mpeg4.avi',
      'mpeg2.mpg',
      'wmv2.wmv',
      'flv1.flv',
      'svq1.mov',
      'huffyuv.avi',
      'mpeg2.ts',
      'scene.avi',
    ];
    const files = names.map((name) => readFileSync(pathOf({ name })));
    const memory = () => {
      const video = open(media, inMemory(files[0] as Uint8Array));
      const bytes = frameAt(video, 0.5)?.bytes.buffer.byteLength;
      video.delete();
      return bytes;
    };
    for (const file of files) readThrough(media, file);
    const before = memory();
    for (let round = 0; round < 200; ++round) readThrough(media, files[round % files.length] as Uint8Array);
    expect(memory()).toBe(before);
    expect(media.liveHandles()).toBe(0);
  });

  it('is given back where a file is refused', () => {
    for (const name of [
      'wide.avi',
      'wide.mp4',
      'noise.mpg',
      'hollow.avi',
      'no_moov.mp4',
      'no_frames.avi',
      'song.mp4',
    ]) {
      const code = refused.find((file) => file.name === name)?.error;
      for (let round = 0; round < 20; ++round) {
        expect(() => open(media, inMemory(readFileSync(pathOf({ name }))))).toThrow(expect.objectContaining({ code }));
      }
    }
    expect(media.liveHandles()).toBe(0);
  });
});

const MEBIBYTE = 2 ** 20;

/**
 * A copy of an AVI file with a hole in its list of frames, which takes no room on the disk: as large as AVI can be. Its index leads
 * past the hole.
 */
function withHole(name: string, hole: number): string {
  const whole = readFileSync(pathOf({ name }));
  const list = whole.indexOf('movi');
  const index = whole.lastIndexOf('idx1');
  const entries = whole.subarray(index + 8, index + 8 + whole.readUInt32LE(index + 4));
  const middle = Math.floor(entries.length / 32) * 16;
  // Offsets in the index count from the list's name.
  const split = list + entries.readUInt32LE(middle + 8);
  for (let at = middle; at < entries.length; at += 16) {
    entries.writeUInt32LE(entries.readUInt32LE(at + 8) + hole + 8, at + 8);
  }
  whole.writeUInt32LE(whole.readUInt32LE(4) + hole + 8, 4);
  whole.writeUInt32LE(whole.readUInt32LE(list - 4) + hole + 8, list - 4);
  const junk = Buffer.from('JUNK\0\0\0\0');
  junk.writeUInt32LE(hole, 4);

  const path = join(folder, `large-${name}`);
  const file = openSync(path, 'w');
  ftruncateSync(file, whole.length + hole + 8);
  writeSync(file, whole.subarray(0, split), 0, split, 0);
  writeSync(file, junk, 0, 8, split);
  writeSync(file, whole.subarray(split), 0, whole.length - split, split + 8 + hole);
  closeSync(file);
  return path;
}

describe('an AVI file of 4 GB', () => {
  it('is opened, and its end is shown, by reading little of it', () => {
    const file = new DiskFile(withHole('mpeg4.avi', 4_200_000_000));
    expect(file.size).toBeGreaterThan(4.2e9);
    const video = open(media, file);
    expect(video.description().duration).toBeCloseTo(2, 3);
    expect(file.bytesRead).toBeLessThan(2 * MEBIBYTE);
    for (const time of [0.05, 0.75, 1.95]) {
      const code = Math.floor(time * 25);
      expect(shownAt(video, time)).toEqual({ time, timestamp: expect.closeTo(code / 25, 3), code });
    }
    expect(file.bytesRead).toBeLessThan(4 * MEBIBYTE);
    video.delete();
    file.close();
  });
});

describe('a run that is cancelled', () => {
  it('ends within 100 ms, in the middle of a long way to the next key frame', async () => {
    const path = join(folder, 'one_key.avi');
    const source = 'testsrc2=size=1280x720:rate=25:duration=20';
    ffmpeg('-f', 'lavfi', '-i', source, '-c:v', 'mpeg4', '-q:v', '5', '-g', '600', path);
    const disk = new DiskFile(path);
    const opened = await openFfmpeg(media, disk, new AbortController().signal);
    const stop = new AbortController();
    const frames = opened.frames([{ sample: 0, time: 19.9 }], stop.signal)[Symbol.asyncIterator]();
    let cancelled = Number.NaN;
    setTimeout(() => {
      cancelled = performance.now();
      stop.abort();
    }, 100);
    await expect(frames.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - cancelled).toBeLessThan(100);
    await opened.close();
    disk.close();
    expect(media.liveHandles()).toBe(0);
  });
});

describe('several that read one file at a time', () => {
  it('do not disturb each other', () => {
    const { times } = named('mpeg4_b.avi');
    const bytes = readFileSync(pathOf({ name: 'mpeg4_b.avi' }));
    const [one, other] = [open(media, inMemory(bytes)), open(media, inMemory(bytes))];
    for (const [index, time] of times.entries()) {
      expect(shownAt(one, time)?.code).toBe(index);
      expect(shownAt(other, times.at(-1 - index) ?? 0)?.code).toBe(times.length - 1 - index);
    }
    one.delete();
    other.delete();
    expect(media.liveHandles()).toBe(0);
  });
});
