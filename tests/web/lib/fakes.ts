import type { Frame, SampleRequest } from '../../../web/lib/frame';
import type { Scores } from '../../../web/lib/types';
import type { FrameSource, FramesOptions, SourceDescription, SourcedFrame } from '../../../web/media/frame_source';
import type { ClipRequest, ClipRun, ClipStep, Engine, LiveRun } from '../../../web/worker/engine_contract';

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

/** One window over four samples; the first look reads samples 0 and 2. Answers once it has all their frames, or is ended early. */
export class FakeRun implements ClipRun {
  readonly plan = {
    samples: [0, 1, 2, 3].map((sample) => ({ sample, time: sample })),
    firstLook: [0, 2].map((sample) => ({ sample, time: sample })),
    windowSamples: [0, 1, 2, 3].map((sample) => ({ sample, time: sample })),
  };
  readonly added: number[] = [];
  readonly stoodIn: number[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  endedEarly = false;
  closed = false;
  /** Called before each frame is taken. */
  onAdd: (sample: number) => void | Promise<void> = () => undefined;

  async addFrame(sample: number, _: number, frame: Frame, standsIn = false): Promise<ClipStep> {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      await this.onAdd(sample);
      await new Promise((resolve) => setTimeout(resolve, 2));
    } finally {
      (frame as unknown as FakeFrame).close();
      this.atOnce -= 1;
    }
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
      preprocess: 1,
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
  readonly requests: ClipRequest[] = [];
  readonly runs: FakeRun[] = [];
  closed = false;

  constructor(private readonly prepare: (run: FakeRun) => void = () => undefined) {}

  async openClip(request: ClipRequest): Promise<ClipRun> {
    this.requests.push(request);
    const run = new FakeRun();
    this.prepare(run);
    this.runs.push(run);
    return run;
  }

  openStill(): Promise<ClipRun> {
    return this.openClip({ duration: 0, mostWindows: 0 });
  }

  async openLive(): Promise<LiveRun> {
    const run = await this.openClip({ duration: 0, mostWindows: 0 });
    return {
      addFrame: async (timestamp, frame) => {
        await run.addFrame(timestamp, timestamp, frame);
        return { scores: scores('live'), filled: 0.5 };
      },
      close: () => run.close(),
    };
  }

  readReport = async (): Promise<string | null> => null;

  async liveHandles(): Promise<number> {
    return this.runs.filter((run) => !run.closed).length;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
