/** In the browser: ONNX Runtime Web, one thread. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';

/** One input, one output, both float. */
export type Run = (values: Float32Array, shape: number[]) => Promise<Float32Array>;

/** @param file its address, and what its input and output are called */
export async function openGraph(file: { url: string; input: string; output: string }): Promise<Run> {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL(wasm, import.meta.url).href };
  const session = await ort.InferenceSession.create(file.url);
  return async (values, shape) => {
    const output = await session.run({ [file.input]: new ort.Tensor('float32', values, shape) });
    return output[file.output]?.data as Float32Array;
  };
}
