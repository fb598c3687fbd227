import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DiskFile } from '../../../web/cli/disk_file';
import { openSystemFfmpeg } from '../../../web/cli/ffmpeg_source';
import { mediaModules } from '../../../web/cli/media_modules';
import { openClip } from '../../../web/cli/open_clip';
import { type Frame, isVideoFrame } from '../../../web/lib/frame';
import type { FrameSource } from '../../../web/media/frame_source';
import { countedClip, cut, ffmpeg, temporaryFolder } from './media';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const RATE = 10;
const modules = mediaModules();

/** 20 frames a second for 2 s, without loss. */
const counted = countedClip(file('counted.mkv'), 20, 2, '-bf', '2');

function made(name: string, ...args: string[]): string {
  ffmpeg('-i', counted, ...args, file(name));
  return file(name);
}

const requests = Array.from({ length: 20 }, (_, sample) => ({ sample, time: (sample + 0.5) / RATE }));

/** The luma of the stored picture, row after row. */
function lumaOf(frame: Frame): number[] {
  if (isVideoFrame(frame)) throw new Error('not in Node');
  const { width, height, planes, format } = frame.layout;
  expect(format).toBe('I420');
  const [{ offset, stride } = { offset: 0, stride: 0 }] = planes;
  const bytes = new Uint8Array(frame.buffer);
  return Array.from({ length: height }, (_, y) => [
    ...bytes.subarray(offset + y * stride, offset + y * stride + width),
  ]).flat();
}

async function delivered(source: FrameSource) {
  const taken: { timestamp: number; luma: number[] }[] = [];
  for await (const { timestamp, frame } of source.frames(requests, new AbortController().signal)) {
    taken.push({ timestamp, luma: lumaOf(frame) });
  }
  await source.close();
  return taken;
}

/** Opens a file, and closes both when the work is done. */
async function opened<T>(path: string, work: (source: FrameSource) => Promise<T> | T): Promise<T> {
  const disk = DiskFile.open(path);
  try {
    const source = await openClip(disk, RATE, modules);
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  } finally {
    disk.close();
  }
}

const described = (path: string) => opened(path, ({ description }) => description);

async function codeOf(path: string): Promise<string> {
  return opened(path, () => 'none').catch((error) => error.code);
}

afterEach(() => {
  expect(modules.usual.liveHandles() + modules.hevc.liveHandles()).toBe(0);
  vi.unstubAllEnvs();
});

describe('a file of a codec that our module decodes', () => {
  it.each([
    ['mpeg4.avi', 'AVI', 'MPEG-4 Part 2', ['-c:v', 'mpeg4', '-q:v', '1', '-bf', '2']],
    [
      'mpeg2.mpg',
      'MPEG',
      'MPEG-2',
      ['-vf', 'scale=320:160:flags=neighbor', '-c:v', 'mpeg2video', '-q:v', '1', '-r', '25'],
    ],
    ['wmv2.wmv', 'Windows Media', 'Windows Media Video 8', ['-c:v', 'wmv2', '-q:v', '1']],
    ['flv1.flv', 'Flash Video', 'Sorenson Spark', ['-c:v', 'flv1', '-q:v', '1']],
    ['mpeg4.mp4', 'MP4', 'MPEG-4 Part 2', ['-c:v', 'mpeg4', '-q:v', '1']],
  ])('%s is read by it, as ffmpeg would', async (name, container, codec, args) => {
    const path = made(name, ...args);
    expect(await described(path)).toMatchObject({
      ...{ source: 'ffmpeg-module', container, codec },
      duration: expect.closeTo(2, 1),
    });
    const ours = await opened(path, delivered);
    const theirs = await delivered(await openSystemFfmpeg(path, RATE, { container, codec, duration: 2 }));
    expect(ours.map(({ timestamp }) => timestamp.toFixed(3))).toEqual(
      theirs.map(({ timestamp }) => timestamp.toFixed(3)),
    );
    // Decoders of other instruction sets differ in the last bits.
    for (const [index, { luma }] of ours.entries()) {
      const other = theirs[index]?.luma ?? [];
      expect(Math.max(...luma.map((value, at) => Math.abs(value - (other[at] ?? 0))))).toBeLessThanOrEqual(2);
    }
  });

  it('needs no ffmpeg to be there', async () => {
    const path = made('alone.avi', '-c:v', 'mjpeg', '-q:v', '2');
    vi.stubEnv('PATH', folder);
    expect(await described(path)).toMatchObject({ source: 'ffmpeg-module', codec: 'Motion JPEG' });
  });
});

