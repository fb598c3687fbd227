import { describe, expect, it, vi } from 'vitest';
import { EngineClassifier } from '../../../web/lib/classifier';
import { ActionscopeError, FileReadingDied } from '../../../web/lib/errors';
import { FeatureCache } from '../../../web/lib/feature_cache';
import type { Frame } from '../../../web/lib/frame';
import type { LiveScores } from '../../../web/lib/types';
import type { LiveFrame } from '../../../web/media/live_frames';
import { FakeEngine, FakeFrame, FakeSource } from './fakes';

const video = new File(['12345'], 'a.mp4');
const stream = {} as MediaStream;

/** An engine that dies with the first frame it is given. */
const dying = () => {
  const engine = new FakeEngine(() => {
    engine.ended = true;
    throw new ActionscopeError('worker-died', 'Gone.');
  });
  return engine;
};

/** An engine that loses the worker which has frame 3, once, and goes on. */
const losing = () => {
  const engine = new FakeEngine((sample) => {
    if (sample !== 3) return;
    engine.onFrame = () => undefined;
    throw new ActionscopeError('worker-died', 'Gone.');
  });
  return engine;
};

/** Frames until the signal is given. */
async function* endlessFrames(_stream: MediaStream, _rate: number, signal: AbortSignal): AsyncGenerator<LiveFrame> {
  for (let timestamp = 0; !signal.aborted; timestamp += 1) {
    yield { timestamp, captured: performance.now(), frame: new FakeFrame(timestamp) as unknown as Frame };
  }
}

/** A classifier over `engines`, taken in turn whenever one is started. */
function classifierOver(...engines: FakeEngine[]) {
  const sources: FakeSource[] = [];
  const startEngine = vi.fn(async () => engines.shift() as FakeEngine);
  const openVideo = async () => {
    const source = new FakeSource(4);
    sources.push(source);
    return source;
  };
  const first = engines.shift() as FakeEngine;
  const stopReading = vi.fn();
  const features = new FeatureCache();
  const reference = new FakeEngine();
  const startReference = vi.fn(async () => reference);
  const classifier = new EngineClassifier(
    { startEngine, startReference, openVideo, liveFrames: endlessFrames, stopReading, features },
    first,
  );
  return { classifier, sources, startEngine, startReference, reference, stopReading };
}

