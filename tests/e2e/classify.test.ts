import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult, FrameSourceName } from '../../web/lib/types';
import { launchChromium } from './support/chromium';
import { ClassifierPage } from './support/classifier_page';
import { clips } from './support/clips';
import { type PageServer, servePage } from './support/server';
import { MODEL, VARIANT, withModel } from './support/shipped_model';

const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const variant = MODEL.variants[VARIANT];
const labels: string[] = MODEL.labels.map(({ id }: { id: string }) => id);
const goldens = readJson('../golden/files.json');

/** Of 25 frames a second, every other of the 10 samples a second lies in the middle of a frame; then both neighbours are right. */
const FRAME = 1 / 25;

let server: PageServer;
let browser: Browser;
let context: BrowserContext;
let opened: ClassifierPage;

beforeAll(async () => {
  server = await servePage();
  browser = await launchChromium();
  context = await browser.newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(server.url).origin });
  opened = await ClassifierPage.loaded(context, server.url);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** What holds of every result, whatever the clip. */
function expectWhole(result: ClipResult, file: string, source: FrameSourceName = 'webcodecs') {
  for (const scores of [result, result.first, ...result.windows]) {
    expect(Object.keys(scores.probabilities)).toEqual(labels);
    expect(sum(Object.values(scores.probabilities))).toBeCloseTo(1, 4);
    expect(scores.confidence).toBe(Math.max(...Object.values(scores.probabilities)));
    expect(scores.probabilities[scores.answer]).toBe(scores.confidence);
    expect(scores.sure).toBe(scores.confidence >= variant.thresholds.answer);
  }
  for (const label of labels) {
    const mean = sum(result.windows.map(({ probabilities }) => probabilities[label] ?? 0)) / result.windows.length;
    expect(result.probabilities[label]).toBeCloseTo(mean, 4);
  }
  for (const { time, timestamp } of result.samples) {
    expect(timestamp).toBeLessThanOrEqual(time + 1e-5);
  }
  expect(result).toMatchObject({
    format: 'actionscope-result',
    formatVersion: 1,
    model: { name: MODEL.name, version: MODEL.version, variant: VARIANT },
    engine: { name: 'native', version: readJson('../../package.json').version, simd: 'relaxed', steppedDown: null },
    actionscope: readJson('../../package.json').version,
  });
  expect(result.file).toMatchObject({
    name: basename(file),
    size: readFileSync(file).byteLength,
    source,
  });
}

const times = (result: ClipResult) => result.samples.map(({ time }) => time);
const tenths = (count: number) => Array.from({ length: count }, (_, index) => (index + 0.5) / 10);

function expectTimes(result: ClipResult, expected: number[]) {
  expect(times(result)).toHaveLength(expected.length);
  for (const [index, time] of times(result).entries()) expect(time).toBeCloseTo(expected[index] ?? Number.NaN, 6);
}

