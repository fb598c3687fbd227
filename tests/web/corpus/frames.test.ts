import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MediaModule, Video } from '../../../web/media/reader_module';
import { pathOf, readable, refused } from './corpus_files';
import { isSure, mistakes, type ReadableFile, type Shown, sampleTimes } from './corpus_truth';
import { CodedError, DiskFile, inMemory, loadModule, open, shownAt, stepped } from './reader';

let modules: Record<'decodes' | 'demuxes' | 'hevc', MediaModule>;

beforeAll(async () => {
  const media = await loadModule('actionscope_media');
  modules = { decodes: media, demuxes: media, hevc: await loadModule('actionscope_media_hevc') };
});

afterEach(() => {
  for (const module of Object.values(modules)) expect(module.liveHandles()).toBe(0);
});

/** Every so many in another order: forwards and back, near and far. */
function shuffled<T>(items: readonly T[]): T[] {
  return items.map((_, index) => items[(index * 7 + 3) % items.length] as T);
}

function expectDescribed(video: Video, file: ReadableFile) {
  const said = video.description();
  const { storedWidth, storedHeight, displayWidth, displayHeight, rotation, flip } = file;
  expect(said).toMatchObject({
    ...{ width: storedWidth, height: storedHeight, displayWidth, displayHeight, rotation, flip },
    container: expect.any(String),
    codec: expect.any(String),
  });
  expect(said.duration).toBeGreaterThan(0);
  if (file.duration !== null) {
    expect(Math.abs(said.duration - file.duration), 'seconds off').toBeLessThanOrEqual(file.durationTolerance + 1e-9);
  }
}

/** Opens a file of the corpus for as long as `use` takes. */
function withVideo<T>(file: ReadableFile, module: MediaModule, use: (video: Video) => T): T {
  const disk = new DiskFile(pathOf(file));
  const video = open(module, disk);
  try {
    return use(video);
  } finally {
    video.delete();
    disk.close();
  }
}

const decoded = readable.filter(({ module }) => module === 'decodes' || module === 'hevc');

describe('of each sample, the right frame at its right time is decoded of', () => {
  it.each(decoded.map((file) => [file.name, file.title, file] as const))('%s (%s)', (_name, _title, file) => {
    withVideo(file, modules[file.module as 'decodes' | 'hevc'], (video) => {
      expectDescribed(video, file);
      expect(video.description().decodable).toBe(true);
      const times = sampleTimes(video.description().duration);
      const shown: Shown[] = [];
      for (const time of times) {
        const each = shownAt(video, time);
        if (each === null) break;
        shown.push(each);
      }
      expect(mistakes(file, shown)).toEqual([]);
      if (file.endsEarly === false) expect(shown).toHaveLength(times.length);
      if (file.endsEarly === true) expect(shown.length).toBeLessThan(times.length);
      const sure = shown.filter(({ time }) => isSure(file, time));
      const again = shuffled(sure).map(({ time }) => shownAt(video, time));
      expect(again).toEqual(shuffled(sure));
    });
  });
});

describe('the frames that follow one another are each had once of', () => {
  it.each(decoded.map((file) => [file.name, file] as const))('%s', (_name, file) => {
    withVideo(file, modules[file.module as 'decodes' | 'hevc'], (video) => {
      const timestamps: number[] = [];
      for (;;) {
        video.aimNext();
        if (stepped(() => video.step(), 'working') === 'end') break;
        timestamps.push(video.frame().value?.timestamp ?? Number.NaN);
      }
      // Of broken files every frame may be had but those that are lost.
      const sure = file.codes.indexOf(null);
      const shift = file.timeTolerance > 0.01 ? (timestamps[0] ?? 0) - (file.times[0] ?? 0) : 0;
      const expected = file.times.slice(0, sure < 0 ? undefined : sure).map((time) => time + shift);
      if (sure < 0) expect(timestamps).toHaveLength(expected.length);
      for (const [index, time] of expected.entries()) {
        expect(Math.abs((timestamps[index] ?? Number.NaN) - time), `frame ${index}`).toBeLessThanOrEqual(0.001);
      }
      expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b));
    });
  });
});