describe('a file of HEVC', () => {
  it('is read by the module for that', async () => {
    const path = made('hevc.mp4', '-c:v', 'libx265', '-x265-params', 'log-level=error');
    vi.stubEnv('PATH', folder);
    expect(await described(path)).toMatchObject({ source: 'ffmpeg-module', container: 'MP4', codec: 'HEVC (H.265)' });
    expect(await opened(path, delivered)).toHaveLength(requests.length);
  });
});

describe('a file of a codec that only browsers decode', () => {
  it('is read by ffmpeg, with the words and the length that the module tells', async () => {
    const path = made('copied.flv', '-c', 'copy');
    expect(await described(path)).toMatchObject({
      ...{ source: 'ffmpeg', container: 'Flash Video', codec: 'H.264' },
      duration: expect.closeTo(2, 2),
    });
    expect(await opened(path, delivered)).toHaveLength(requests.length);
  });

  it('says what is missing where there is no ffmpeg', async () => {
    vi.stubEnv('PATH', folder);
    expect(await codeOf(counted)).toBe('ffmpeg-missing');
  });
});

describe('a picture', () => {
  it('is a clip of no length', async () => {
    const path = made('still.png', '-frames:v', '1');
    expect(await described(path)).toMatchObject({ source: 'ffmpeg', container: 'PNG', duration: 0 });
  });

  it('that moves lasts as long as it does', async () => {
    const path = made('moving.gif');
    expect(await described(path)).toMatchObject({
      ...{ source: 'ffmpeg', container: 'GIF' },
      duration: expect.closeTo(2, 1),
    });
  });
});

it('a film of JPEGs is no picture, though it begins like one', async () => {
  const path = made('film.mjpeg', '-c:v', 'mjpeg', '-f', 'mjpeg');
  expect(await described(path)).toMatchObject({ source: 'ffmpeg-module', codec: 'Motion JPEG' });
});

it('a file of a kind that only ffmpeg knows is left to it', async () => {
  const path = made('counted.nut', '-c', 'copy');
  expect(await described(path)).toMatchObject({ source: 'ffmpeg', container: null, codec: null });
});

describe('a file that cannot be used', () => {
  it('is told as missing, empty, no video, sound only, damaged, encrypted or too large', async () => {
    writeFileSync(file('empty.mp4'), '');
    writeFileSync(file('text.mp4'), 'This is no video at all, only words.\n'.repeat(50));
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', file('song.mp4'));
    cut(made('headless.mp4', '-c', 'copy'), 500);
    const key = '00112233445566778899aabbccddeeff';
    const encryption = ['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', key, '-encryption_kid', key];
    const codes: Record<string, string> = {
      [file('nowhere.mp4')]: 'file-unreadable',
      [folder]: 'file-unreadable',
      [file('empty.mp4')]: 'file-empty',
      [file('text.mp4')]: 'not-a-video',
      [file('song.mp4')]: 'no-video-track',
      [file('headless.mp4')]: 'file-corrupt',
      [made('encrypted.mp4', '-c', 'copy', ...encryption)]: 'file-encrypted',
      [made('wide.avi', '-vf', 'scale=8200:16', '-c:v', 'mjpeg', '-frames:v', '1')]: 'frame-too-large',
    };
    for (const [path, code] of Object.entries(codes)) expect([path, await codeOf(path)]).toEqual([path, code]);
  });
});
