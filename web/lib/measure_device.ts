/** How fast each engine computes frames on this device, with each form of a model. */

import type { Engine, LoadRequest } from '../worker/engine_contract';
import { throwIfCancelled, unlessCancelled } from './cancelled';
import { drawnLayout, type Frame } from './frame';
import type { EngineDescription, ModelDescription } from './types';

/** An engine with one form of the model, on so many workers of one thread each. */
export interface Contender {
  variant: string;
  engine: 'native' | 'onnxruntime';
  /** The instructions that it is to do with; of ONNX Runtime Web its own. */
  simd: EngineDescription['simd'] | null;
  workers: number;
}

export interface Speed {
  /** What ran. */
  engine: EngineDescription;
  /** As many as were asked for, or as could be started. */
  workers: number;
  /** Frames that were measured, after a few that warm up. */
  frames: number;
  /** A frame in one worker, from pixels to feature, in milliseconds: the median, and what a quarter stayed below and a quarter above. */
  milliseconds: number;
  quartiles: [lower: number, upper: number];
  /** Frames a second of all workers together, by the clock on the wall. */
  rate: number;
  /** Bytes of memory of each worker; null of ONNX Runtime Web, which has its own. */
  memory: number[] | null;
}

/** A pool that tells when all its workers are there. */
export type MeasuredEngine = Engine & { readonly filled: Promise<void> };

export interface MeasuringParts {
  start(request: Omit<LoadRequest, 'model'>, workers: number, signal: AbortSignal): Promise<MeasuredEngine>;
  /** Whether the device has relaxed SIMD instructions. */
  relaxed: boolean;
  /** Workers that classifying usually has here. */
  workers: number;
}

export interface MeasuringListener {
  /** Who will be measured, in that order. */
  onContenders(contenders: readonly Contender[], model: ModelDescription): void;
  onStart(contender: Contender): void;
  onSpeed(contender: Contender, speed: Speed): void;
  /** This one could not be measured; the others are. */
  onError(contender: Contender, error: Error): void;
}

/** Pixels of a frame that is measured with. */
export const FRAME_SIZE = { width: 320, height: 240 };

/** Of each worker. */
const WARM_UP = 5;
const FRAMES = 40;

/** A gradient that moves from frame to frame, under noise: no two frames are equal, and none is smooth. */
export function measuringFrame(index: number): Frame {
  const { width, height } = FRAME_SIZE;
  const pixels = new Uint8Array(width * height * 4);
  // Marsaglia's xorshift with shifts 13, 17, 5.
  let noise = index + 1;
  for (let at = 0; at < pixels.length; at += 4) {
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    const pixel = at / 4;
    pixels[at] = (pixel % width) / 2 + (noise & 63) + index;
    pixels[at + 1] = pixel / width / 2 + ((noise >>> 8) & 63);
    pixels[at + 2] = ((noise >>> 16) & 63) + 3 * index;
    pixels[at + 3] = 255;
  }
  return { buffer: pixels.buffer, layout: drawnLayout(width, height) };
}

/** The default form first; of each form the fastest engine that is to be expected first, and at last all workers together. */
export function contendersOf(
  { variant, variants }: Pick<ModelDescription, 'variant' | 'variants'>,
  { relaxed, workers }: Pick<MeasuringParts, 'relaxed' | 'workers'>,
): Contender[] {
  const names = [variant, ...variants.map(({ name }) => name).filter((name) => name !== variant)];
  const alone = names.flatMap((name): Contender[] => [
    ...(relaxed ? [{ variant: name, engine: 'native', simd: 'relaxed', workers: 1 } as const] : []),
    { variant: name, engine: 'native', simd: 'plain', workers: 1 },
    { variant: name, engine: 'onnxruntime', simd: null, workers: 1 },
  ]);
  if (workers === 1) return alone;
  return [...alone, { variant, engine: 'native', simd: relaxed ? 'relaxed' : 'plain', workers }];
}

/** The value that a part of them, from 0 to 1, stays below. `sorted`: ascending, not empty. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Computes `count` frames, one at work in each worker and one ready for it. Gives milliseconds of each. */
async function computeFrames(engine: Engine, count: number, signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const frame = measuringFrame(next);
      next += 1;
      throwIfCancelled(signal);
      const { preprocess, inference } = await unlessCancelled(engine.extract(frame), signal);
      times.push(preprocess + inference);
    }
  };
  await Promise.all(Array.from({ length: 2 * engine.workers }, lane));
  return times;
}

/** Waits until all workers are there, and warms them up. Throws ActionscopeErrors. */
export async function measureEngine(engine: MeasuredEngine, signal: AbortSignal): Promise<Speed> {
  await unlessCancelled(engine.filled, signal);
  await computeFrames(engine, WARM_UP * engine.workers, signal);
  const frames = FRAMES * engine.workers;
  const start = performance.now();
  const times = (await computeFrames(engine, frames, signal)).toSorted((one, other) => one - other);
  const elapsed = performance.now() - start;
  return {
    engine: engine.engine,
    workers: engine.workers,
    frames,
    milliseconds: quantile(times, 0.5),
    quartiles: [quantile(times, 0.25), quantile(times, 0.75)],
    rate: (frames * 1000) / elapsed,
    memory: engine.engine.name === 'native' ? await engine.memory() : null,
  };
}

/**
 * Measures one contender after the other; each is started for itself and ended before the next. Throws the ActionscopeError with
 * which the model could not be loaded at all, and `cancelled` within the time of one frame.
 */
export async function measureEngines(
  parts: MeasuringParts,
  listener: MeasuringListener,
  signal: AbortSignal,
): Promise<void> {
  const first = await parts.start({}, 1, signal);
  const { model } = first;
  await first.close();
  const contenders = contendersOf(model, parts);
  listener.onContenders(contenders, model);
  for (const contender of contenders) {
    throwIfCancelled(signal);
    listener.onStart(contender);
    const { variant, engine: choice, simd, workers } = contender;
    let engine: MeasuredEngine | undefined;
    try {
      const request = { variant, engine: choice, ...(simd === 'plain' ? { simd } : {}) };
      engine = await parts.start(request, workers, signal);
      listener.onSpeed(contender, await measureEngine(engine, signal));
    } catch (reason) {
      throwIfCancelled(signal);
      listener.onError(contender, reason as Error);
    } finally {
      await engine?.close();
    }
  }
}
