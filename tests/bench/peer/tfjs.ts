/** The seeking page with TensorFlow.js on its WebAssembly backend: backbone and head both. */

import { NETWORK } from '../browser/model';
import { loadNetwork } from '../browser/tfjs_network';
import { offerFirstLook } from './seeking_page';

await offerFirstLook(async ({ input: { width, height }, window }) => {
  const network = await loadNetwork(NETWORK);
  return {
    layout: 'NHWC',
    features: (frame) => network.features(frame, height, width),
    logits: (features) => network.logits(features, window.frames),
  };
});
