import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult } from '../../web/lib/types';
import { CLASSIFYING, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { type PageServer, servePage } from './support/server';

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

  it('names the container of an AVI file, and what to do with it', async () => {
    await choose(clips.avi());
    expect(await text('>>> error-notice >>> h2')).toContain('AVI');
    expect(await text('>>> error-notice >>> p')).toMatch(/Convert it to MP4/);
  });
});
