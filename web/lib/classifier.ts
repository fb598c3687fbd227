/** The classifier over whatever engine and frame sources it is given; restarts an engine that died. */

import type { FrameSource } from '../media/frame_source';
import type { LiveFrame } from '../media/live_frames';
import type { Engine } from '../worker/engine_contract';
import { Serial } from '../worker/serial';
import { throwIfCancelled, unlessCancelled } from './cancelled';
import { classifyClip } from './classify_clip';
import { classifyStream } from './classify_stream';
import { crossCheck } from './cross_check';
import { ActionscopeError, FileReadingDied } from './errors';
import type { FeatureCache } from './feature_cache';
import { type ModelReport, parseReport } from './report';
import type {
  Classifier,
  ClassifyOptions,
  ClipDescription,
  ClipResult,
  CrossCheck,
  CrossCheckOptions,
  LiveOptions,
  LiveSession,
} from './types';

export interface ClassifierParts {
  startEngine(): Promise<Engine>;
  openVideo(video: Blob, signal?: AbortSignal): Promise<FrameSource>;
  liveFrames(stream: MediaStream, rate: number, signal: AbortSignal): AsyncIterable<LiveFrame>;
  /** ONNX Runtime Web with the same model. */
  startReference(signal?: AbortSignal): Promise<Engine>;
  /** Frees what reads files. */
  stopReading(): void;
  /** What is known of files; classifiers may share it. */
  features: FeatureCache;
}

/** Frames a second of a stream where the model does not name a rate. */
const USUAL_RATE = 10;

/** Whether a worker of the engine is no more; the one that reads files is restarted by whoever reads. */
const hasDied = (reason: unknown) =>
  reason instanceof ActionscopeError && reason.code === 'worker-died' && !(reason instanceof FileReadingDied);

/** What results say of a file that is not open yet. */
export function fileFacts(video: Blob): Pick<ClipDescription, 'name' | 'size'> {
  const name = 'name' in video && typeof video.name === 'string' ? video.name : '';
  return { name, size: video.size };
}

export class EngineClassifier implements Classifier {
  readonly model;
  readonly engine;
  readonly #clips = new Serial();
  readonly #closing = new AbortController();
  #running: Promise<Engine>;

  constructor(
    private readonly parts: ClassifierParts,
    engine: Engine,
  ) {
    this.model = engine.model;
    this.engine = engine.engine;
    this.#running = Promise.resolve(engine);
  }

  classifyVideo(video: Blob, options: ClassifyOptions = {}): Promise<ClipResult> {
    const { signal } = options;
    const run = this.#clips.run(() => this.#surviving((engine) => this.#classify(engine, video, options)));
    return unlessCancelled(run, signal);
  }

  crossCheck(video: Blob, options: CrossCheckOptions = {}): Promise<CrossCheck> {
    const { signal } = options;
    const run = this.#clips.run(() => this.#surviving((engine) => this.#crossCheck(engine, video, options)));
    return unlessCancelled(run, signal);
  }

  async classifyStream(stream: MediaStream, options: LiveOptions): Promise<LiveSession> {
    this.#throwIfClosed();
    const stopping = new AbortController();
    const signal = AbortSignal.any([stopping.signal, this.#closing.signal]);
    const work = this.#surviving(async (engine) => {
      const run = await engine.openLive();
      try {
        const frames = this.parts.liveFrames(stream, this.model.rate ?? USUAL_RATE, signal);
        await classifyStream(run, frames, (scores) => {
          if (!signal.aborted) options.onScores(scores);
        });
      } finally {
        // A dead engine has nothing to close, and its error is on its way already.
        await run.close().catch(() => undefined);
      }
    }).catch((reason) => {
      if (!signal.aborted) options.onError(reason);
    });
    return {
      stop: async () => {
        stopping.abort();
        await work;
      },
    };
  }

  async readReport(): Promise<ModelReport | null> {
    const text = await this.#surviving((engine) => engine.readReport());
    return text === null ? null : parseReport(text);
  }

  async memory(): Promise<number[]> {
    return this.#surviving((engine) => engine.memory());
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.parts.stopReading();
    const engine = await this.#running.catch(() => undefined);
    await engine?.close();
  }

  async #classify(engine: Engine, video: Blob, options: ClassifyOptions): Promise<ClipResult> {
    throwIfCancelled(options.signal);
    const started = performance.now();
    const source = await this.parts.openVideo(video, options.signal);
    try {
      // Decoders differ in a bit here and there.
      const features = this.parts.features.of(video, `${source.description.source} ${engine.featureSpace}`);
      return await classifyClip(engine, source, fileFacts(video), options, features, started);
    } finally {
      await source.close();
    }
  }

  async #crossCheck(engine: Engine, video: Blob, options: CrossCheckOptions): Promise<CrossCheck> {
    throwIfCancelled(options.signal);
    const source = await this.parts.openVideo(video, options.signal);
    try {
      const reference = await this.parts.startReference(options.signal);
      try {
        return await crossCheck(engine, reference, source, options);
      } finally {
        await reference.close();
      }
    } finally {
      await source.close();
    }
  }

  #throwIfClosed(): void {
    if (this.#closing.signal.aborted) throw new ActionscopeError('closed', 'The classifier is closed.');
  }

  /**
   * Does work that can be done again from its start, once, where a worker dies under it. An engine that is no more is restarted; one
   * that has lost a helper goes on.
   */
  async #surviving<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    this.#throwIfClosed();
    const running = this.#running;
    try {
      return await work(await running);
    } catch (reason) {
      this.#throwIfClosed();
      if (!hasDied(reason)) throw reason;
      const isOver = await running.then(
        (engine) => engine.ended,
        () => true,
      );
      // Whoever notices first restarts it; others wait for that one.
      if (isOver && this.#running === running) this.#running = this.parts.startEngine();
      return await work(await this.#running);
    }
  }
}