describe('a clip of a cyclist', () => {
  it('is answered with biking, for sure, from the first look on', async () => {
    const result = await opened.classify(clips.cyclist());
    expectWhole(result, clips.cyclist());
    expect(result).toMatchObject({ answer: 'biking', sure: true, endedEarly: false, partial: false });
    expect(result.first.answer).toBe('biking');
    expect(result.confidence).toBeGreaterThan(0.9);
    expect(result.windows.map(({ answer }) => answer)).toEqual(['biking', 'biking', 'biking']);
  });

  it('shows the action in large, its confidence, every class as a bar and the facts of the file', async () => {
    const { page } = opened;
    const { confidence } = await opened.result();
    expect((await opened.headline.textContent())?.trim()).toBe('Biking');
    expect(await page.locator('answer-readout .confidence').textContent()).toBe(
      `Confidence ${Math.round(confidence * 100)}%`,
    );
    const bars = page.getByRole('list', { name: 'Probability of every action' }).getByRole('listitem');
    expect(await bars.count()).toBe(labels.length);
    expect(await bars.first().textContent()).toMatch(/^\s*Biking\s+9\d\.\d%\s*$/);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('cyclist.mp4');
    expect(await page.getByText('0:04.0 · 320 × 240').isVisible()).toBe(true);
    expect(await page.title()).toContain('Biking');
    await expect.poll(() => page.locator('run-facts dl').textContent()).toMatch(/Memory\s*(\d × )?1\d\.\d\sMB/);
  });

  it('gives the same JSON to save, to copy and to read', async () => {
    const read = await opened.result();
    const saved = await opened.save();
    await opened.button('Copy').click();
    await opened.spoken.filter({ hasText: 'Copied' }).waitFor();
    const copied = await opened.page.evaluate(() => navigator.clipboard.readText());
    expect(saved).toEqual({ name: 'cyclist.mp4.actionscope.json', content: read });
    expect(JSON.parse(copied)).toEqual(read);
  });

  it('shows the frames that it looked at; a click on one goes there in the player', async () => {
    const frames = opened.page.getByRole('toolbar', { name: 'Frames' }).getByRole('button');
    expect(await frames.count()).toBe(20);
    const pictures = await frames.locator('canvas').all();
    await expect
      .poll(() => Promise.all(pictures.map((one) => one.getAttribute('width'))), { timeout: 20_000 })
      .not.toContain('0');
    await frames.nth(7).click();
    const { samples } = await opened.result();
    const position = opened.page
      .locator('clip-player video')
      .evaluate((video) => (video as HTMLVideoElement).currentTime);
    expect(await position).toBeCloseTo(samples[15]?.time ?? Number.NaN, 3);
  });

  it('shows the answer window by window; a click on one goes there in the player', async () => {
    const windows = opened.page.getByRole('toolbar', { name: 'Answer window by window' }).getByRole('button');
    expect(await windows.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))).toEqual([
      expect.stringMatching(/^0:00\.1 to 0:02\.0: Biking, 9\d%$/),
      expect.stringMatching(/^0:01\.1 to 0:03\.0: Biking, 9\d%$/),
      expect.stringMatching(/^0:02\.1 to 0:04\.0: Biking, 9\d%$/),
    ]);
    await windows.nth(1).click();
    await expect.poll(() => windows.nth(1).getAttribute('aria-current')).toBe('true');
    const video = opened.page.locator('clip-player video');
    const position = await video.evaluate((element) => (element as HTMLVideoElement).currentTime);
    expect(position).toBeGreaterThan(1.05);
    expect(position).toBeLessThan(2.95);
  });
});

describe('ten seconds of a street', () => {
  it('give the probabilities that PyTorch gives, first look and answer', async () => {
    const result = await opened.classify(clips.bikes());
    expectWhole(result, clips.bikes());
    const [golden] = goldens.packaged;
    labels.forEach((label, index) => {
      expect(Math.abs((result.first.probabilities[label] ?? 1) - golden.first[index])).toBeLessThan(0.03);
      expect(Math.abs((result.probabilities[label] ?? 1) - golden.answer[index])).toBeLessThan(0.03);
    });
    expect(result.answer).toBe(labels[golden.answer.indexOf(Math.max(...golden.answer))]);
  });

  it('are looked at ten times a second, each time at the frame then shown, in windows of 2 s every second', async () => {
    const result = await opened.result();
    expectTimes(result, tenths(100));
    for (const { time, timestamp } of result.samples) expect(time - timestamp).toBeLessThan(FRAME + 1e-3);
    expect(result.windows.map(({ start }) => Math.round(start * 100))).toEqual([
      5, 105, 205, 305, 405, 505, 605, 705, 805,
    ]);
    expect(result.windows.map(({ end }) => Math.round(end * 100))).toEqual([
      195, 295, 395, 495, 595, 695, 795, 895, 995,
    ]);
    expect(result.file).toMatchObject({ duration: 10, width: 640, height: 272 });
  });

  it('at 320 x 240 are read at that size', async () => {
    const result = await opened.classify(clips.small());
    expectWhole(result, clips.small());
    expectTimes(result, tenths(100));
    expect(result.file).toMatchObject({ duration: 10, width: 320, height: 240 });
  });
});

describe('a clip that no browser plays', () => {
  it.each([
    ['in AVI', clips.smallAvi, { container: 'AVI', codec: 'MPEG-4 Part 2', duration: 10 }],
    ['of an iPhone', clips.hevc, { container: 'MP4', codec: 'HEVC (H.265)', duration: 1 }],
  ])('%s is classified all the same', async (_title, clip, facts) => {
    const result = await opened.classify(clip());
    expectWhole(result, clip(), 'ffmpeg-module');
    expectTimes(result, tenths(10 * facts.duration));
    expect(result.file).toMatchObject(facts);
    expect(result.endedEarly).toBe(false);
    for (const { time, timestamp } of result.samples) expect(time - timestamp).toBeLessThan(FRAME + 1e-3);
  });
});

