import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult } from '../../web/lib/types';
import { CHROMIUM, QUIET } from './support/chromium';
import { CLASSIFYING, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { expectSameScores } from './support/same_scores';
import { type PageServer, servePage } from './support/server';

// With puppeteer, since Playwright makes every page believe that it is in front.

/** What usually keeps hidden pages at full speed under test; here they are to be slowed down as they are for a person. */
const UNREAL = [
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
];

let server: PageServer;
let browser: Browser;
let page: Page;
let other: Page;

beforeAll(async () => {
  server = await servePage();
  browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      ...QUIET,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${clips.cameras.cyclist()}`,
    ],
    ignoreDefaultArgs: UNREAL,
  });
  other = await browser.newPage();
  page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForSelector('>>> load-status >>> .ready', { timeout: LOADING });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const visibility = () => page.evaluate(() => document.visibilityState);

async function hide() {
  await other.bringToFront();
  await expect.poll(visibility).toBe('hidden');
}

async function show() {
  await page.bringToFront();
  await expect.poll(visibility).toBe('visible');
}

async function choose(file: string): Promise<void> {
  const input = (await page.waitForSelector('>>> input[type=file]')) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(file);
}

/** The title tells the answer, even of a tab that is hidden: `Biking, 96% – cyclist.mp4 – Actionscope`. */
const answered = (file: string) =>
  expect.poll(() => page.title(), { timeout: CLASSIFYING }).toMatch(new RegExp(`, [<>]?\\d+% – ${file} –`));

async function result(): Promise<ClipResult> {
  if ((await page.$('>>> #json:not(:empty)')) === null) {
    const show = await page.waitForSelector('>>> result-export >>> button[aria-controls=json]');
    await show?.click();
  }
  const json = await page.waitForSelector('>>> #json:not(:empty)');
  return JSON.parse((await json?.evaluate((element) => element.textContent)) ?? '');
}

const text = (selector: string) =>
  page.$(selector).then((found) => found?.evaluate((element) => element.textContent?.trim()));

describe('switching to another tab', () => {
  it('in the middle of a run does not spoil it: the same frames, the same answer', async () => {
    await choose(clips.upright());
    await answered('upright.mp4');
    const undisturbed = await result();
    await choose(clips.upright());
    await expect.poll(() => page.title(), { timeout: CLASSIFYING }).toMatch(/^[1-9]\d?% –/);
    await hide();
    await answered('upright.mp4');
    await show();
    const disturbed = await result();
    expect(disturbed.samples).toEqual(undisturbed.samples);
    expectSameScores(disturbed, undisturbed, 'with and without switching');
  });

  it('before a file is at work does not keep it from being classified', async () => {
    await choose(clips.cyclist());
    await hide();
    await answered('cyclist.mp4');
    await show();
    expect((await result()).answer).toBe('biking');
  });

  it('pauses the webcam, which goes on when the page is seen again', async () => {
    const stage = () => text('>>> answer-readout >>> .stage');
    await (await page.waitForSelector('::-p-aria(Use the webcam)'))?.click();
    await expect.poll(stage, { timeout: LOADING }).toBe('Now');
    await hide();
    await expect.poll(() => text('>>> live-view >>> .state')).toBe('Paused while this page is hidden.');
    await show();
    await expect.poll(stage, { timeout: LOADING }).toBe('Now');
  });
});
