/** Work of no meaning, so that what comes first is as fast as what comes later. */

import { drawnLayout, type Frame } from '../lib/frame';
import type { Engine } from './engine_contract';

/** By then browsers have compiled what runs often with their better compiler, or are about to. */
const FRAMES = 8;
const SIDE = 256;

const blankFrame = (): Frame => ({ buffer: new ArrayBuffer(SIDE * SIDE * 4), layout: drawnLayout(SIDE, SIDE) });

/**
 * Has an engine compute blank frames, and a window of them. `isIdle` is asked before each frame: real work waits for one at most.
 * Never rejects: what is wrong will come up where somebody waits for it.
 */
export async function warmUp(engine: Engine, isIdle: () => boolean): Promise<void> {
  try {
    for (let frame = 0; frame < FRAMES; ++frame) {
      if (!isIdle()) return;
      const { feature } = await engine.extract(blankFrame());
      // Messages that have come meanwhile are heard.
      await new Promise((resolve) => setTimeout(resolve));
      if (frame > 0 || !isIdle()) continue;
      const run = await engine.openStill();
      await run.addFeature(0, 0, feature).finally(() => run.close());
    }
  } catch {
    // See above.
  }
}
