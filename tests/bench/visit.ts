/** A person's visit to the built page, as benchmarks measure it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ClipResult } from '../../web/lib/types';
import { ClassifierPage } from '../e2e/support/classifier_page';
import { clips } from '../e2e/support/clips';
import { DIST, PREFIX, servePage } from '../e2e/support/server';
import { SETTLING } from './unwatched_chromium';

/** Seconds that GitHub Pages lets a browser keep a file. */
export const KEPT = 600;

/** Milliseconds that a person needs at least to pick a file. */
const PICKING = 1000;

export interface Visit {
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

/** Waits as a person does who has to find a file first. */
export const pickFile = (page: Page) => page.waitForTimeout(PICKING);

/** Opens the page in a new browser profile and chooses a clip. */
export async function visit(browser: Browser): Promise<Visit> {
  const server = await servePage({ keptSeconds: KEPT });
  const context = await browser.newContext();
  const opened = ClassifierPage.in(await quietTab(context));
  await opened.page.goto(server.url);
  await opened.ready();
  await pickFile(opened.page);
  const result = await opened.classify(clips.small());
  const fetched = server.requests.map((path) => path.slice(PREFIX.length).replace(/\?.*/, '') || 'index.html');
  await context.close();
  await server.close();
  return { result, fetched: [...new Set(fetched)] };
}

/** What a visit fetches until the first look: bytes as they are, and as gzip -9. */
export function fetchedBytes({ fetched }: Visit): { plain: number; gzip: number } {
  const files = fetched.map((file) => readFileSync(join(DIST, file)));
  const sum = (bytes: Uint8Array[]) => bytes.reduce((total, { byteLength }) => total + byteLength, 0);
  return { plain: sum(files), gzip: sum(files.map((file) => gzipSync(file, { level: 9 }))) };
}
