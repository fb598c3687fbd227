/** Reads the number that each picture of the corpus carries (tests/corpus/picture.py draws it). */

import type { FrameLayout } from '../../../web/lib/frame';

const COLUMNS = 8;
const ROWS = 6;
/** Of the upright picture, from the top. */
const FIRST_CODE_ROW = 1;
const BITS = 16;
const CHECK_BITS = 6;

/** Mean luma, of 255: between them a cell is neither black nor white. */
const BRIGHTEST_BLACK = 96;
const DARKEST_WHITE = 160;

const checkOf = (number: number) => ((number ^ (number >> CHECK_BITS)) * 37 + 21) & ((1 << CHECK_BITS) - 1);

/** A place of the upright picture, fractions of its size, in the stored picture. */
function stored(u: number, v: number, { rotation, flip }: FrameLayout): [x: number, y: number] {
  const unmirrored = flip ? 1 - u : u;
  if (rotation === 90) return [v, 1 - unmirrored];
  if (rotation === 180) return [1 - unmirrored, 1 - v];
  if (rotation === 270) return [1 - v, unmirrored];
  return [unmirrored, v];
}

/** Brightness of a stored pixel, 0 to 255. */
function lumaOf(bytes: Uint8Array, layout: FrameLayout): (x: number, y: number) => number {
  const [{ offset, stride } = { offset: 0, stride: 0 }] = layout.planes;
  const at = (index: number) => bytes[index] ?? Number.NaN;
  if (layout.format === 'I420' || layout.format === 'NV12') return (x, y) => at(offset + y * stride + x);
  const [red, blue] = layout.format.startsWith('RGB') ? [0, 2] : [2, 0];
  return (x, y) => {
    const pixel = offset + y * stride + 4 * x;
    return 0.299 * at(pixel + red) + 0.587 * at(pixel + 1) + 0.114 * at(pixel + blue);
  };
}

/** The number drawn in a picture; null where it cannot be read for sure, as when the picture is turned wrongly. */
export function readCode(bytes: Uint8Array, layout: FrameLayout): number | null {
  const luma = lumaOf(bytes, layout);
  let word = 0;
  for (let bit = 0; bit < BITS; ++bit) {
    const column = bit % COLUMNS;
    const row = FIRST_CODE_ROW + Math.floor(bit / COLUMNS);
    const [x0, y0] = stored((column + 0.25) / COLUMNS, (row + 0.25) / ROWS, layout);
    const [x1, y1] = stored((column + 0.75) / COLUMNS, (row + 0.75) / ROWS, layout);
    const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)].map((x) => Math.round(x * layout.width)) as [
      number,
      number,
    ];
    const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)].map((y) => Math.round(y * layout.height)) as [
      number,
      number,
    ];
    let sum = 0;
    for (let y = top; y < bottom; ++y) for (let x = left; x < right; ++x) sum += luma(x, y);
    const mean = sum / ((right - left) * (bottom - top));
    if (!(mean < BRIGHTEST_BLACK || mean > DARKEST_WHITE)) return null;
    word = (word << 1) | (mean > DARKEST_WHITE ? 1 : 0);
  }
  const number = word >> CHECK_BITS;
  return (word & ((1 << CHECK_BITS) - 1)) === checkOf(number) ? number : null;
}
