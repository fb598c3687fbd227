import { describe, expect, it } from 'vitest';
import { FeatureCache, FileFeatures } from '../../../web/lib/feature_cache';
import type { Frame } from '../../../web/lib/frame';
import { FakeEngine, FakeFrame } from './fakes';

const frame = (sample: number) => {
  const fake = new FakeFrame(sample);
  return { fake, frame: fake as unknown as Frame };
};

describe('the features of a file', () => {
  it('are computed once for a frame, and the frames of later requests are freed', async () => {
    const features = new FileFeatures();
    const engine = new FakeEngine();
    const first = await features.extract(1.5, frame(7).frame, engine);
    const { fake, frame: second } = frame(7);
    const known = await features.extract(1.5, second, engine);
    expect(known).toEqual({ feature: first.feature, preprocess: 0, inference: 0 });
    expect(fake.closed).toBe(true);
    expect(engine.extracted).toEqual([7]);
  });

  it('are computed once although a frame is asked for twice at the same time', async () => {
    const features = new FileFeatures();
    const engine = new FakeEngine();
    const both = await Promise.all([1, 2].map(() => features.extract(3, frame(4).frame, engine)));
    expect(engine.extracted).toEqual([4]);
    expect(both.map(({ inference }) => inference)).toEqual([2, 0]);
  });

  it('that could not be computed are computed when they are next asked for', async () => {
    const features = new FileFeatures();
    let calls = 0;
    const engine = new FakeEngine(() => {
      calls += 1;
      if (calls === 1) throw new Error('lost');
    });
    await expect(features.extract(3, frame(4).frame, engine)).rejects.toThrow('lost');
    await expect(features.extract(3, frame(4).frame, engine)).resolves.toMatchObject({ inference: 2 });
  });

  it('are found by the sample that took the frame', async () => {
    const features = new FileFeatures();
    const request = { sample: 3, time: 0.35 };
    features.note(request, 0.32);
    expect(features.find(request)).toBeUndefined();
    const { feature } = await features.extract(0.32, frame(3).frame, new FakeEngine());
    expect(features.find(request)).toEqual({ timestamp: 0.32, feature });
    expect(features.find({ sample: 3, time: 0.45 })).toBeUndefined();
  });

  it('are found by their number where samples have no time', async () => {
    const features = new FileFeatures();
    features.note({ sample: 2, time: Number.NaN }, 0.08);
    await features.extract(0.08, frame(2).frame, new FakeEngine());
    expect(features.find({ sample: 2, time: Number.NaN })).toMatchObject({ timestamp: 0.08 });
    expect(features.find({ sample: 1, time: Number.NaN })).toBeUndefined();
  });
});

describe('the cache of all files', () => {
  it('keeps files apart, and what features depend on', () => {
    const cache = new FeatureCache();
    const [one, other] = [new Blob(['1']), new Blob(['1'])];
    expect(cache.of(one, 'a')).toBe(cache.of(one, 'a'));
    expect(cache.of(one, 'a')).not.toBe(cache.of(one, 'b'));
    expect(cache.of(one, 'a')).not.toBe(cache.of(other, 'a'));
  });
});
