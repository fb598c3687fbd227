/** A person's visit to the built page, as benchmarks measure it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ClipResult } from '../../web/lib/types';
import { ClassifierPage, LOADING } from '../e2e/support/classifier_page';
import { clips } from '../e2e/support/clips';
import { DIST, PREFIX, servePage } from '../e2e/support/server';

/** Seconds that GitHub Pages lets a browser keep a file. */
const KEPT = 600;

/** Milliseconds in which a browser has done what it does for itself in a tab that was just opened: Chromium loads a page of its own. */
const SETTLING = 2000;

/** Milliseconds after which a page is looked at: it is ready long before. */
const LOOKING = 1000;

/** Milliseconds that a person needs at least to pick a file. */
const PICKING = 1000;

export interface Visit {
  /** Milliseconds from the start of the navigation to the page's saying that it is ready; the second time with its files in the cache. */
  coldLoad: number;
  warmLoad: number;
  result: ClipResult;
  /** Files of dist/ that were fetched until the first look. */
  fetched: string[];
}

/** A tab in which nothing goes on. */
export async function quietTab(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  await tab.waitForTimeout(SETTLING);
  return tab;
}

/**
 * Opens the page and gives the milliseconds from the start of the navigation to the page's own mark that it says that it is ready, by
 * the page's own clock. Only then is it looked at from outside, which would take part in what is measured.
 */
async function openPage(tab: Page, url: string): Promise<number> {
  await tab.goto(url);
  for (const until = Date.now() + LOADING; Date.now() < until; ) {
    await tab.waitForTimeout(LOOKING);
    const [ready] = await tab.evaluate(() =>
      performance.getEntriesByName('actionscope-ready').map((at) => at.startTime),
    );
    if (ready !== undefined) return ready;
  }
  throw new Error('the page does not say that it is ready');
}

/** Waits as a person does who has to find a file first. */
export const pickFile = (page: Page) => page.waitForTimeout(PICKING);

/** Opens the page, chooses a clip; and later comes back. */
export async function visit(browser: Browser): Promise<Visit> {
  const server = await servePage({ keptSeconds: KEPT });
  const context = await browser.newContext();
  const tab = await quietTab(context);
  const coldLoad = await openPage(tab, server.url);
  await pickFile(tab);
  const opened = ClassifierPage.in(tab);
  const result = await opened.classify(clips.small());
  const fetched = server.requests.map((path) => path.slice(PREFIX.length).replace(/\?.*/, '') || 'index.html');
  await tab.close();
  const another = await quietTab(context);
  const warmLoad = await openPage(another, server.url);
  await context.close();
  await server.close();
  return { coldLoad, warmLoad, result, fetched: [...new Set(fetched)] };
}

/** What a visit fetches until the first look: bytes as they are, and as gzip -9. */
export function fetchedBytes({ fetched }: Visit): { plain: number; gzip: number } {
  const files = fetched.map((file) => readFileSync(join(DIST, file)));
  const sum = (bytes: Uint8Array[]) => bytes.reduce((total, { byteLength }) => total + byteLength, 0);
  return { plain: sum(files), gzip: sum(files.map((file) => gzipSync(file, { level: 9 }))) };
}
