/** A camera's stream from its frames to labels that follow what happens. */

import type { LiveFrame } from '../media/live_frames';
import type { LiveRun } from '../worker/engine_contract';
import type { LiveScores } from './types';

/** Milliseconds over which the rate is counted. */
const RATE_SPAN = 3000;

/** Counts events of the last seconds. */
class RateMeter {
  readonly #times: number[] = [];

  /** Adds one event now; returns events a second. */
  tick(now: number): number {
    this.#times.push(now);
    while ((this.#times[0] ?? now) < now - RATE_SPAN) this.#times.shift();
    const span = now - (this.#times[0] ?? now);
    return span > 0 ? ((this.#times.length - 1) * 1000) / span : 0;
  }
}

/** Classifies frame after frame, one at a time, until there are no more. */
export async function classifyStream(
  run: LiveRun,
  frames: AsyncIterable<LiveFrame>,
  onScores: (scores: LiveScores) => void,
): Promise<void> {
  const meter = new RateMeter();
  for await (const { timestamp, captured, frame } of frames) {
    const { scores, filled } = await run.addFrame(timestamp, frame);
    if (scores === null) continue;
    const now = performance.now();
    onScores({ ...scores, filled, rate: meter.tick(now), latency: now - captured });
  }
}
