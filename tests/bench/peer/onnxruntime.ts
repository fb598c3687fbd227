/** The seeking page with ONNX Runtime Web. */

import { MODEL } from '../browser/model';
import { openGraph } from '../browser/onnxruntime';
import { offerFirstLook } from './seeking_page';

await offerFirstLook(async ({ input: { width, height }, window, feature_size, variant }) => {
  const backbone = await openGraph({ ...variant.backbone, url: `${MODEL}${variant.backbone.file}` });
  const head = await openGraph({ ...variant.head, url: `${MODEL}${variant.head.file}` });
  return {
    layout: 'NCHW',
    features: (frame) => backbone(frame, [1, 3, height, width]),
    logits: (features) => head(features, [1, window.frames, feature_size]),
  };
});
