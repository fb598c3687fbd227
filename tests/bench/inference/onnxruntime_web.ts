import { MODEL, readModel } from '../browser/model';
import { openGraph, type Run } from '../browser/onnxruntime';
import type { Contestant } from './contestant';

let backbone: Run;
let shape: number[];

export const onnxRuntimeWeb: Contestant = {
  name: 'ONNX Runtime Web fp32',
  layout: 'NCHW',
  async load() {
    const { input, variant } = await readModel();
    shape = [1, 3, input.height, input.width];
    backbone = await openGraph({ ...variant.backbone, url: `${MODEL}${variant.backbone.file}` });
  },
  run: (frame) => backbone(frame, shape),
};
