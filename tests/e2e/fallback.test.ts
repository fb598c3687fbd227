import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult } from '../../web/lib/types';
import { launchChromium } from './support/chromium';
import { ClassifierPage } from './support/classifier_page';
import { clips } from './support/clips';
import { expectSameScores } from './support/same_scores';
import { type PageServer, servePage } from './support/server';
import { withModel } from './support/shipped_model';

/** What WebCodecs adds to pages and workers. */
const WEBCODECS = [
  'VideoFrame',
  'VideoDecoder',
  'VideoEncoder',
  'EncodedVideoChunk',
  'VideoColorSpace',
  'ImageDecoder',
];

let server: PageServer;
let browser: Browser;
/** What the browser says of the clips with all that it can do. */
let whole: ClipResult[];

const FILES = () => [clips.variableRate(), clips.phone()];

async function classifyAll(context: BrowserContext): Promise<ClipResult[]> {
  const opened = await ClassifierPage.loaded(context, server.url);
  const results: ClipResult[] = [];
  for (const file of FILES()) results.push(await opened.classify(file));
  expect(opened.complaints).toEqual([]);
  await context.close();
  return results;
}

/**
 * The page with the model in floats: pictures that are drawn differ in their last bits from those that are decoded, and in integers a
 * frame may fall on either side of a quantum for less.
 */
const serveInFloats = () => servePage({ intercept: withModel({ default_variant: 'fp32' }) });

beforeAll(async () => {
  server = await serveInFloats();
  browser = await launchChromium();
  whole = await classifyAll(await browser.newContext());
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Takes WebCodecs away from the pages of a context, and from their workers before these are given a file. */
async function withoutWebCodecs(context: BrowserContext): Promise<void> {
  const remove = (names: string[]) => {
    for (const name of names) Reflect.deleteProperty(globalThis, name);
  };
  await context.addInitScript(remove, WEBCODECS);
  context.on('page', (page) => page.on('worker', (worker) => worker.evaluate(remove, WEBCODECS)));
}

async function expectTheSame(results: ClipResult[]) {
  expect(results).toHaveLength(whole.length);
  for (const [index, result] of results.entries()) {
    const expected = whole[index];
    if (expected === undefined) throw new Error('a clip is missing');
    expect(expected.file.source).toBe('webcodecs');
    expect(result.file.source).toBe('video-element');
    expectSameScores(result, expected, result.file.name);
    expectSameScores(result.first, expected.first, `first look at ${result.file.name}`);
    expect(result.samples.map(({ time }) => time)).toEqual(expected.samples.map(({ time }) => time));
  }
}

describe('a browser without WebCodecs', () => {
  it('gives the same answers', async () => {
    const context = await browser.newContext();
    await withoutWebCodecs(context);
    await expectTheSame(await classifyAll(context));
  });
});

describe('a browser without WebCodecs and without requestVideoFrameCallback', () => {
  it('gives the same answers, and cannot say when a frame began', async () => {
    const context = await browser.newContext();
    await withoutWebCodecs(context);
    await context.addInitScript(() => {
      Reflect.deleteProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback');
      Reflect.deleteProperty(HTMLVideoElement.prototype, 'cancelVideoFrameCallback');
    });
    const results = await classifyAll(context);
    await expectTheSame(results);
    for (const { samples } of results) {
      for (const { time, timestamp } of samples) expect(timestamp).toBe(time);
    }
  });
});
