import type { Frame, SampleRequest } from '../../../web/lib/frame';
import type { Scores } from '../../../web/lib/types';
import type { FrameSource, FramesOptions, SourceDescription, SourcedFrame } from '../../../web/media/frame_source';
import type { ClipRequest, ClipRun, ClipStep, Engine, Extraction, LiveRun } from '../../../web/worker/engine_contract';

export const scores = (answer: string): Scores => ({
  answer,
  confidence: 0.9,
  sure: true,
  probabilities: { [answer]: 0.9, none: 0.1 },
});

/** Frames that know whether they were closed. */
export class FakeFrame {
  closed = false;
  constructor(readonly sample: number) {}
  close(): void {
    this.closed = true;
  }
  clone(): FakeFrame {
    return new FakeFrame(this.sample);
  }
}

/** A source that delivers whatever it is asked for, up to `end` seconds. */
export class FakeSource implements FrameSource {
  readonly description: SourceDescription;
  readonly delivered: FakeFrame[] = [];
  closed = false;

  constructor(
    duration: number,
    readonly sequential = false,
    private readonly end = Number.POSITIVE_INFINITY,
  ) {
    this.description = { duration, width: 320, height: 240, source: 'video-element', container: null, codec: null };
  }

  /** With key frames every request but that of sample 0 gets one that stands in. */
  async *frames(
    requests: readonly SampleRequest[],
    _: AbortSignal,
    { keyFrames = false }: FramesOptions = {},
  ): AsyncGenerator<SourcedFrame> {
    for (const { sample, time } of requests) {
      if (time >= this.end) continue;
      const frame = new FakeFrame(sample);
      this.delivered.push(frame);
      const sourced = { sample, timestamp: time - 0.01, frame: frame as unknown as Frame };
      yield keyFrames && sample !== 0 ? { ...sourced, timestamp: time - 0.5, standsIn: true } : sourced;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** One window over four samples; the first look reads samples 0 and 2. Answers once it has all their features, or is ended early. */
export class FakeRun implements ClipRun {
  readonly plan = {
    samples: [0, 1, 2, 3].map((sample) => ({ sample, time: sample })),
    firstLook: [0, 2].map((sample) => ({ sample, time: sample })),
    windowSamples: [0, 1, 2, 3].map((sample) => ({ sample, time: sample })),
  };
  readonly added: number[] = [];
  readonly stoodIn: number[] = [];
  /** What was taken for each sample. */
  readonly features = new Map<number, number[]>();
  endedEarly = false;
  closed = false;

  async addFeature(sample: number, _: number, feature: Float32Array, standsIn = false): Promise<ClipStep> {
    this.features.set(sample, [...feature]);
    (standsIn ? this.stoodIn : this.added).push(sample);
    const taken = [...this.added, ...this.stoodIn];
    const first =
      taken.length === 2 && taken.includes(0) && taken.includes(2)
        ? { scores: scores('first'), samples: [0, 2] }
        : null;
    return this.#step(first, this.added.length === 4);
  }

  async endEarly(): Promise<ClipStep> {
    this.endedEarly = true;
    return this.#step({ scores: scores('first'), samples: this.added.slice(0, 1) }, true);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #step(first: ClipStep['first'], answered: boolean): ClipStep {
    const window = { ...scores('answer'), start: 0, end: 3 };
    return {
      first,
      windows: answered ? [window] : [],
      result: answered ? { first: scores('first'), answer: scores('answer'), windows: [window] } : null,
      endedEarly: this.endedEarly,
      inference: 2,
    };
  }
}

export class FakeEngine implements Engine {
  readonly model = {
    name: 'fake',
    title: 'Fake',
    version: '1',
    license: '',
    labels: [],
    noneLabel: 'none',
    rate: 1,
    windowFrames: 4,
    variant: 'fp32',
    variants: [{ name: 'fp32', bytes: 100 }],
  };
  readonly engine = { name: 'native', version: '0', simd: 'plain', steppedDown: null } as const;
  featureSpace = 'fake';
  workers = 1;
  ended = false;
  readonly requests: ClipRequest[] = [];
  readonly runs: FakeRun[] = [];
  /** Samples whose frames were computed, in that order. */
  readonly extracted: number[] = [];
  #atOnce = 0;
  mostAtOnce = 0;
  closed = false;

  /** `onFrame`: called before each frame is computed, with its sample. */
  constructor(public onFrame: (sample: number) => void | Promise<void> = () => undefined) {}

  /** A feature is the frame's sample, and one more. */
  async extract(frame: Frame): Promise<Extraction> {
    const { sample } = frame as unknown as FakeFrame;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    try {
      await this.onFrame(sample);
      await new Promise((resolve) => setTimeout(resolve, 2));
    } finally {
      (frame as unknown as FakeFrame).close();
      this.#atOnce -= 1;
    }
    this.extracted.push(sample);
    return { feature: Float32Array.of(sample, sample + 1), preprocess: 1, inference: 2 };
  }

  async openClip(request: ClipRequest): Promise<ClipRun> {
    this.requests.push(request);
    const run = new FakeRun();
    this.runs.push(run);
    return run;
  }

  openStill(): Promise<ClipRun> {
    return this.openClip({ duration: 0, mostWindows: 0 });
  }

  async openLive(): Promise<LiveRun> {
    const run = await this.openClip({ duration: 0, mostWindows: 0 });
    return {
      addFrame: async (_, frame) => {
        await this.extract(frame);
        return { scores: scores('live'), filled: 0.5 };
      },
      close: () => run.close(),
    };
  }

  readReport = async (): Promise<string | null> => null;

  async memory(): Promise<number[]> {
    return Array.from({ length: this.workers }, () => 1e6);
  }

  async liveHandles(): Promise<number> {
    return this.runs.filter((run) => !run.closed).length;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
