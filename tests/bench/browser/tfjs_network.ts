/**
 * Backbone and head of the shipped package in TensorFlow.js on its WebAssembly backend, at its best: fused convolutions, channels last,
 * SIMD, one thread. export_network.py wrote the files that it reads.
 */

import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';

/** A tensor in weights.bin. */
interface Stored {
  /** In floats. */
  offset: number;
  shape: number[];
}

type Step = { output: string } & (
  | {
      operation: 'convolution' | 'depthwise';
      input: string;
      filter: Stored;
      bias: Stored;
      stride: number;
      pad: number;
      relu6: boolean;
    }
  | { operation: 'add'; inputs: [string, string] }
  | { operation: 'mean'; input: string }
);

interface NetworkFile {
  backbone: { input: string; output: string; steps: Step[] };
  head: Record<'kernel' | 'bias' | 'dense' | 'dense_bias', Stored>;
}

type Layer = (values: Map<string, tf.Tensor4D>) => tf.Tensor4D;

export interface Network {
  /** @param pixels a frame, channels last */
  features(pixels: Float32Array, height: number, width: number): Float32Array;
  /** @param features of one window, a slot after the other */
  logits(features: Float32Array, slots: number): Float32Array;
}

async function startBackend(): Promise<void> {
  // It wants an address for each of its files; only the one for one thread with SIMD will do.
  const names = ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd'];
  const address = new URL(simdWasm, import.meta.url).href;
  setWasmPaths(Object.fromEntries(names.map((name) => [`${name}.wasm`, address])));
  setThreadsCount(1);
  tf.enableProdMode();
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('tfjs runs without SIMD here');
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend of tfjs did not start');
}

function found(values: Map<string, tf.Tensor4D>, name: string): tf.Tensor4D {
  const value = values.get(name);
  if (value === undefined) throw new Error(`nothing computes ${name}`);
  return value;
}

/** Reads network.json and weights.bin of a folder, whose address ends with a slash. */
export async function loadNetwork(folder: string): Promise<Network> {
  const [file, weights] = await Promise.all([
    fetch(`${folder}network.json`).then((response): Promise<NetworkFile> => response.json()),
    fetch(`${folder}weights.bin`).then((response) => response.arrayBuffer()),
    startBackend(),
  ]);

  function tensor<R extends tf.Rank>({ offset, shape }: Stored): tf.Tensor<R> {
    const length = shape.reduce((product, size) => product * size, 1);
    return tf.tensor<R>(new Float32Array(weights, 4 * offset, length), shape as tf.ShapeMap[R]);
  }

  function layer(step: Step): Layer {
    if (step.operation === 'add') {
      const [left, right] = step.inputs;
      return (values) => tf.add(found(values, left), found(values, right));
    }
    if (step.operation === 'mean') return (values) => tf.mean(found(values, step.input), [1, 2], true);
    const convolve = step.operation === 'depthwise' ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
    const filter = tensor<tf.Rank.R4>(step.filter);
    const bias = tensor<tf.Rank.R1>(step.bias);
    const { input, stride: strides, pad } = step;
    const activation = step.relu6 ? 'relu6' : 'linear';
    return (values) => convolve({ x: found(values, input), filter, bias, strides, pad, activation });
  }

  const { input, output, steps } = file.backbone;
  const layers = steps.map((step) => ({ output: step.output, compute: layer(step) }));
  const kernel = tensor<tf.Rank.R2>(file.head.kernel);
  const bias = tensor<tf.Rank.R1>(file.head.bias);
  const dense = tensor<tf.Rank.R2>(file.head.dense);
  const denseBias = tensor<tf.Rank.R1>(file.head.dense_bias);
  const units = dense.shape[0];

  return {
    features: (pixels, height, width) =>
      tf.tidy(() => {
        const values = new Map([[input, tf.tensor4d(pixels, [1, height, width, 3])]]);
        for (const { output: name, compute } of layers) values.set(name, compute(values));
        return found(values, output).dataSync<'float32'>();
      }),
    logits: (features, slots) =>
      tf.tidy(() => {
        const window = tf.tensor2d(features, [slots, features.length / slots]);
        const forgetBias = tf.scalar(0);
        let cell = tf.zeros<tf.Rank.R2>([1, units]);
        let state = tf.zeros<tf.Rank.R2>([1, units]);
        for (let slot = 0; slot < slots; ++slot) {
          [cell, state] = tf.basicLSTMCell(forgetBias, kernel, bias, tf.slice(window, [slot, 0], [1, -1]), cell, state);
        }
        return tf.add(tf.matMul(state, dense), denseBias).dataSync<'float32'>();
      }),
  };
}
