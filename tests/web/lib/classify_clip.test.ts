import { describe, expect, it, vi } from 'vitest';
import { classifyClip } from '../../../web/lib/classify_clip';
import { ActionscopeError } from '../../../web/lib/errors';
import type { ClipDescription, SampledFrame } from '../../../web/lib/types';
import { FakeEngine, type FakeRun, FakeSource, scores } from './fakes';

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

  it('keeps two frames in flight, so that decoding and inference overlap, and no more', async () => {
    const engine = new FakeEngine();
    await classifyClip(engine, new FakeSource(4), FILE);
    expect(engine.runs[0]?.mostAtOnce).toBe(2);
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
      timings: { preprocess: 4, inference: 8 },
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
    const engine = new FakeEngine((run) => {
      run.onAdd = (sample) => (sample === 2 ? busy : undefined);
    });
    const source = new FakeSource(4);
    const work = classifyClip(engine, source, FILE, { signal: stop.signal });
    await vi.waitFor(() => expect(source.delivered.length).toBeGreaterThan(1));
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    finish();
    await vi.waitFor(() => everythingFreed(engine, source));
  });

  it('fails with the error of the engine', async () => {
    const engine = new FakeEngine((run: FakeRun) => {
      run.onAdd = () => Promise.reject(new ActionscopeError('engine-failed', 'No.'));
    });
    const source = new FakeSource(4);
    await expect(classifyClip(engine, source, FILE)).rejects.toMatchObject({ code: 'engine-failed' });
    everythingFreed(engine, source);
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