describe('a key frame near each time is decoded without others of', () => {
  it.each(['long.avi', 'one_key.avi', 'mpeg2.mpg', 'scene_ffv1.mkv'])('%s', (name) => {
    const file = decoded.find((each) => each.name === name) as ReadableFile;
    withVideo(file, modules.decodes, (video) => {
      for (const time of sampleTimes(video.description().duration).filter((_, index) => index % 7 === 3)) {
        video.aimNear(time);
        expect(stepped(() => video.step(), 'working')).toBe('frame');
        const { timestamp = Number.NaN } = video.frame().value ?? {};
        expect(file.times.some((start) => Math.abs(start - timestamp) <= 0.001)).toBe(true);
      }
    });
  });
});

describe('every packet, with the times of its frames, is handed to the browser of', () => {
  const demuxed = readable.filter(({ module }) => module === 'demuxes');
  it.each(demuxed.map((file) => [file.name, file.title, file] as const))('%s (%s)', (_name, _title, file) => {
    withVideo(file, modules.demuxes, (video) => {
      expectDescribed(video, file);
      expect(video.description()).toMatchObject({ decodable: false, webcodecs: { codec: expect.any(String) } });
      video.seekPacket(0);
      const packets: { timestamp: number; key: boolean; bytes: number }[] = [];
      while (stepped(() => video.nextPacket(), 'working') !== 'end') {
        const { timestamp, key, data } = video.packet();
        packets.push({ timestamp, key, bytes: data.length });
      }
      expect(packets[0]).toMatchObject({ key: true });
      expect(packets.every(({ bytes }) => bytes > 0)).toBe(true);
      // Packets before the clip's start serve only to decode others.
      const starts = packets.map(({ timestamp }) => timestamp).filter((timestamp) => timestamp > -0.001);
      starts.sort((a, b) => a - b);
      const sure = file.codes.indexOf(null);
      const expected = file.times.slice(0, sure < 0 ? undefined : sure);
      if (sure < 0) expect(starts).toHaveLength(expected.length);
      for (const [index, time] of expected.entries()) {
        expect(Math.abs((starts[index] ?? Number.NaN) - time), `packet ${index}`).toBeLessThanOrEqual(0.001);
      }
    });
  });
});

/** What names the container or the codec that is not known. */
const NAMES: Record<string, RegExp> = {
  'zmbv.avi': /AVI.*ZMBV|AVI.*Zip Motion/i,
  'png.mov': /PNG/,
  'snow.mkv': /Snow/i,
  'rv10.rm': /RealMedia/i,
};

describe('a file that cannot be read gives its own error:', () => {
  it.each(refused.map((file) => [file.name, file.error, file] as const))('%s: %s', (name, code, file) => {
    const disk = new DiskFile(pathOf(file));
    const attempt = () => {
      const video = open(modules.decodes, disk);
      try {
        shownAt(video, 0);
      } finally {
        video.delete();
      }
    };
    let thrown: unknown;
    try {
      attempt();
    } catch (reason) {
      thrown = reason;
    }
    disk.close();
    expect(thrown).toBeInstanceOf(CodedError);
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(/^[A-Z].*\.$/s) });
    if (NAMES[name] !== undefined) expect((thrown as CodedError).message).toMatch(NAMES[name]);
  });

  it('a file that can no longer be read: file-unreadable', () => {
    expect(() => open(modules.decodes, { size: 1000, read: () => null })).toThrow(
      expect.objectContaining({ code: 'file-unreadable' }),
    );
    const gone = () => {
      throw new Error('gone');
    };
    expect(() => open(modules.decodes, { size: 1000, read: gone })).toThrow(
      expect.objectContaining({ code: 'file-unreadable' }),
    );
  });

  it('a file that cannot be read any more in its middle, after it was opened: file-unreadable', () => {
    const disk = new DiskFile(pathOf({ name: 'rgb.avi' }));
    const bytes = disk.read(0, disk.size);
    disk.close();
    let there = true;
    const whole = inMemory(bytes);
    const video = open(modules.decodes, { size: whole.size, read: (...at) => (there ? whole.read(...at) : null) });
    expect(shownAt(video, 0)?.code).toBe(0);
    there = false;
    expect(() => shownAt(video, 1.9)).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
    video.delete();
  });
});
