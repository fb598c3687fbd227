import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faults } from './support/accessibility';
import { launchChromium } from './support/chromium';
import { ClassifierPage, LOADING } from './support/classifier_page';
import { DIST, type PageServer, servePage } from './support/server';

let server: PageServer;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  server = await servePage();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

afterEach(() => context?.close());

const start = (page: Page) => page.getByRole('button', { name: 'Start', exact: true });
const rows = (page: Page) => page.locator('speed-table tbody tr');

/** The page as whoever follows the link in the footer has it, and what the browser complains about. */
async function fromFooter(): Promise<{ page: Page; complaints: string[] }> {
  context = await browser.newContext();
  const { page, complaints } = await ClassifierPage.loaded(context, server.url);
  await page.getByRole('link', { name: 'How fast is this device' }).click();
  await start(page).waitFor();
  return { page, complaints };
}

async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

describe('“How fast is this device”', () => {
  it('measures every engine with every form of the model, shows it and lets it be saved', async () => {
    const { page, complaints } = await fromFooter();
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    expect(await faults(page)).toEqual([]);
    await start(page).click();
    await page.getByRole('button', { name: 'Start again' }).waitFor({ timeout: 2 * LOADING });

    const shown = await rows(page).allInnerTexts();
    const titles = ['Own engine, relaxed SIMD', 'Own engine, SIMD', 'ONNX Runtime Web'];
    const expected = ['int8', 'fp32'].flatMap((variant) => titles.map((title) => [title, `${variant}, one thread`]));
    if (cores > 1) expected.push(['Own engine, relaxed SIMD', `int8, ${Math.min(4, cores)} workers`]);
    expect(
      shown.map((text) =>
        text
          .split('\n')
          .slice(0, 2)
          .map((line) => line.trim()),
      ),
    ).toEqual(expected);
    expect(await faults(page)).toEqual([]);

    const report = JSON.parse(await saved(page, 'Save as JSON'));
    expect(report).toMatchObject({ format: 'actionscope-device', cores, relaxedSimd: true, model: { name: 'ucf11' } });
    expect(report.measurements).toHaveLength(expected.length);
    for (const [index, measured] of report.measurements.entries()) {
      const { milliseconds, lowerQuartile, upperQuartile, framesPerSecond, memoryBytes, engine, error } = measured;
      expect(error).toBeNull();
      expect(lowerQuartile).toBeGreaterThan(0);
      expect(milliseconds).toBeGreaterThanOrEqual(lowerQuartile);
      expect(upperQuartile).toBeGreaterThanOrEqual(milliseconds);
      // Workers cannot deliver more than their frames take; one alone waits little.
      expect(framesPerSecond).toBeLessThanOrEqual((1.5 * measured.workers * 1000) / lowerQuartile);
      if (engine === 'native') expect(memoryBytes).toBeGreaterThan(8e6);
      const rate = framesPerSecond.toFixed(framesPerSecond < 9.95 ? 1 : 0);
      expect(shown[index]?.replace(/\s+/g, ' ')).toContain(` ${rate}`);
    }

    const [header, ...lines] = (await saved(page, 'Save as CSV')).trimEnd().split('\r\n');
    expect(header).toMatch(/^variant,engine,/);
    expect(lines).toHaveLength(expected.length);
    expect(lines[0]).toContain(`,${report.measurements[0].milliseconds},`);
    expect(complaints).toEqual([]);
  });

  it('stops when it is told to, keeps what it has, and begins anew', async () => {
    const { page } = await fromFooter();
    await start(page).click();
    await page
      .getByText(/ half of them /)
      .first()
      .waitFor({ timeout: LOADING });
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Start again' }).waitFor();
    const measured = await page.getByText(/ half of them /).count();
    expect(measured).toBeLessThan(await rows(page).count());
    await expect.poll(() => page.workers().length).toBe(0);
    await page.getByRole('button', { name: 'Start again' }).click();
    await page.getByText('Measuring …').waitFor({ timeout: LOADING });
  });

  it('says why an engine could not be measured, and measures the others', async () => {
    const lacking = await servePage({
      intercept: (path) => (path.includes('ort-wasm') ? { status: 404, body: '' } : undefined),
    });
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${lacking.url}bench.html`);
    await start(page).click();
    await page.getByRole('button', { name: 'Start again' }).waitFor({ timeout: 2 * LOADING });
    expect(await page.getByText(/Code: engine-failed/).count()).toBe(2);
    expect(await page.getByText(/ half of them /).count()).toBeGreaterThanOrEqual(4);
    await lacking.close();
  });

  it('has the policy of the page, and leads back to it', async () => {
    const { page } = await fromFooter();
    const [here, there] = ['bench.html', 'index.html'].map((name) => readFileSync(join(DIST, name), 'utf8'));
    const policy = (html: string | undefined) =>
      /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html ?? '')?.[1];
    expect(policy(there)).toBeDefined();
    expect(policy(here)).toBe(policy(there));
    await page.getByRole('link', { name: 'Actionscope' }).click();
    await page.getByText('Engine and model are loaded', { exact: true }).waitFor({ timeout: LOADING });
  });
});