describe('a classifier', () => {
  it('classifies a file by name and size, and closes it', async () => {
    const { classifier, sources } = classifierOver(new FakeEngine());
    const result = await classifier.classifyVideo(video);
    expect(result.file).toMatchObject({ name: 'a.mp4', size: 5 });
    expect(sources.map(({ closed }) => closed)).toEqual([true]);
  });

  it('checks itself against another engine, which is started for that and closed', async () => {
    const engine = new FakeEngine();
    const { classifier, sources, startReference, reference } = classifierOver(engine);
    await classifier.classifyVideo(video);
    expect(startReference).not.toHaveBeenCalled();
    const told: string[] = [];
    const checked = await classifier.crossCheck(video, {
      onProgress: ({ done, total }) => void told.push(`${done}/${total}`),
    });
    expect(checked).toMatchObject({ agrees: true, frames: 2, features: 0, probabilities: 0 });
    expect(told).toEqual(['0/2', '1/2', '2/2']);
    // What is known of the file does not count: the two frames are computed anew, by both.
    expect(engine.extracted).toHaveLength(6);
    expect(reference.extracted).toHaveLength(2);
    expect(reference.closed).toBe(true);
    expect(engine.closed).toBe(false);
    expect(sources.every(({ closed }) => closed)).toBe(true);
    expect(await engine.liveHandles()).toBe(0);
  });

  it('cannot be checked where the other engine does not start, and goes on', async () => {
    const { classifier, sources, startReference } = classifierOver(new FakeEngine());
    startReference.mockRejectedValueOnce(new ActionscopeError('engine-failed', 'No connection.'));
    await expect(classifier.crossCheck(video)).rejects.toMatchObject({ code: 'engine-failed' });
    expect(sources.every(({ closed }) => closed)).toBe(true);
    await expect(classifier.classifyVideo(video)).resolves.toMatchObject({ answer: 'answer' });
  });

  it('computes no frame of a file twice, whichever model with the same backbone asks', async () => {
    const engine = new FakeEngine();
    const { classifier } = classifierOver(engine);
    await classifier.classifyVideo(video);
    await classifier.classifyVideo(video);
    expect(engine.extracted).toHaveLength(4);
    engine.featureSpace = 'another';
    await classifier.classifyVideo(video);
    expect(engine.extracted).toHaveLength(8);
    await classifier.classifyVideo(new File(['12345'], 'a.mp4'));
    expect(engine.extracted).toHaveLength(12);
  });

  it('classifies one file after the other', async () => {
    const engine = new FakeEngine();
    const { classifier } = classifierOver(engine);
    const opened: number[] = [];
    const one = (number: number) =>
      classifier.classifyVideo(video, {
        onOpen: () => {
          expect(engine.runs.every((run) => run.closed)).toBe(true);
          opened.push(number);
        },
      });
    await Promise.all([one(1), one(2)]);
    expect(opened).toEqual([1, 2]);
  });

  it('lets go of a file at once when it is cancelled, even one that waits', async () => {
    const { classifier } = classifierOver(new FakeEngine());
    const stop = new AbortController();
    const first = classifier.classifyVideo(video);
    const second = classifier.classifyVideo(video, { signal: stop.signal });
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await expect(first).resolves.toMatchObject({ answer: 'answer' });
  });

  it('does nothing after it was closed', async () => {
    const engine = new FakeEngine();
    const { classifier, stopReading } = classifierOver(engine);
    await classifier.close();
    expect(engine.closed).toBe(true);
    expect(stopReading).toHaveBeenCalledOnce();
    await expect(classifier.classifyVideo(video)).rejects.toMatchObject({ code: 'closed' });
    const options = { onScores: () => undefined, onError: () => undefined };
    await expect(classifier.classifyStream(stream, options)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('the report of its model', () => {
  const reporting = (text: string | null) => Object.assign(new FakeEngine(), { readReport: async () => text });

  it('is read when it is asked for', async () => {
    const text = JSON.stringify({ format: 'actionscope-report', format_version: 1, model: 'ucf11' });
    const { classifier } = classifierOver(reporting(text));
    expect(await classifier.readReport()).toMatchObject({ model: 'ucf11', figures: {} });
  });

  it('is null where the package has none', async () => {
    const { classifier } = classifierOver(reporting(null));
    expect(await classifier.readReport()).toBeNull();
  });

  it('that is damaged is told, and the model goes on working', async () => {
    const { classifier } = classifierOver(reporting('Not found'));
    await expect(classifier.readReport()).rejects.toMatchObject({ code: 'report-damaged' });
    await expect(classifier.classifyVideo(video)).resolves.toMatchObject({ answer: 'answer' });
  });
});

describe('an engine that dies', () => {
  it('is restarted, and the clip done again', async () => {
    const { classifier, startEngine, sources } = classifierOver(dying(), new FakeEngine());
    await expect(classifier.classifyVideo(video)).resolves.toMatchObject({ answer: 'answer' });
    expect(startEngine).toHaveBeenCalledOnce();
    expect(sources.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('is restarted once: a second death is told', async () => {
    const { classifier, startEngine } = classifierOver(dying(), dying());
    await expect(classifier.classifyVideo(video)).rejects.toMatchObject({ code: 'worker-died' });
    expect(startEngine).toHaveBeenCalledOnce();
  });

  it('in one worker alone goes on: what was lost is done again, and nothing else', async () => {
    const engine = losing();
    const { classifier, startEngine } = classifierOver(engine);
    await expect(classifier.classifyVideo(video)).resolves.toMatchObject({ answer: 'answer' });
    expect(startEngine).not.toHaveBeenCalled();
    expect(engine.extracted.toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('does not keep the next clip from being classified', async () => {
    const { classifier } = classifierOver(dying(), dying(), new FakeEngine());
    await expect(classifier.classifyVideo(video)).rejects.toMatchObject({ code: 'worker-died' });
    await expect(classifier.classifyVideo(video)).resolves.toMatchObject({ answer: 'answer' });
  });

  it('is not taken for dead when the worker that reads files is', async () => {
    const engine = new FakeEngine();
    const startEngine = vi.fn();
    const openVideo = () => Promise.reject(new FileReadingDied());
    const classifier = new EngineClassifier(
      {
        startEngine,
        startReference: startEngine,
        openVideo,
        liveFrames: endlessFrames,
        stopReading: () => undefined,
        features: new FeatureCache(),
      },
      engine,
    );
    await expect(classifier.classifyVideo(video)).rejects.toMatchObject({ code: 'worker-died' });
    expect(startEngine).not.toHaveBeenCalled();
  });

  it('is restarted once for all who notice', async () => {
    const { classifier, startEngine } = classifierOver(dying(), new FakeEngine());
    const seen: LiveScores[] = [];
    const session = await classifier.classifyStream(stream, {
      onScores: (live) => seen.push(live),
      onError: (error) => expect.unreachable(error.message),
    });
    await classifier.classifyVideo(video);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
    await session.stop();
    expect(startEngine).toHaveBeenCalledOnce();
  });
});

describe('a stream', () => {
  it('is classified frame by frame until it is stopped', async () => {
    const engine = new FakeEngine();
    const { classifier } = classifierOver(engine);
    const seen: LiveScores[] = [];
    const session = await classifier.classifyStream(stream, {
      onScores: (live) => seen.push(live),
      onError: (error) => expect.unreachable(error.message),
    });
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(3));
    await session.stop();
    const count = seen.length;
    expect(engine.runs.map(({ closed }) => closed)).toEqual([true]);
    expect(engine.mostAtOnce).toBe(1);
    expect(seen[0]).toMatchObject({ answer: 'live', filled: 0.5, rate: 0 });
    expect(seen.at(-1)?.rate).toBeGreaterThan(0);
    expect(seen.every(({ latency }) => latency >= 0)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toHaveLength(count);
  });

  it('ends with its error told', async () => {
    const engine = new FakeEngine(() => Promise.reject(new ActionscopeError('frame-too-large', 'Too large.')));
    const { classifier } = classifierOver(engine);
    const error = await new Promise<Error>((onError) => {
      void classifier.classifyStream(stream, { onScores: () => undefined, onError });
    });
    expect(error).toMatchObject({ code: 'frame-too-large' });
    expect(engine.runs.map(({ closed }) => closed)).toEqual([true]);
  });
});
