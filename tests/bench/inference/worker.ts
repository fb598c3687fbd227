/** The worker that a contestant runs in. */

import * as Comlink from 'comlink';
import { FRAMES, readModel } from '../browser/model';
import { normalised } from '../browser/normalised';
import type { Contestant } from './contestant';
import { onnxRuntimeWeb } from './onnxruntime_web';
import { ourContestants } from './ours';
import { tfjsWasm } from './tfjs_wasm';

const contestants = [...ourContestants, tfjsWasm, onnxRuntimeWeb];

let contestant: Contestant;
let frames: Float32Array[];

const api = {
  /** Loads the contestant of that name, and the frames. */
  async load(name: string): Promise<void> {
    const found = contestants.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`there is no contestant “${name}”`);
    contestant = found;
    const { input } = await readModel();
    const bytes = new Uint8Array(await (await fetch(FRAMES)).arrayBuffer());
    const size = 3 * input.width * input.height;
    frames = Array.from({ length: bytes.length / size }, (_, index) =>
      normalised(bytes.subarray(index * size, (index + 1) * size), 3, input, contestant.layout),
    );
    await contestant.load();
  },
  /** Of each frame. */
  async features(): Promise<number[][]> {
    const all: number[][] = [];
    for (const frame of frames) all.push(Array.from(await contestant.run(frame)));
    return all;
  },
  /** Runs all frames once and gives the mean milliseconds of one. */
  async round(): Promise<number> {
    const started = performance.now();
    for (const frame of frames) await contestant.run(frame);
    return (performance.now() - started) / frames.length;
  },
};

export type ContestantApi = typeof api;

Comlink.expose(api);
