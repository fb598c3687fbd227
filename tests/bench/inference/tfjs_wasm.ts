import { NETWORK, readModel } from '../browser/model';
import { loadNetwork, type Network } from '../browser/tfjs_network';
import type { Contestant } from './contestant';

let network: Network;
let height: number;
let width: number;

export const tfjsWasm: Contestant = {
  name: 'tfjs-wasm',
  layout: 'NHWC',
  async load() {
    ({ height, width } = (await readModel()).input);
    network = await loadNetwork(NETWORK);
  },
  run: (frame) => network.features(frame, height, width),
};
