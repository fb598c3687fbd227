import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../web/lib/frame';
import type { Extraction } from '../../../web/worker/engine_contract';
import { warmUp } from '../../../web/worker/warm_up';
import { FakeEngine } from '../lib/fakes';

class Warmed extends FakeEngine {
  frames: Frame[] = [];
  onExtract: () => void = () => undefined;

  override async extract(frame: Frame): Promise<Extraction> {
    this.frames.push(frame);
    this.onExtract();
    return { feature: new Float32Array(2), preprocess: 0, inference: 0 };
  }
}

describe('warming an engine up', () => {
  it('computes blank frames and one window, and leaves nothing open', async () => {
    const engine = new Warmed();
    await warmUp(engine, () => true);
    expect(engine.frames).toHaveLength(8);
    expect(engine.runs.map(({ added }) => added)).toEqual([[0]]);
    expect(await engine.liveHandles()).toBe(0);
  });

  it('ends as soon as there is real work', async () => {
    const engine = new Warmed();
    await warmUp(engine, () => engine.frames.length < 3);
    expect(engine.frames).toHaveLength(3);
    const busy = new Warmed();
    await warmUp(busy, () => false);
    expect(busy.frames).toHaveLength(0);
  });

  it('tells nobody what is wrong: whoever has work will meet it', async () => {
    const engine = new Warmed();
    engine.onExtract = () => {
      throw new Error('dead');
    };
    await expect(warmUp(engine, () => true)).resolves.toBeUndefined();
  });
});
