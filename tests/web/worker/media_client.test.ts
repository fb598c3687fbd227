import { describe, expect, it } from 'vitest';
import { ActionscopeError, FileReadingDied } from '../../../web/lib/errors';
import type { FrameSource } from '../../../web/media/frame_source';
import { Refused } from '../../../web/media/open_source';
import { answered, workerDied } from '../../../web/worker/answer';
import { MediaClient } from '../../../web/worker/media_client';
import { MediaHost } from '../../../web/worker/media_host';

type Connection = Awaited<ReturnType<MediaClient['ready']>>;

const file = new Blob(['x']);
const { signal } = new AbortController();
const requests = Array.from({ length: 6 }, (_, sample) => ({ sample, time: sample }));
const description = {
  duration: 6,
  width: 1,
  height: 1,
  source: 'webcodecs' as const,
  container: null,
  codec: null,
};

/** A worker in this thread, which dies when it is to deliver the sample `deadly`. */
class Worker implements Connection {
  ended = false;
  readonly ready = Promise.resolve();
  /** Samples that were taken from its sources. */
  readonly delivered: number[] = [];
  readonly host: MediaHost;

  constructor(deadly = Number.NaN, open?: () => Promise<FrameSource>) {
    const { delivered } = this;
    const die = () => this.end();
    const source: FrameSource = {
      sequential: false,
      description,
      async *frames(wanted) {
        for (const { sample, time } of wanted) {
          await new Promise((resolve) => setTimeout(resolve));
          if (sample === deadly) die();
          delivered.push(sample);
          yield { sample, timestamp: time, frame: {} as VideoFrame };
        }
      },
      close: async () => undefined,
    };
    this.host = new MediaHost({ moduleHandles: () => 0, open: open ?? (async () => source) });
  }

  end(): void {
    this.ended = true;
  }

  async call<T>(work: (api: never) => Promise<never>): Promise<T> {
    if (this.ended) throw workerDied('test');
    const reply = await work(this.host as never);
    if (this.ended) throw workerDied('test');
    return answered<T>(reply);
  }
}

/** A client over workers, taken in turn whenever one is started. */
function clientOver(...workers: Worker[]) {
  const started: Worker[] = [];
  const client = new MediaClient(() => {
    const worker = workers.shift();
    if (worker === undefined) throw new Error('one too many');
    started.push(worker);
    return worker as Connection;
  });
  return { client, started };
}

async function samplesOf(source: FrameSource): Promise<number[]> {
  const samples: number[] = [];
  for await (const { sample } of source.frames(requests, signal)) samples.push(sample);
  return samples;
}

describe('a source in the media worker', () => {
  it('delivers what is asked for, and leaves nothing open', async () => {
    const worker = new Worker();
    const { client, started } = clientOver(worker);
    const source = await client.open(file, 'usual', signal);
    expect(source.description).toEqual(description);
    expect(await samplesOf(source)).toEqual([0, 1, 2, 3, 4, 5]);
    await source.close();
    expect(await client.liveHandles()).toBe(0);
    await client.open(file, 'usual', signal);
    expect(started, 'one worker serves all').toHaveLength(1);
  });

  it('works a few frames ahead, and not more', async () => {
    const worker = new Worker();
    const { client } = clientOver(worker);
    const source = await client.open(file, 'usual', signal);
    const frames = source.frames(requests, signal)[Symbol.asyncIterator]();
    await frames.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(worker.delivered).toEqual([0, 1, 2]);
    await frames.return?.();
    expect(await client.liveHandles(), 'the run is ended, the source still open').toBe(1);
  });

  it('ends at once when the run is cancelled', async () => {
    const { client } = clientOver(new Worker());
    const source = await client.open(file, 'usual', signal);
    const stop = new AbortController();
    const frames = source.frames(requests, stop.signal)[Symbol.asyncIterator]();
    await frames.next();
    stop.abort();
    await expect(frames.next()).rejects.toMatchObject({ code: 'cancelled' });
    await source.close();
    expect(await client.liveHandles()).toBe(0);
  });

  it('is freed where opening it is cancelled', async () => {
    let opened: (source: FrameSource) => void = () => undefined;
    const worker = new Worker(Number.NaN, () => new Promise((resolve) => (opened = resolve)));
    const { client } = clientOver(worker);
    const stop = new AbortController();
    const opening = client.open(file, 'usual', stop.signal);
    await new Promise((resolve) => setTimeout(resolve));
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    opened({ sequential: false, description, frames: async function* () {}, close: async () => undefined });
    await new Promise((resolve) => setTimeout(resolve));
    expect(await client.liveHandles()).toBe(0);
  });

  it('is refused with the words and the codec that the worker gave', async () => {
    const error = new ActionscopeError('file-corrupt', 'It is cut.', 'Copy it again.');
    const { client } = clientOver(new Worker(Number.NaN, () => Promise.reject(new Refused(error, 'VP8'))));
    const opening = client.open(file, 'usual', signal);
    await expect(opening).rejects.toBeInstanceOf(Refused);
    await expect(opening).rejects.toMatchObject({ code: 'file-corrupt', hint: 'Copy it again.', codec: 'VP8' });
  });
});

describe('a media worker that dies', () => {
  it('is replaced, and the run goes on with what is still missing', async () => {
    const { client, started } = clientOver(new Worker(3), new Worker());
    const source = await client.open(file, 'usual', signal);
    const samples = await samplesOf(source);
    expect(samples).toEqual([0, 1, 2, 3, 4, 5]);
    expect(started).toHaveLength(2);
    await source.close();
    expect(await client.liveHandles()).toBe(0);
  });

  it('twice over one file, is told, and does not touch the next file', async () => {
    const { client } = clientOver(new Worker(3), new Worker(4), new Worker());
    const source = await client.open(file, 'usual', signal);
    await expect(samplesOf(source)).rejects.toBeInstanceOf(FileReadingDied);
    await source.close();
    const next = await client.open(file, 'usual', signal);
    expect(await samplesOf(next)).toHaveLength(6);
  });

  it('while a file is opened, is replaced once', async () => {
    const dying = () => {
      const worker: Worker = new Worker(Number.NaN, async () => {
        worker.end();
        throw new Error('gone');
      });
      return worker;
    };
    const once = clientOver(dying(), new Worker());
    expect((await once.client.open(file, 'usual', signal)).description).toEqual(description);
    const twice = clientOver(dying(), dying());
    await expect(twice.client.open(file, 'usual', signal)).rejects.toBeInstanceOf(FileReadingDied);
  });
});

it('a worker that is stopped ends its sources, and the next file starts another', async () => {
  const { client, started } = clientOver(new Worker(), new Worker());
  await client.start();
  const source = await client.open(file, 'usual', signal);
  client.stop();
  expect(started[0]?.ended).toBe(true);
  await source.close();
  expect(await samplesOf(await client.open(file, 'usual', signal))).toHaveLength(6);
  expect(started).toHaveLength(2);
});
