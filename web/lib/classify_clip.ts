/** One clip from its frame source to its result, over any engine. */

import type { FrameSource, SourcedFrame } from '../media/frame_source';
import type { ClipFindings, ClipPlan, ClipRun, ClipStep, Engine } from '../worker/engine_contract';
import { throwIfCancelled, unlessCancelled } from './cancelled';
import { ActionscopeError } from './errors';
import { closeFrame, type SampleRequest } from './frame';
import type { ClassifyOptions, ClipDescription, ClipResult, SampledFrame } from './types';
import { ACTIONSCOPE_VERSION } from './version';

/** Seconds of footage above which only some windows are looked at, spread evenly. */
const LONG = 60;
const MOST_WINDOWS_OF_LONG = 30;

/** Frames that the engine has been given and not finished: one at work and one ready, so that neither side waits. */
const MOST_IN_FLIGHT = 2;

/** Collects what becomes known of a clip, and tells it on. */
class Findings {
  result: ClipFindings | null = null;
  endedEarly = false;
  readonly timings = { first: 0, answer: 0, decode: 0, preprocess: 0, inference: 0 };
  readonly #planned: Map<number, number>;
  /** Samples' own frames, and those that stand in for them in the first look. */
  readonly #taken = new Map<number, SampledFrame>();
  readonly #standIns = new Map<number, SampledFrame>();
  #done = 0;
  #total: number;

  constructor(
    private readonly plan: ClipPlan,
    private readonly options: ClassifyOptions,
    private readonly started: number,
  ) {
    this.#planned = new Map(plan.samples.map(({ sample, time }) => [sample, time]));
    this.#total = plan.samples.length;
    options.onProgress?.({ done: 0, total: this.#total });
  }

  note({ sample, timestamp, standsIn = false }: SourcedFrame): void {
    const planned = this.#planned.get(sample) ?? timestamp;
    const frames = standsIn ? this.#standIns : this.#taken;
    frames.set(sample, { time: Number.isNaN(planned) ? timestamp : planned, timestamp });
  }

  /** What is still to be asked for once the first look has had its turn. */
  remaining(): SampleRequest[] {
    const requests = this.plan.windowSamples.filter(({ sample }) => !this.#taken.has(sample));
    this.#total = this.#done + requests.length;
    return requests;
  }

  take(step: ClipStep, frames: number): void {
    this.timings.preprocess += step.preprocess;
    this.timings.inference += step.inference;
    this.endedEarly = step.endedEarly;
    this.#done += frames;
    this.options.onProgress?.({ done: this.#done, total: Math.max(this.#done, this.#total) });
    if (step.first !== null) {
      this.timings.first = performance.now() - this.started;
      this.options.onFirst?.(step.first.scores, this.#framesOf(step.first.samples));
    }
    for (const window of step.windows) this.options.onWindow?.(window);
    if (step.result !== null) {
      this.result = step.result;
      this.timings.answer = performance.now() - this.started;
    }
  }

  samples(): SampledFrame[] {
    return this.#framesOf(this.plan.samples.map(({ sample }) => sample));
  }

  get complete(): boolean {
    const { windowSamples, firstLook } = this.plan;
    return (
      windowSamples.every(({ sample }) => this.#taken.has(sample)) && firstLook.every(({ sample }) => this.#has(sample))
    );
  }

  get snapped(): boolean {
    return this.#standIns.size > 0;
  }

  #has(sample: number): boolean {
    return this.#taken.has(sample) || this.#standIns.has(sample);
  }

  /** Of those samples that have a frame. */
  #framesOf(samples: readonly number[]): SampledFrame[] {
    return samples
      .map((sample) => this.#taken.get(sample) ?? this.#standIns.get(sample))
      .filter((taken) => taken !== undefined);
  }
}

/** Hands a source's frames to the engine, a few in flight, until there are no more. */
async function feed(run: ClipRun, sourced: AsyncIterable<SourcedFrame>, findings: Findings, signal: AbortSignal) {
  const inFlight: Promise<void>[] = [];
  const frames = sourced[Symbol.asyncIterator]();
  const next = async (): Promise<SourcedFrame | undefined> => {
    const start = performance.now();
    const item = await frames.next();
    findings.timings.decode += performance.now() - start;
    return item.done ? undefined : item.value;
  };
  try {
    for (let taken = await next(); taken !== undefined; taken = await next()) {
      if (signal.aborted) closeFrame(taken.frame);
      throwIfCancelled(signal);
      findings.note(taken);
      const { sample, timestamp, frame, standsIn = false } = taken;
      const work = run.addFrame(sample, timestamp, frame, standsIn).then((step) => findings.take(step, 1));
      // It is awaited below; until then a failure must not count as unhandled.
      work.catch(() => undefined);
      inFlight.push(work);
      if (inFlight.length >= MOST_IN_FLIGHT) await unlessCancelled(Promise.resolve(inFlight.shift()), signal);
    }
    await unlessCancelled(Promise.all(inFlight), signal);
  } finally {
    await frames.return?.();
  }
}

/**
 * Classifies what a source delivers. Throws ActionscopeErrors; when the signal is given, `cancelled` within the time that one
 * frame takes. The source stays open. `file`: what the result says of the file. `started`: what timings count from, of
 * performance.now().
 */
export async function classifyClip(
  engine: Engine,
  source: FrameSource,
  file: Pick<ClipDescription, 'name' | 'size'>,
  options: ClassifyOptions = {},
  started = performance.now(),
): Promise<ClipResult> {
  const { signal = new AbortController().signal } = options;
  throwIfCancelled(signal);
  const description: ClipDescription = { ...file, ...source.description };
  options.onOpen?.(description);
  const long = engine.model.rate !== null && description.duration > LONG;
  const run = await engine.openClip({
    duration: description.duration,
    mostWindows: long ? MOST_WINDOWS_OF_LONG : 0,
  });
  try {
    const { plan } = run;
    const findings = new Findings(plan, options, started);
    if (source.sequential) {
      await feed(run, source.frames(plan.samples, signal), findings, signal);
    } else {
      await feed(run, source.frames(plan.firstLook, signal, { keyFrames: long }), findings, signal);
      await feed(run, source.frames(findings.remaining(), signal), findings, signal);
    }
    if (!findings.complete) findings.take(await run.endEarly(), 0);
    throwIfCancelled(signal);
    const { result, endedEarly, timings } = findings;
    if (result === null) throw new ActionscopeError('engine-failed', 'The engine gave no answer.');
    return {
      format: 'actionscope-result',
      formatVersion: 1,
      file: description,
      ...result.answer,
      first: result.first,
      windows: result.windows,
      samples: findings.samples(),
      endedEarly,
      partial: long,
      firstLookSnapped: findings.snapped,
      model: { name: engine.model.name, version: engine.model.version, variant: engine.model.variant },
      engine: engine.engine,
      timings,
      actionscope: ACTIONSCOPE_VERSION,
    };
  } finally {
    await run.close();
  }
}
