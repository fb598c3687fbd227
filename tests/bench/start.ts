/** How long the built page takes to say that it is ready, as benchmarks measure it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { LOADING } from '../e2e/support/classifier_page';
import { servePage } from '../e2e/support/server';
import type { UnwatchedChromium, UnwatchedProfile } from './unwatched_chromium';
import { KEPT } from './visit';

/** Milliseconds after which a page is looked at: it is ready long before. */
const LOOKING = 1000;

/** Milliseconds from the start of the navigation to the page's own mark that it says that it is ready, by the page's own clock. */
export interface Start {
  /** With nothing in the cache. */
  cold: number;
  /** The second time, with the page's files in the cache. */
  warm: number;
}

async function start(profile: UnwatchedProfile, url: string): Promise<number> {
  const tab = await profile.quietTab();
  await tab.goto(url);
  for (const until = Date.now() + LOADING; Date.now() < until; ) {
    await sleep(LOOKING);
    const ready = await tab.evaluate("performance.getEntriesByName('actionscope-ready')[0]?.startTime");
    if (typeof ready !== 'number') continue;
    await tab.close();
    return ready;
  }
  throw new Error('the page does not say that it is ready');
}

/** Opens the page in a new browser profile, and once more. */
export async function startTwice(browser: UnwatchedChromium): Promise<Start> {
  const server = await servePage({ keptSeconds: KEPT });
  const profile = await browser.newProfile();
  const cold = await start(profile, server.url);
  const warm = await start(profile, server.url);
  await profile.close();
  await server.close();
  return { cold, warm };
}
