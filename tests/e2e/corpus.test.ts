import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult } from '../../web/lib/types';
import { named, pathOf, readable, refused } from '../web/corpus/corpus_files';
import { mistakes, sampleTimes } from '../web/corpus/corpus_truth';
import { launchChromium } from './support/chromium';
import { clips, SQUARE } from './support/clips';
import { openLibrary, serveLibrary, unwrapped, watchMemory } from './support/library_page';
import type { PageServer } from './support/server';

/** Milliseconds that a single file may take; more is taken for a hang. */
const PATIENCE = 20_000;

/** How far the probabilities of one scene may be apart where the pictures are the same to decoder rounding. */
const ROUNDING = 0.02;

let server: PageServer;
let browser: Browser;
let page: Page;
/** What the browser complained about. */
const complaints: string[] = [];

/** One scene, the very same coded pictures or lossless copies of them. */
const sameScene = () => [
  ...['mov', 'mkv', 'ts', 'avi', 'flv', 'wmv', '3gp', 'h264'].map((extension) => clips.cyclistIn(extension)),
  clips.cyclistStart(),
  clips.cyclistIn('mpg', '-bsf:v', 'h264_mp4toannexb', '-f', 'vob'),
  clips.cyclistIn('ffv1.mkv', '-c:v', 'ffv1'),
  clips.cyclistIn('raw.avi', '-c:v', 'rawvideo'),
];

/** Clips of which the last picture is 10 s from the one key frame. */
const longWays = () => [clips.oneKey(), clips.oneKeyAvi()];

