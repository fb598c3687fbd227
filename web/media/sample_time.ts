/** The rules of time that every frame source keeps. All times are seconds from the start of the clip. */

import type { SampleRequest } from '../lib/frame';

/** Times closer than this are the same moment. */
export const TOLERANCE = 1e-6;

/** How much earlier than announced a track may end without counting as broken off. */
const EARLY_END_TOLERANCE = 0.5;

/** Whether a track that could be read as far as `end` broke off before the end that it announces. */
export function brokeOff(end: number, announced: number): boolean {
  return end + EARLY_END_TOLERANCE < announced;
}

/** Cuts requests into rows of ascending times, each of which is decoded in one go. */
export function ascendingRows(requests: readonly SampleRequest[]): SampleRequest[][] {
  const rows: SampleRequest[][] = [];
  let latest = Number.POSITIVE_INFINITY;
  for (const request of requests) {
    // Requests for "the next frame", whose time is NaN, go on with the row.
    if (rows.length === 0 || request.time < latest) rows.push([]);
    rows.at(-1)?.push(request);
    latest = request.time;
  }
  return rows;
}
