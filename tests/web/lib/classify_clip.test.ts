import { describe, expect, it, vi } from 'vitest';
import { classifyClip } from '../../../web/lib/classify_clip';
import { ActionscopeError } from '../../../web/lib/errors';
import { FileFeatures } from '../../../web/lib/feature_cache';
import type { ClipDescription, SampledFrame } from '../../../web/lib/types';
import { FakeEngine, FakeSource, scores } from './fakes';

const FILE = { name: 'a.mp4', size: 10 };

describe('classifying a clip', () => {
  it('asks for what the first look reads first, then for the rest, each once', async () => {
    const engine = new FakeEngine();
    const source = new FakeSource(4);
    await classifyClip(engine, source, FILE);
    expect(source.delivered.map(({ sample }) => sample)).toEqual([0, 2, 1, 3]);
  });

  it('asks a source that cannot go back in ascending order', async () => {
    const source = new FakeSource(4, true);
    await classifyClip(new FakeEngine(), source, FILE);
    expect(source.delivered.map(({ sample }) => sample)).toEqual([0, 1, 2, 3]);
  });

  it.each([1, 2, 3])(
    'with %i workers keeps one frame more in flight, so that none waits for decoding',
    async (workers) => {
      const engine = Object.assign(new FakeEngine(), { workers });
      await classifyClip(engine, new FakeSource(4, true), FILE);
      expect(engine.mostAtOnce).toBe(workers + 1);
    },
  );

  it('gives each sample the feature of its own frame, in whatever order they are computed', async () => {
    const slow = (sample: number) => new Promise<void>((resolve) => setTimeout(resolve, 20 - 5 * sample));
    const engine = Object.assign(new FakeEngine(slow), { workers: 3 });
    const result = await classifyClip(engine, new FakeSource(4, true), FILE);
    expect(engine.extracted).not.toEqual([0, 1, 2, 3]);
    expect(Object.fromEntries(engine.runs[0]?.features ?? [])).toEqual({ 0: [0, 1], 1: [1, 2], 2: [2, 3], 3: [3, 4] });
    expect(result.samples.map(({ time }) => time)).toEqual([0, 1, 2, 3]);
  });

  it('gives the whole result, and tells of each part as it becomes known', async () => {
    const told: string[] = [];
    let opened: ClipDescription | undefined;
    const result = await classifyClip(new FakeEngine(), new FakeSource(4), FILE, {
      onOpen: (clip) => {
        opened = clip;
      },
      onProgress: ({ done, total }) => told.push(`${done}/${total}`),
      onFirst: (first, at) => told.push(`${first.answer} at ${at.map(({ time }) => time)}`),
      onWindow: (window) => told.push(`window ${window.start}-${window.end}`),
    });
    expect(opened).toEqual({
      ...FILE,
      duration: 4,
      width: 320,
      height: 240,
      source: 'video-element',
      container: null,
      codec: null,
    });
    expect(told).toEqual(['0/4', '1/4', '2/4', 'first at 0,2', '3/4', '4/4', 'window 0-3']);
    expect(result).toMatchObject({
      ...scores('answer'),
      format: 'actionscope-result',
      formatVersion: 1,
      file: opened,
      first: scores('first'),
      windows: [{ start: 0, end: 3 }],
      endedEarly: false,
      partial: false,
      model: { name: 'fake', version: '1', variant: 'fp32' },
      timings: { preprocess: 4, inference: 16 },
    });
    expect(result.samples).toEqual([0, 1, 2, 3].map((time) => ({ time, timestamp: time - 0.01 })));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('looks at 30 windows of footage above a minute, and says that it is partial', async () => {
    const engine = new FakeEngine();
    expect((await classifyClip(engine, new FakeSource(60), FILE)).partial).toBe(false);
    expect((await classifyClip(engine, new FakeSource(60.5), FILE)).partial).toBe(true);
    expect(engine.requests.map(({ mostWindows }) => mostWindows)).toEqual([0, 30]);
  });

  it('lets key frames stand in for the first look of such footage, and only for that', async () => {
    const engine = new FakeEngine();
    let looked: SampledFrame[] = [];
    const progress: string[] = [];
    const result = await classifyClip(engine, new FakeSource(61), FILE, {
      onFirst: (_, frames) => {
        looked = frames;
      },
      onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
    });
    expect(result.firstLookSnapped).toBe(true);
    expect(looked).toEqual([
      { time: 0, timestamp: -0.01 },
      { time: 2, timestamp: 1.5 },
    ]);
    expect(engine.runs[0]?.stoodIn).toEqual([2]);
    expect(engine.runs[0]?.added).toEqual([0, 1, 2, 3]);
    expect(result.samples).toEqual([0, 1, 2, 3].map((time) => ({ time, timestamp: time - 0.01 })));
    expect(progress.at(-1)).toBe('5/5');
    expect((await classifyClip(new FakeEngine(), new FakeSource(4), FILE)).firstLookSnapped).toBe(false);
  });

  it('classifies what there is when the source ends early', async () => {
    const result = await classifyClip(new FakeEngine(), new FakeSource(4, false, 2), FILE);
    expect(result.endedEarly).toBe(true);
    expect(result.answer).toBe('answer');
    expect(result.samples.map(({ time }) => time)).toEqual([0, 1]);
  });
});

describe('a clip whose file is known', () => {
  it('is classified anew without a frame being read or computed', async () => {
    const features = new FileFeatures();
    const engine = new FakeEngine();
    const before = await classifyClip(engine, new FakeSource(4), FILE, {}, features);
    const source = new FakeSource(4);
    const again = await classifyClip(engine, source, FILE, {}, features);
    expect(source.delivered).toEqual([]);
    expect(engine.extracted).toHaveLength(4);
    expect(engine.runs[1]?.features).toEqual(engine.runs[0]?.features);
    expect({ ...again, timings: null }).toEqual({ ...before, timings: null });
  });

  it('in part has only the rest of its frames read', async () => {
    const features = new FileFeatures();
    const stop = new AbortController();
    const first = classifyClip(
      new FakeEngine(),
      new FakeSource(4),
      FILE,
      { signal: stop.signal, onFirst: () => stop.abort() },
      features,
    );
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const source = new FakeSource(4);
    await classifyClip(new FakeEngine(), source, FILE, {}, features);
    expect(source.delivered.map(({ sample }) => sample)).not.toContain(0);
    expect(source.delivered.map(({ sample }) => sample)).toContain(3);
  });
});

describe('a clip that does not come to its end', () => {
  const everythingFreed = (engine: FakeEngine, source: FakeSource) => {
    expect(engine.runs.every((run) => run.closed)).toBe(true);
    expect(source.delivered.every((frame) => frame.closed)).toBe(true);
  };

  it('is cancelled before it begins', async () => {
    const engine = new FakeEngine();
    const work = classifyClip(engine, new FakeSource(4), FILE, { signal: AbortSignal.abort() });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(engine.runs).toHaveLength(0);
  });

  it('is cancelled while the engine is at work, without waiting for it', async () => {
    const stop = new AbortController();
    let finish: () => void = () => undefined;
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const engine = new FakeEngine((sample) => (sample === 2 ? busy : undefined));
    const source = new FakeSource(4);
    const work = classifyClip(engine, source, FILE, { signal: stop.signal });
    await vi.waitFor(() => expect(source.delivered.length).toBeGreaterThan(1));
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    finish();
    await vi.waitFor(() => everythingFreed(engine, source));
  });

  it('fails with the error of the engine', async () => {
    const engine = new FakeEngine(() => Promise.reject(new ActionscopeError('engine-failed', 'No.')));
    const source = new FakeSource(4);
    await expect(classifyClip(engine, source, FILE)).rejects.toMatchObject({ code: 'engine-failed' });
    await vi.waitFor(() => everythingFreed(engine, source));
  });

  it('fails with the error of the source', async () => {
    const engine = new FakeEngine();
    const source = new FakeSource(4);
    // biome-ignore lint/correctness/useYield: it fails before its first frame
    source.frames = async function* () {
      throw new ActionscopeError('file-corrupt', 'Broken.');
    };
    await expect(classifyClip(engine, source, FILE)).rejects.toMatchObject({ code: 'file-corrupt' });
    everythingFreed(engine, source);
  });
});