beforeAll(async () => {
  server = await serveLibrary();
  browser = await launchChromium();
  const square = existsSync(SQUARE) ? [SQUARE] : [];
  const paths = [...[...readable, ...refused].map(pathOf), ...sameScene(), ...longWays(), ...square];
  page = await openLibrary(browser, server.url, paths);
  page.on('pageerror', (error) => complaints.push(String(error)));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const pictures = async (name: string, strictlyAt?: number[]) =>
  unwrapped(
    await page.evaluate(({ name, options }) => library.pictures(name, options), {
      name,
      options: strictlyAt && { strictlyAt },
    }),
  );

const classify = async (name: string): Promise<ClipResult> =>
  unwrapped(await page.evaluate((name) => library.classify(name), name));

describe('of each sample, the right picture at its right time is shown of', () => {
  it.each(readable.map((file) => [file.name, file.title, file] as const))(
    '%s (%s)',
    async (name, _title, file) => {
      const { description, shown } = await pictures(name);
      expect(mistakes(file, shown)).toEqual([]);
      expect(description).toMatchObject({
        ...{ name, size: file.bytes, width: file.width, height: file.height },
        source: expect.toBeOneOf(file.sources),
        container: expect.any(String),
        codec: file.module === 'none' ? null : expect.any(String),
      });
      if (file.duration !== null) {
        const off = Math.abs(description.duration - file.duration);
        expect(off, 'seconds off').toBeLessThanOrEqual(file.durationTolerance + 1e-9);
      }
      if (/^yuvj?420p$/.test(file.pixelFormat ?? '')) {
        const { matrix, range } = file;
        for (const { colors } of shown) expect(colors).toEqual({ matrix, range });
      }
      const samples = sampleTimes(description.duration).length;
      if (file.endsEarly === false) expect(shown).toHaveLength(samples);
      if (file.endsEarly === true) expect(shown.length).toBeLessThan(samples);
    },
    PATIENCE,
  );
});

describe('pictures asked for in any order are the right ones of', () => {
  const some = [
    ...['scene.mp4', 'one_key.mp4', 'pyramid.mp4', 'vp9.webm', 'scene.ts', 'trimmed.mp4', 'delayed.mp4'],
    ...['scene.avi', 'scene.flv', 'scene.mpg', 'scene.h264', 'scene.wmv', 'vp8.avi'],
    ...['mpeg4_b.avi', 'mpeg2.mpg', 'mpeg2.ts', 'wmv2.wmv', 'hevc.mp4', 'one_key.avi', 'index_zeroed.avi'],
    ...['animated.gif', 'animated.webp', 'animated.avif', 'uneven.mp4', 'uneven.avi', 'long.avi', 'long.mp4'],
  ];
  it.each(some)(
    '%s',
    async (name) => {
      const file = named(name);
      const times = [0.97, 0.03, 0.5, 0.51, 0.49, 0.99, 0, 0.25].map((part) => part * (file.duration ?? 0));
      const { shown } = await pictures(name, times);
      expect(shown).toHaveLength(times.length);
      expect(mistakes(file, shown)).toEqual([]);
    },
    PATIENCE,
  );
});

describe('a file of which nothing can be shown is refused in words, with what to do:', () => {
  /** What names the container or the codec that is not known. */
  const names: Record<string, RegExp> = {
    'zmbv.avi': /AVI.*(ZMBV|Zip Motion)/i,
    'png.mov': /QuickTime.*PNG/,
    'snow.mkv': /Matroska.*Snow/i,
    'rv10.rm': /RealMedia/i,
  };
  it.each(refused.map(({ name, error, title }) => [name, title, error] as const))(
    '%s (%s): %s',
    async (name, _title, code) => {
      const { error } = await page.evaluate((name) => library.pictures(name), name);
      expect(error).toEqual({
        code,
        message: expect.stringMatching(names[name] ?? /^This .*\.$|^The picture is .*\.$/),
        hint: expect.stringMatching(code === 'codec-unsupported' ? /MP4 with H\.264/ : /^[A-Z].*\.$/),
      });
    },
    PATIENCE,
  );
});

describe('one scene in many containers', () => {
  it('shows the same pictures at the same times', async () => {
    const family = readable.filter(({ family }) => family === 'scene');
    expect(new Set(family.map(({ container }) => container)).size).toBeGreaterThanOrEqual(10);
    const times = sampleTimes(2);
    const [first, ...others] = await Promise.all(family.map(({ name }) => pictures(name, times)));
    const codes = (one: typeof first) => one?.shown.map(({ code }) => code);
    expect(codes(first)).toEqual(times.map((time) => Math.floor(time * 25)));
    for (const other of others) expect(codes(other), other.description.name).toEqual(codes(first));
  });

  it('has one answer', async () => {
    const results: ClipResult[] = [];
    for (const path of sameScene()) results.push(await classify(basename(path)));
    expect(new Set(results.map(({ file }) => file.container)).size).toBeGreaterThanOrEqual(9);
    expect(new Set(results.map(({ file }) => file.source))).toEqual(
      new Set(['webcodecs', 'ffmpeg-webcodecs', 'ffmpeg-module']),
    );
    for (const { file, answer, probabilities, endedEarly } of results) {
      expect({ answer, endedEarly }, file.name).toEqual({ answer: 'biking', endedEarly: false });
      for (const [label, probability] of Object.entries(probabilities)) {
        const apart = Math.abs(probability - (results[0]?.probabilities[label] ?? Number.NaN));
        expect(apart, `${file.name}: ${label}`).toBeLessThan(ROUNDING);
      }
    }
  });
});

describe('a broken file', () => {
  const early = readable.filter(({ endsEarly }) => endsEarly === true).map(({ name }) => name);
  it.each(early)('that announces more than it has is classified, and the result says so: %s', async (name) => {
    const { endedEarly, samples } = await classify(name);
    expect(endedEarly).toBe(true);
    expect(samples.length).toBeGreaterThan(7);
    expect(samples.length).toBeLessThan(20);
  });

  const others = readable.filter(({ features, endsEarly }) => features.includes('fault') && endsEarly !== true);
  it.each(others.map(({ name }) => name))('is classified all the same: %s', async (name) => {
    const { samples, endedEarly } = await classify(name);
    expect(samples.length).toBeGreaterThan(9);
    if (named(name).endsEarly === false) expect(endedEarly).toBe(false);
  });
});

describe('a clip of more than a minute', () => {
  it.each(['long.mp4', 'long.avi'])('has a first look from key frames only: %s', async (name) => {
    const looked = unwrapped(await page.evaluate((name) => library.firstLook(name), name));
    expect(looked).toHaveLength(20);
    for (const { time, timestamp } of looked) {
      // A key frame every 5 s.
      expect(timestamp / 5).toBeCloseTo(Math.round(timestamp / 5), 3);
      expect(Math.abs(timestamp - time)).toBeLessThanOrEqual(5);
    }
  });

  it.skipIf(!existsSync(SQUARE))(
    `from a package is shown where it is asked for${existsSync(SQUARE) ? '' : ' (not installed)'}`,
    async () => {
      const times = [79.45, 0.05, 40.05];
      const { description, shown } = await pictures(basename(SQUARE), times);
      expect(description).toMatchObject({
        ...{ width: 768, height: 576, duration: 79.5, source: 'ffmpeg-module' },
        container: 'AVI',
      });
      expect(shown.map(({ timestamp }) => timestamp.toFixed(3))).toEqual(['79.400', '0.000', '40.000']);
      const looked = unwrapped(await page.evaluate((name) => library.firstLook(name), basename(SQUARE)));
      expect(looked).toHaveLength(20);
    },
  );
});

describe('the reader', () => {
  it.each([0, 1])('stops within 100 ms when it is cancelled, far from any key frame (%i)', async (index) => {
    const name = basename(longWays()[index] ?? '');
    await pictures(name, [0]);
    expect(unwrapped(await page.evaluate((name) => library.cancelled(name, 30), name))).toBeLessThan(100);
  });

  it('holds no more memory after 200 opens and closes', async () => {
    const names = [
      'mpeg4.avi',
      'mpeg2.mpg',
      'scene.avi',
      'wmv2.wmv',
      'scene.mp4',
      'hollow.avi',
      'truncated.flv',
      'hevc.mp4',
    ];
    const other = await openLibrary(
      browser,
      server.url,
      names.map((name) => pathOf({ name })),
    );
    const show = (name: string) => other.evaluate((name) => library.pictures(name), name);
    const [worker] = await Promise.all([other.waitForEvent('worker'), show('scene.mp4')]);
    const memory = await watchMemory(worker);
    for (const name of names) await show(name);
    const before = await memory();
    expect(before).toHaveLength(2);
    for (let round = 0; round < 200; ++round) await show(names[round % names.length] ?? '');
    expect(await memory()).toEqual(before);
    await other.close();
  });
});

it('the browser has complained of nothing', () => {
  expect(complaints).toEqual([]);
});
