/** Pixels of any layout as a canvas takes them. */
import type { ColorMatrix, ColorRange, FrameLayout } from '../../lib/frame';

/** Weights of red and blue in luma: ITU-R BT.601-7, section 2.5.1, and BT.709-6, section 3.2. */
const LUMA_WEIGHTS: Record<ColorMatrix, { red: number; blue: number }> = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
};

/** What a step of luma and of colour difference adds to red, green and blue. */
interface Conversion {
  black: number;
  luma: number;
  redByV: number;
  greenByU: number;
  greenByV: number;
  blueByU: number;
}

/** The inverse of Y'CbCr of 8 bits: BT.601-7, section 2.5.3, for both ranges. */
function conversionOf(matrix: ColorMatrix, range: ColorRange): Conversion {
  const { red, blue } = LUMA_WEIGHTS[matrix];
  const green = 1 - red - blue;
  const luma = range === 'full' ? 1 : 255 / 219;
  const chroma = range === 'full' ? 2 : (2 * 255) / 224;
  return {
    black: range === 'full' ? 0 : 16,
    luma,
    redByV: chroma * (1 - red),
    greenByU: (-chroma * (1 - blue) * blue) / green,
    greenByV: (-chroma * (1 - red) * red) / green,
    blueByU: chroma * (1 - blue),
  };
}

function fromPlanes(bytes: Uint8Array, layout: FrameLayout, rgba: Uint8ClampedArray): void {
  const { width, height, planes, format, matrix, range } = layout;
  const [y, u, v] = planes;
  if (y === undefined || u === undefined) return;
  const { black, luma, redByV, greenByU, greenByV, blueByU } = conversionOf(matrix, range);
  // NV12 keeps both colour differences in one plane, pair by pair.
  const step = format === 'NV12' ? 2 : 1;
  const second = v ?? { offset: u.offset + 1, stride: u.stride };
  let to = 0;
  for (let row = 0; row < height; row += 1) {
    const yRow = y.offset + row * y.stride;
    const uRow = u.offset + (row >> 1) * u.stride;
    const vRow = second.offset + (row >> 1) * second.stride;
    for (let column = 0; column < width; column += 1) {
      const chromaColumn = (column >> 1) * step;
      const light = ((bytes[yRow + column] as number) - black) * luma;
      const cu = (bytes[uRow + chromaColumn] as number) - 128;
      const cv = (bytes[vRow + chromaColumn] as number) - 128;
      rgba[to] = light + redByV * cv;
      rgba[to + 1] = light + greenByU * cu + greenByV * cv;
      rgba[to + 2] = light + blueByU * cu;
      rgba[to + 3] = 255;
      to += 4;
    }
  }
}

function fromPacked(bytes: Uint8Array, { width, height, planes, format }: FrameLayout, rgba: Uint8ClampedArray): void {
  const [plane] = planes;
  if (plane === undefined) return;
  const [red, blue] = format.startsWith('BGR') ? [2, 0] : [0, 2];
  const opaque = format.endsWith('X');
  let to = 0;
  for (let row = 0; row < height; row += 1) {
    let from = plane.offset + row * plane.stride;
    for (let column = 0; column < width; column += 1) {
      rgba[to] = bytes[from + red] as number;
      rgba[to + 1] = bytes[from + 1] as number;
      rgba[to + 2] = bytes[from + blue] as number;
      rgba[to + 3] = opaque ? 255 : (bytes[from + 3] as number);
      from += 4;
      to += 4;
    }
  }
}

/**
 * The stored picture as RGBA, `width` x `height` of its layout, rows without gaps, not turned. Colours of planes with half as
 * many rows and columns are taken from the nearest.
 */
export function rgbaOf(buffer: ArrayBuffer, layout: FrameLayout): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(layout.width * layout.height * 4);
  const bytes = new Uint8Array(buffer);
  if (layout.format === 'I420' || layout.format === 'NV12') fromPlanes(bytes, layout, rgba);
  else fromPacked(bytes, layout, rgba);
  return rgba;
}

/**
 * The transform of a canvas that brings a stored picture upright: a, b, c, d, e, f of CanvasRenderingContext2D.setTransform. It
 * maps the square from (0, 0) to (1, 1) of the stored picture, y down, to `width` x `height` shown pixels.
 */
export function uprightTransform(
  { rotation, flip }: Pick<FrameLayout, 'rotation' | 'flip'>,
  width: number,
  height: number,
): [number, number, number, number, number, number] {
  // Where the stored origin, its x axis and its y axis come to lie after a clockwise turn, in the shown unit square.
  const turned = {
    0: { origin: [0, 0], x: [1, 0], y: [0, 1] },
    90: { origin: [1, 0], x: [0, 1], y: [-1, 0] },
    180: { origin: [1, 1], x: [-1, 0], y: [0, -1] },
    270: { origin: [0, 1], x: [0, -1], y: [1, 0] },
  } as const;
  const { origin, x, y } = turned[rotation];
  const mirror = flip ? -1 : 1;
  const left = flip ? 1 - origin[0] : origin[0];
  return [mirror * x[0] * width, x[1] * height, mirror * y[0] * width, y[1] * height, left * width, origin[1] * height];
}
