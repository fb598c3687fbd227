/** The first look of the pages in tests/bench/peer. */

import type { Browser } from 'playwright-core';
import type { ClipResult } from '../../web/lib/types';
import { LOADING } from '../e2e/support/classifier_page';
import { clips } from '../e2e/support/clips';
import type { Look } from './peer/seeking_page';
import { pickFile, quietTab } from './visit';

/** How much of the probability the peer may give to other labels. */
const MOST_MOVED = 0.25;

/** On a busy machine Chromium now and then draws the picture from before a seek; such a look does not count. */
const TRIES = 4;

/** In a fresh browser profile, at the clip that ours looks at, too. */
async function look(browser: Browser, url: string): Promise<Look> {
  const context = await browser.newContext();
  const page = await quietTab(context);
  await page.goto(url);
  await page.locator('[data-ready]').waitFor({ timeout: LOADING });
  await pickFile(page);
  await page.getByLabel('Video').setInputFiles(clips.small());
  const text = await page.locator('output:not(:empty)').textContent({ timeout: LOADING });
  await context.close();
  return JSON.parse(text ?? '');
}

/** The part of the probability that the peer gives to other labels. */
function moved({ probabilities }: Look, { first }: ClipResult): number {
  const ours = Object.values(first.probabilities);
  const apart = ours.map((value, index) => Math.abs(value - (probabilities[index] ?? Number.NaN)));
  return apart.reduce((sum, value) => sum + value, 0) / 2;
}

/** The peer is one only if it says nearly the same: the browser's own scaling and colours move the numbers a little. */
export async function peerLook(browser: Browser, url: string, ours: ClipResult): Promise<Look> {
  for (let tries = 0; tries < TRIES; ++tries) {
    const taken = await look(browser, url);
    if (moved(taken, ours) < MOST_MOVED) return taken;
  }
  throw new Error(`the peer's first look is another one than ours, ${TRIES} times`);
}
