/** In the browser: what the benchmarks read of the shipped package. */

import type { Input } from './normalised';

/** Where every page of a benchmark finds the package, and what export_network.py made of it. */
export const MODEL = '/model/';
export const NETWORK = '/network/';

/** Raw frames of a clip: R, G, B, as large as the model takes them, one after the other. */
export const FRAMES = '/frames/frames.rgb';

/** The variant that others run beside ours, whichever ours runs. */
export const PEERS_VARIANT = 'fp32';

interface GraphFile {
  file: string;
  input: string;
  output: string;
}

export interface Model {
  input: Input;
  sampling: { rate: number };
  window: { frames: number };
  feature_size: number;
  variants: Record<string, { backbone: GraphFile; head: GraphFile; temperature: number }>;
}

export async function readModel(name = PEERS_VARIANT) {
  const model: Model = await (await fetch(`${MODEL}model.json`)).json();
  const variant = model.variants[name];
  if (variant === undefined) throw new Error(`the package has no variant ${name}`);
  return { ...model, variant };
}