describe('a clip that was filmed with the phone upright', () => {
  it('is looked at upright: the same answer as of a copy whose pixels were turned', async () => {
    const turned = await opened.classify(clips.phone());
    expectWhole(turned, clips.phone());
    expect(turned.file).toMatchObject({ width: 204, height: 272 });
    const upright = await opened.classify(clips.upright());
    expect(upright.file).toMatchObject({ width: 204, height: 272 });
    expect(turned.answer).toBe(upright.answer);
    for (const label of labels) {
      expect(Math.abs((turned.probabilities[label] ?? 1) - (upright.probabilities[label] ?? 0))).toBeLessThan(0.03);
    }
  });
});

describe('a clip whose frames come at uneven distances', () => {
  it('is sampled by time all the same, and says how old each frame was', async () => {
    const result = await opened.classify(clips.variableRate());
    expectWhole(result, clips.variableRate());
    expect(result.file.duration).toBeCloseTo(5, 0);
    expectTimes(result, tenths(Math.ceil(result.file.duration * 10 - 0.5)));
    const ages = result.samples.map(({ time, timestamp }) => time - timestamp);
    expect(Math.max(...ages)).toBeGreaterThan(2 * FRAME);
    expect(Math.max(...ages)).toBeLessThan(4 * FRAME + 1e-3);
  });
});

describe('a short clip', () => {
  it('of half a second is stretched to one window, so that first look and answer are one', async () => {
    const result = await opened.classify(clips.short());
    expectWhole(result, clips.short());
    expectTimes(result, tenths(5));
    expect(result.windows).toHaveLength(1);
    expect(result.first.probabilities).toEqual(result.probabilities);
  });

  it('of one frame has an answer', async () => {
    const result = await opened.classify(clips.oneFrame());
    expectWhole(result, clips.oneFrame());
    expect(times(result)).toEqual([0]);
    expect(result.windows).toHaveLength(1);
    expect(await opened.page.getByRole('toolbar', { name: 'Frames' }).getByRole('button').count()).toBe(1);
  });
});

describe('a clip whose file does not say how long it is', () => {
  it('is measured first and then looked at whole', async () => {
    const result = await opened.classify(clips.unknownLength());
    expectWhole(result, clips.unknownLength());
    expect(result.file.duration).toBeCloseTo(4, 0);
    expectTimes(result, tenths(40));
    expect(result.windows).toHaveLength(3);
    expect(result.endedEarly).toBe(false);
  });
});

describe('a clip of more than a minute', () => {
  it('is looked at in 30 windows spread evenly over it, and the page says so', async () => {
    const result = await opened.classify(clips.long());
    expectWhole(result, clips.long());
    expect(result.partial).toBe(true);
    expect(result.file.duration).toBeCloseTo(70, 1);
    const samples = 700;
    const starts = Array.from({ length: 30 }, (_, index) => Math.floor((index * (samples - 20)) / 29 + 0.5) * 10 + 5);
    expect(result.windows.map(({ start }) => Math.round(start * 100))).toEqual(starts);
    const note = 'A long clip: 30 windows spread evenly over 1:10.0 were looked at, not every moment of it.';
    expect(await opened.page.getByText(note).isVisible()).toBe(true);
  });
});

describe('after all these', () => {
  it('nothing has been complained about by the browser', () => {
    expect(opened.complaints).toEqual([]);
  });

  it('the clips of this visit can be called up again', async () => {
    await opened.button(/Biking.*cyclist\.mp4/).click();
    await opened.page.getByRole('heading', { level: 1, name: 'cyclist.mp4' }).waitFor();
    expect((await opened.result()).file.name).toBe('cyclist.mp4');
  });
});

describe('a model that asks to be nearly certain', () => {
  it('has the page say "None of these" of what is less likely, and what came closest', async () => {
    const variants = { [VARIANT]: { ...variant, thresholds: { answer: 0.9999 } } };
    const unsure = await servePage({ intercept: withModel({ variants }) });
    try {
      const page = await ClassifierPage.loaded(context, unsure.url);
      const result = await page.classify(clips.cyclist());
      expect(result).toMatchObject({ answer: 'biking', sure: false });
      expect((await page.headline.textContent())?.trim()).toBe('None of these');
      await page.page.getByText(/^\s*Closest: Biking, 9\d%\s*$/i).waitFor();
      await page.page.close();
    } finally {
      await unsure.close();
    }
  });
});
