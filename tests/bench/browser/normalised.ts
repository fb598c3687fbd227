/** In the browser: what a backbone takes, from the bytes of a picture. */

/** What the benchmarks read of model.json. */
export interface Input {
  width: number;
  height: number;
  mean: number[];
  std: number[];
}

/** How the values of a frame lie: channel after channel, or pixel after pixel. */
export type Layout = 'NCHW' | 'NHWC';

/** @param step bytes from one pixel of `bytes` to the next; its first three are red, green, blue */
export function normalised(bytes: ArrayLike<number>, step: number, input: Input, layout: Layout): Float32Array {
  const area = input.width * input.height;
  const [ofPixel, ofChannel] = layout === 'NCHW' ? [1, area] : [3, 1];
  const values = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; ++channel) {
    const mean = input.mean[channel] ?? Number.NaN;
    const std = input.std[channel] ?? Number.NaN;
    for (let pixel = 0; pixel < area; ++pixel) {
      const byte = bytes[step * pixel + channel] ?? Number.NaN;
      values[ofPixel * pixel + ofChannel * channel] = (byte / 255 - mean) / std;
    }
  }
  return values;
}
