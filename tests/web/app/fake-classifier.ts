/** A classifier whose runs do what a test tells them, when it tells them. */
import { ActionscopeError } from '../../../web/lib/errors';
import type {
  Classifier,
  ClassifyOptions,
  ClipResult,
  CrossCheck,
  LiveOptions,
  LiveSession,
} from '../../../web/lib/types';
import { model } from './samples';

export interface FakeRun {
  video: Blob;
  options: ClassifyOptions;
  answer(result: ClipResult): void;
  fail(error: Error): void;
}

export interface FakeLive {
  stream: MediaStream;
  options: LiveOptions;
  stopped: boolean;
}

export class FakeClassifier implements Classifier {
  readonly model = model;
  readonly engine = { name: 'native', version: '0.1.0', simd: 'relaxed', steppedDown: null } as const;
  readonly runs: FakeRun[] = [];
  readonly lives: FakeLive[] = [];

  classifyVideo(video: Blob, options: ClassifyOptions = {}): Promise<ClipResult> {
    return new Promise((answer, fail) => {
      options.signal?.addEventListener('abort', () => fail(new ActionscopeError('cancelled', 'Cancelled.')));
      this.runs.push({ video, options, answer, fail });
    });
  }

  async classifyStream(stream: MediaStream, options: LiveOptions): Promise<LiveSession> {
    const live: FakeLive = { stream, options, stopped: false };
    this.lives.push(live);
    return {
      stop: async () => {
        live.stopped = true;
      },
    };
  }

  crossCheck(): Promise<CrossCheck> {
    return Promise.reject(new Error('no test of it is here'));
  }

  closed = false;

  async memory(): Promise<number[]> {
    return [1e6];
  }

  async readReport(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** Lets everything that awaits something already settled go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
