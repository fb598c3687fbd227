/** What the page's workers do together: the library on a bare page, with the clip of the other benchmarks. */

import { basename } from 'node:path';
import type { Browser } from 'playwright-core';
import { clips } from '../e2e/support/clips';
import { openLibrary, unwrapped } from '../e2e/support/library_page';
import { median } from './figures';

export interface Crew {
  /** Frames a second of a clip, decoding and the head included: the median. */
  rate: number;
  /** Bytes of memory of the worker that has most. */
  memory: number;
}

/** Frames a second that so many workers compute, in turns: medians, by number of workers. */
export async function frameRates(
  browser: Browser,
  url: string,
  numbers: readonly number[],
  rounds: number,
): Promise<number[]> {
  const page = await openLibrary(browser, url, []);
  const rates = numbers.map((): number[] => []);
  for (let round = 0; round < rounds; ++round) {
    for (const [index, workers] of numbers.entries()) {
      rates[index]?.push(unwrapped(await page.evaluate((count) => library.framesPerSecond(count), workers)));
    }
  }
  await page.close();
  return rates.map(median);
}

/** Classifies the clip `rounds` times, each time on a new page, with so many workers that are there already. */
export async function crew(browser: Browser, url: string, workers: number, rounds: number): Promise<Crew> {
  const rates: number[] = [];
  let most = 0;
  for (let round = 0; round < rounds; ++round) {
    const page = await openLibrary(browser, url, [clips.small(), clips.cyclist()]);
    // The first clip warms the workers up: browsers compile what runs often anew.
    const names = [basename(clips.cyclist()), basename(clips.small())];
    const { results, memory } = unwrapped(
      await page.evaluate(([count, files]) => library.classifyWith(count, files), [workers, names] as const),
    );
    const result = results.at(-1);
    rates.push(((result?.samples.length ?? Number.NaN) * 1000) / (result?.timings.answer ?? Number.NaN));
    most = Math.max(most, ...memory);
    await page.close();
  }
  return { rate: median(rates), memory: most };
}
