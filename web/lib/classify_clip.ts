/** One clip from its frame source to its result, over any engine. */

import type { FrameSource, FramesOptions, SourcedFrame } from '../media/frame_source';
import type { ClipFindings, ClipPlan, ClipRun, ClipStep, Engine, Extraction } from '../worker/engine_contract';
import { throwIfCancelled, unlessCancelled } from './cancelled';
import { ActionscopeError } from './errors';
import { FileFeatures, type KnownFrame } from './feature_cache';
import { closeFrame, type SampleRequest } from './frame';
import type { ClassifyOptions, ClipDescription, ClipResult, SampledFrame } from './types';
import { ACTIONSCOPE_VERSION } from './version';

/** Seconds of footage above which only some windows are looked at, spread evenly. */
const LONG = 60;
const MOST_WINDOWS_OF_LONG = 30;

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

  note({ sample, timestamp, standsIn = false }: Placed): void {
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

  spend({ preprocess, inference }: Extraction): void {
    this.timings.preprocess += preprocess;
    this.timings.inference += inference;
  }

  take(step: ClipStep, frames: number): void {
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

/** What of a frame the clip is told besides its feature. */
type Placed = Pick<SourcedFrame, 'sample' | 'timestamp' | 'standsIn'>;

/** Brings frames into a clip: several are computed at once, each feature once, and those that are known need no frame. */
class Feeder {
  /** Frames that are with the engine: one at work in each worker and one ready, so that neither side waits. */
  readonly #computing = new Set<Promise<void>>();
  readonly #adding: Promise<void>[] = [];
  /** Rejects with what fails first. */
  readonly #failed: Promise<never>;
  #fail: (reason: unknown) => void = () => undefined;

  constructor(
    private readonly engine: Engine,
    private readonly run: ClipRun,
    private readonly features: FileFeatures,
    private readonly findings: Findings,
    private readonly signal: AbortSignal,
  ) {
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
  }

  /** Adds every sample that is asked for and that the source has. */
  async feed(requests: readonly SampleRequest[], source: FrameSource, options: FramesOptions = {}): Promise<void> {
    const known = this.#known(requests);
    for (const [{ sample }, { timestamp, feature }] of known) {
      this.findings.note({ sample, timestamp });
      this.#keep(this.#add({ sample, timestamp }, feature));
    }
    const missing = requests.filter((request) => !known.has(request));
    if (missing.length > 0) await this.#decode(missing, source, options);
    await this.#unlessOver(Promise.all(this.#adding));
  }

  #known(requests: readonly SampleRequest[]): Map<SampleRequest, KnownFrame> {
    const known = new Map<SampleRequest, KnownFrame>();
    for (const request of requests) {
      const found = this.features.find(request);
      if (found !== undefined) known.set(request, found);
    }
    // Those without a time are counted from the first: a source is asked for all of them or for none.
    const counted = requests.some(({ time }) => Number.isNaN(time));
    return counted && known.size < requests.length ? new Map() : known;
  }

  async #decode(requests: readonly SampleRequest[], source: FrameSource, options: FramesOptions): Promise<void> {
    const asked = new Map(requests.map((request) => [request.sample, request]));
    const frames = source.frames(requests, this.signal, options)[Symbol.asyncIterator]();
    const next = async (): Promise<SourcedFrame | undefined> => {
      const start = performance.now();
      const item = await frames.next();
      this.findings.timings.decode += performance.now() - start;
      return item.done ? undefined : item.value;
    };
    try {
      for (let taken = await next(); taken !== undefined; taken = await next()) {
        if (this.signal.aborted) closeFrame(taken.frame);
        throwIfCancelled(this.signal);
        this.findings.note(taken);
        const request = asked.get(taken.sample);
        if (request !== undefined && !taken.standsIn) this.features.note(request, taken.timestamp);
        this.#compute(taken);
        while (this.#computing.size > this.engine.workers) await this.#unlessOver(Promise.race(this.#computing));
      }
    } finally {
      await frames.return?.();
    }
  }

  #compute({ frame, ...placed }: SourcedFrame): void {
    const extracting = this.features.extract(placed.timestamp, frame, this.engine);
    const computing = extracting
      .then(() => undefined, this.#fail)
      .finally(() => {
        this.#computing.delete(computing);
      });
    this.#computing.add(computing);
    const adding = extracting.then((extraction) => {
      this.findings.spend(extraction);
      return this.#add(placed, extraction.feature);
    });
    this.#keep(adding);
  }

  async #add({ sample, timestamp, standsIn }: Placed, feature: Float32Array): Promise<void> {
    throwIfCancelled(this.signal);
    const step = await this.run.addFeature(sample, timestamp, feature, standsIn);
    throwIfCancelled(this.signal);
    this.findings.take(step, 1);
  }

  #keep(adding: Promise<void>): void {
    adding.catch(this.#fail);
    this.#adding.push(adding);
  }

  #unlessOver<T>(work: Promise<T>): Promise<T> {
    return unlessCancelled(Promise.race([this.#failed, work]), this.signal);
  }
}

/**
 * Classifies what a source delivers. Throws ActionscopeErrors; when the signal is given, `cancelled` within the time that one
 * frame takes. The source stays open. `file`: what the result says of the file. `features`: what is known of it, and becomes known.
 * `started`: what timings count from, of performance.now().
 */
export async function classifyClip(
  engine: Engine,
  source: FrameSource,
  file: Pick<ClipDescription, 'name' | 'size'>,
  options: ClassifyOptions = {},
  features = new FileFeatures(),
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
    const feeder = new Feeder(engine, run, features, findings, signal);
    if (source.sequential || engine.model.rate === null) {
      await feeder.feed(plan.samples, source);
    } else {
      await feeder.feed(plan.firstLook, source, { keyFrames: long });
      await feeder.feed(findings.remaining(), source);
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
