/** Two engines on the same frames: whether they say the same. */

import type { FrameSource } from '../media/frame_source';
import type { ClipRun, Engine } from '../worker/engine_contract';
import { unlessCancelled } from './cancelled';
import { ActionscopeError } from './errors';
import { copyFrame, type Frame } from './frame';
import type { CrossCheck, CrossCheckOptions, Scores } from './types';

/** How far features may be from the reference's, in parts of the largest: quantised ones, and all others. */
const MOST_APART = { int8: 1e-2, others: 1e-4 };
/** How far a probability may be. */
const MOST_MOVED = 0.01;

/** The largest of them, none of which is below 0. One that is not a number is not lost. */
const mostOf = (numbers: Iterable<number>): number => {
  let most = 0;
  for (const number of numbers) most = Math.max(most, number);
  return most;
};

/** The clip in one of the engines, and the first look once it is known. */
class Side {
  first: Scores | null = null;

  constructor(
    private readonly engine: Engine,
    readonly run: ClipRun,
  ) {}

  /** Gives the frame's feature. */
  async take(sample: number, timestamp: number, frame: Frame): Promise<Float32Array> {
    const { feature } = await this.engine.extract(frame);
    const step = await this.run.addFeature(sample, timestamp, feature);
    this.first ??= step.first?.scores ?? null;
    return feature;
  }

  /** The first look at the frames that there were. */
  async end(): Promise<Scores> {
    if (this.first === null) {
      const { first, result } = await this.run.endEarly();
      this.first = first?.scores ?? result?.first ?? null;
    }
    if (this.first === null) throw new ActionscopeError('engine-failed', 'The engine gave no first look.');
    return this.first;
  }
}

/**
 * Computes the frames of a clip's first look in both engines, and the first look of these. Each frame is decoded once. The source and
 * the engines stay open. Throws ActionscopeErrors; `cancelled` within the time of one frame.
 */
export async function crossCheck(
  own: Engine,
  reference: Engine,
  source: FrameSource,
  { signal = new AbortController().signal, onProgress }: CrossCheckOptions = {},
): Promise<CrossCheck> {
  const { duration } = source.description;
  const opened: ClipRun[] = [];
  const open = async (engine: Engine) => {
    const run = await engine.openClip({ duration, mostWindows: 0 });
    opened.push(run);
    return new Side(engine, run);
  };
  try {
    const sides = [await open(own), await open(reference)] as const;
    const { firstLook } = sides[0].run.plan;
    const total = firstLook.length;
    let frames = 0;
    let apart = 0;
    let largest = 0;
    onProgress?.({ done: 0, total });
    for await (const { sample, timestamp, frame } of source.frames(firstLook, signal)) {
      const copy = copyFrame(frame);
      const both = Promise.all([sides[0].take(sample, timestamp, frame), sides[1].take(sample, timestamp, copy)]);
      const [ours, theirs] = await unlessCancelled(both, signal);
      apart = Math.max(apart, mostOf(theirs.map((value, at) => Math.abs(value - (ours[at] ?? Number.NaN)))));
      largest = Math.max(largest, mostOf(theirs.map(Math.abs)));
      frames += 1;
      onProgress?.({ done: frames, total });
    }
    const [first, expected] = await unlessCancelled(Promise.all([sides[0].end(), sides[1].end()]), signal);
    const features = apart === 0 ? 0 : apart / largest;
    const probabilities = mostOf(
      Object.entries(expected.probabilities).map(([id, value]) =>
        Math.abs(value - (first.probabilities[id] ?? Number.NaN)),
      ),
    );
    const most = own.model.variant === 'int8' ? MOST_APART.int8 : MOST_APART.others;
    const agrees = features <= most && probabilities <= MOST_MOVED && first.answer === expected.answer;
    return { reference: reference.engine, frames, features, probabilities, agrees };
  } finally {
    await Promise.all(opened.map((run) => run.close()));
  }
}
