import { describe, expect, it } from 'vitest';
import { crossCheck } from '../../../web/lib/cross_check';
import type { Frame } from '../../../web/lib/frame';
import type { ClipRun, ClipStep, Extraction } from '../../../web/worker/engine_contract';
import { FakeEngine, type FakeFrame, FakeRun, FakeSource } from './fakes';

/** An engine whose features lie so far beside those of the other, whose largest is 3. */
class Deviating extends FakeEngine {
  constructor(
    private readonly by: number,
    variant = 'fp32',
  ) {
    super();
    this.model.variant = variant;
  }

  override async extract(frame: Frame): Promise<Extraction> {
    const extraction = await super.extract(frame);
    extraction.feature[0] = (extraction.feature[0] ?? 0) + this.by;
    return extraction;
  }
}

/** An engine whose first look gives other probabilities. */
class Disagreeing extends FakeEngine {
  constructor(private readonly moved: number) {
    super();
  }

  override async openClip(): Promise<ClipRun> {
    const { moved } = this;
    class Run extends FakeRun {
      override async addFeature(...args: Parameters<FakeRun['addFeature']>): Promise<ClipStep> {
        const step = await super.addFeature(...args);
        if (step.first !== null) step.first.scores.probabilities = { first: 0.9 - moved, none: 0.1 + moved };
        return step;
      }
    }
    const run = new Run();
    this.runs.push(run);
    return run;
  }
}

const check = (own: FakeEngine) => crossCheck(own, new FakeEngine(), new FakeSource(4));

describe('a check against another engine', () => {
  it('finds no difference where there is none', async () => {
    const checked = await check(new FakeEngine());
    expect(checked).toMatchObject({ agrees: true, frames: 2, features: 0, probabilities: 0 });
    expect(checked.reference.name).toBe('native');
  });

  it('tells the largest difference in parts of the largest feature', async () => {
    // Samples 0 and 2 have the features 0, 1 and 2, 3.
    const { features, agrees } = await check(new Deviating(0.3));
    expect(features).toBeCloseTo(0.1);
    expect(agrees).toBe(false);
  });

  it('allows more to a network in integers, in which one bit moves many', async () => {
    expect((await check(new Deviating(0.003))).agrees).toBe(false);
    expect((await check(new Deviating(0.003, 'int8'))).agrees).toBe(true);
    expect((await check(new Deviating(0.06, 'int8'))).agrees).toBe(false);
    expect((await check(new Deviating(0.0001))).agrees).toBe(true);
  });

  it('finds features that are no numbers', async () => {
    expect((await check(new Deviating(Number.NaN))).agrees).toBe(false);
  });

  it('compares the probabilities of the first look', async () => {
    const little = await check(new Disagreeing(0.005));
    expect(little.probabilities).toBeCloseTo(0.005);
    expect(little.agrees).toBe(true);
    expect((await check(new Disagreeing(0.02))).agrees).toBe(false);
  });

  it('finds another top label', async () => {
    const other = new FakeEngine();
    other.openClip = async () => {
      const run = new FakeRun();
      const { addFeature } = run;
      run.addFeature = async (...args) => {
        const step = await addFeature.apply(run, args);
        return step.first === null
          ? step
          : { ...step, first: { ...step.first, scores: { ...step.first.scores, answer: 'other' } } };
      };
      return run;
    };
    expect((await check(other)).agrees).toBe(false);
  });

  it('takes a file that ends early as far as it goes', async () => {
    const source = new FakeSource(4, false, 1);
    const own = new FakeEngine();
    expect(await crossCheck(own, new FakeEngine(), source)).toMatchObject({ frames: 1, agrees: true });
    expect(own.runs[0]?.endedEarly).toBe(true);
  });

  it('leaves no clip open where the other engine does not open it', async () => {
    const own = new FakeEngine();
    const reference = new FakeEngine();
    reference.openClip = () => Promise.reject(new Error('dead'));
    await expect(crossCheck(own, reference, new FakeSource(4))).rejects.toThrow('dead');
    expect(own.runs).toHaveLength(1);
    expect(await own.liveHandles()).toBe(0);
  });

  it('ends with the signal, and frees both clips and every frame', async () => {
    const stopping = new AbortController();
    const own = new FakeEngine((sample) => {
      if (sample === 2) stopping.abort();
    });
    const reference = new FakeEngine();
    const source = new FakeSource(4);
    const { signal } = stopping;
    await expect(crossCheck(own, reference, source, { signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect((await own.liveHandles()) + (await reference.liveHandles())).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(source.delivered.every((frame: FakeFrame) => frame.closed)).toBe(true);
  });
});
