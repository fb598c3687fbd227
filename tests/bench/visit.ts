/** A person's visit to the built page, as benchmarks measure it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ClipResult } from '../../web/lib/types';
import { ClassifierPage, LOADING } from '../e2e/support/classifier_page';
import { clips } from '../e2e/support/clips';
import { DIST, PREFIX, servePage } from '../e2e/support/server';
import { timed } from './figures';

/** Seconds that GitHub Pages lets a browser keep a file. */
const KEPT = 600;

/** Milliseconds in which a browser has done what it does for itself in a tab that was just opened: Chromium loads a page of its own. */
const SETTLING = 2000;

/** Milliseconds that a person needs at least to pick a file. */
const PICKING = 1000;

const READY = 'Engine and model are loaded';

export interface Visit {
  /** Milliseconds from asking for the page to its saying that it is ready, as a test sees it. */
  coldLoad: number;
  warmLoad: number;
  /** The second time, by the page's own clock: from the start of the navigation to the words that say so. */
  warmStart: number;
  result: ClipResult;
  /** Files of dist/ that were fetched until the first look. */
  fetched: string[];
}

/** Makes pages note, and log, when they say that they are ready. */
function noteReadiness(context: BrowserContext): Promise<unknown> {
  return context.addInitScript((words) => {
    const watcher = new MutationObserver((mutations) => {
      const texts = mutations.flatMap(({ target, addedNodes }) => [target, ...addedNodes]);
      if (!texts.some(({ textContent }) => textContent?.includes(words))) return;
      performance.mark('ready');
      console.debug('ready');
      watcher.disconnect();
    });
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (options) {
      const inside = attachShadow.call(this, options);
      watcher.observe(inside, { subtree: true, childList: true, characterData: true });
      return inside;
    };
  }, READY);
}

/** A tab in which nothing goes on. */
export async function quietTab(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  await tab.waitForTimeout(SETTLING);
  return tab;
}

/** Opens the page and waits for its own word that it is ready: looking for that in the page from outside takes part in what is measured. */
async function openPage(tab: Page, url: string): Promise<void> {
  const ready = tab.waitForEvent('console', { predicate: (message) => message.text() === 'ready', timeout: LOADING });
  await tab.goto(url);
  await ready;
}

/** Waits as a person does who has to find a file first. */
export const pickFile = (page: Page) => page.waitForTimeout(PICKING);

/** Opens the page, chooses a clip; and later comes back. */
export async function visit(browser: Browser): Promise<Visit> {
  const server = await servePage({ keptSeconds: KEPT });
  const context = await browser.newContext();
  await noteReadiness(context);
  const tab = await quietTab(context);
  const [, coldLoad] = await timed(() => openPage(tab, server.url));
  await pickFile(tab);
  const opened = ClassifierPage.in(tab);
  const result = await opened.classify(clips.small());
  const fetched = server.requests.map((path) => path.slice(PREFIX.length).replace(/\?.*/, '') || 'index.html');
  await tab.close();
  const another = await quietTab(context);
  const [, warmLoad] = await timed(() => openPage(another, server.url));
  const warmStart = await another.evaluate(() => performance.getEntriesByName('ready')[0]?.startTime ?? Number.NaN);
  await context.close();
  await server.close();
  return { coldLoad, warmLoad, warmStart, result, fetched: [...new Set(fetched)] };
}

/** What a visit fetches until the first look: bytes as they are, and as gzip -9. */
export function fetchedBytes({ fetched }: Visit): { plain: number; gzip: number } {
  const files = fetched.map((file) => readFileSync(join(DIST, file)));
  const sum = (bytes: Uint8Array[]) => bytes.reduce((total, { byteLength }) => total + byteLength, 0);
  return { plain: sum(files), gzip: sum(files.map((file) => gzipSync(file, { level: 9 }))) };
}
