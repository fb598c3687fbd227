import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult } from '../../web/lib/types';
import { launchChromium } from './support/chromium';
import { ClassifierPage, engineWorkers, usualWorkers } from './support/classifier_page';
import { clips } from './support/clips';
import { openLibrary, serveLibrary, unwrapped } from './support/library_page';
import { type PageServer, servePage } from './support/server';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** All of a result but the time that it took. */
const untimed = ({ timings: _, ...result }: ClipResult) => result;

describe('a clip that several workers share', () => {
  let server: PageServer;
  let page: Page;

  beforeAll(async () => {
    server = await serveLibrary();
    page = await openLibrary(browser, server.url, [clips.cyclist(), clips.small()]);
  });

  afterAll(async () => {
    await page?.close();
    await server?.close();
  });

  const classified = async (workers: number, names: string[]) =>
    unwrapped(await page.evaluate(([count, files]) => library.classifyWith(count, files), [workers, names] as const));

  it('gets the same probabilities from one, two and four, to the last bit', async () => {
    // Every classifier of a page shares what is known of a file; a page that is new knows nothing.
    const results: ClipResult[] = [];
    for (const workers of [1, 2, 4]) {
      await page.reload();
      await page.getByLabel('Videos').setInputFiles([clips.cyclist()]);
      const { results: ofClip, memory } = await classified(workers, [basename(clips.cyclist())]);
      expect(memory).toHaveLength(workers);
      expect(ofClip[0]?.timings.inference).toBeGreaterThan(0);
      results.push(...ofClip);
    }
    const [one, two, four] = results.map(untimed);
    expect(two).toEqual(one);
    expect(four).toEqual(one);
  });

  it('is computed once, however often it is classified', async () => {
    await page.getByLabel('Videos').setInputFiles([clips.small()]);
    const name = basename(clips.small());
    const { results } = await classified(2, [name, name]);
    const [first, again] = results as [ClipResult, ClipResult];
    expect(untimed(again)).toEqual(untimed(first));
    expect(first.timings.preprocess).toBeGreaterThan(0);
    expect(again.timings.preprocess).toBe(0);
    expect(again.timings.decode).toBe(0);
  });
});

describe('a worker that helps', () => {
  it('and dies in the middle of a run is replaced, and the run has its answer', async () => {
    const server = await servePage();
    const context = await browser.newContext();
    const opened = await ClassifierPage.loaded(context, server.url);
    const usual = await usualWorkers(opened.page);
    if (usual > 1) {
      const helper = (await engineWorkers(opened.page, usual)).at(-1);
      await opened.choose(clips.long());
      await opened.page.getByText(/^[1-9]\d* of \d{3} frames$/).waitFor();
      const closed = helper?.waitForEvent('close');
      await helper?.evaluate(() => {
        setTimeout(() => self.close());
      });
      await closed;
      await opened.answered();
      expect((await opened.result()).windows).toHaveLength(30);
      expect(await engineWorkers(opened.page, usual)).toHaveLength(usual);
    }
    await context.close();
    await server.close();
  });
});
