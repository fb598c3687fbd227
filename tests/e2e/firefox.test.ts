import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult } from '../../web/lib/types';
import { named, pathOf } from '../web/corpus/corpus_files';
import { mistakes, sampleTimes } from '../web/corpus/corpus_truth';
import { CLASSIFYING, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { serveLibrary, unwrapped } from './support/library_page';
import { type PageServer, servePage } from './support/server';
import './library/library';

let server: PageServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  server = await servePage();
  browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    protocolTimeout: CLASSIFYING,
    // Firefox asks its maker for settings and lists when it starts; here it is to be quiet.
    extraPrefsFirefox: {
      'services.settings.server': 'data:,#remote-settings-dummy/v1',
      'network.captive-portal-service.enabled': false,
    },
  });
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function choose(file: string): Promise<void> {
  const input = (await page.waitForSelector('>>> input[type=file]')) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(file);
}

async function text(selector: string): Promise<string> {
  const element = await page.waitForSelector(selector, { timeout: CLASSIFYING });
  return (await element?.evaluate((found) => found.textContent ?? '')) ?? '';
}

describe('Firefox', () => {
  it('classifies a clip of a cyclist as biking, without a complaint and without a request', async () => {
    await page.waitForSelector('>>> load-status >>> .ready', { timeout: LOADING });
    // Further workers join in the background; the core's script is the last that each asks for.
    const usual = await page.evaluate(() => Math.min(4, navigator.hardwareConcurrency));
    const cores = () => server.requests.filter((path) => /\/actionscope(_relaxed)?-[^/]*\.js/.test(path)).length;
    await expect.poll(cores, { timeout: LOADING }).toBe(usual);
    await expect
      .poll(() => server.requests.join(), { timeout: LOADING })
      .toMatch(/\/media_entry-.*\/views-|\/views-.*\/media_entry-/);
    server.forget();
    await choose(clips.cyclist());
    const show = await page.waitForSelector('>>> result-export >>> button[aria-controls=json]', {
      timeout: CLASSIFYING,
      visible: true,
    });
    expect(server.requests).toEqual([]);
    await show?.click();
    const result: ClipResult = JSON.parse(await text('>>> #json:not(:empty)'));
    expect(result).toMatchObject({ answer: 'biking', sure: true, endedEarly: false });
    expect(result.confidence).toBeGreaterThan(0.9);
    expect(result.samples).toHaveLength(40);
    expect(complaints).toEqual([]);
  });
});

describe('Firefox, with the library on a bare page,', () => {
  const files = [
    ...['scene.mp4', 'scene.mkv', 'scene.ts', 'vp9.webm', 'trimmed.mp4', 'turned90.mp4', 'turned90_mirrored.mp4'],
    ...['scene.avi', 'scene.flv', 'mpeg4_b.avi', 'mpeg2.mpg', 'wmv2.wmv', 'uneven.avi', 'animated.gif', 'still.png'],
  ];
  let pages: PageServer;
  let bare: Page;

  beforeAll(async () => {
    pages = await serveLibrary();
    bare = await browser.newPage();
    await bare.goto(pages.url);
    const input = (await bare.waitForSelector('input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(...files.map((name) => pathOf({ name })), clips.avi());
  });

  afterAll(async () => {
    await bare?.close();
    await pages?.close();
  });

  it.each(files)('shows the right picture at its right time of %s', async (name) => {
    const file = named(name);
    const { description, shown } = unwrapped(await bare.evaluate((name) => library.pictures(name), name));
    expect(mistakes(file, shown)).toEqual([]);
    expect(shown).toHaveLength(sampleTimes(description.duration).length);
    expect(description).toMatchObject({ width: file.width, height: file.height });
    expect(description.source).toBeOneOf(file.sources);
  });

  it('classifies an AVI file', async () => {
    const { file, samples, endedEarly } = unwrapped(await bare.evaluate(() => library.classify('street.avi')));
    expect(file).toMatchObject({ source: 'ffmpeg-module', container: 'AVI', codec: 'MPEG-4 Part 2', duration: 2 });
    expect(samples).toHaveLength(20);
    expect(endedEarly).toBe(false);
  });
});
