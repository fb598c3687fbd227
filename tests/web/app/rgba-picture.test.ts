import { describe, expect, it } from 'vitest';
import { rgbaOf, uprightTransform } from '../../../web/app/state/rgba-picture';
import { type ColorMatrix, type ColorRange, drawnLayout, type FrameLayout } from '../../../web/lib/frame';

const plain = drawnLayout(2, 2);
const buffer = (...bytes: number[]) => new Uint8Array(bytes).buffer;

/** Red, green and blue of one pixel of a picture of one colour. */
function colourOf(y: number, u: number, v: number, matrix: ColorMatrix, range: ColorRange): number[] {
  const planes = [
    { offset: 0, stride: 2 },
    { offset: 4, stride: 1 },
    { offset: 5, stride: 1 },
  ];
  const layout: FrameLayout = { ...plain, format: 'I420', planes, matrix, range };
  return [...rgbaOf(buffer(y, y, y, y, u, v), layout).subarray(0, 4)];
}

describe('rgbaOf', () => {
  // The colour bars' codes as the standards and their handbooks list them.
  it.each([
    ['white', 235, 128, 128, 'bt601', 'limited', [255, 255, 255, 255]],
    ['black', 16, 128, 128, 'bt709', 'limited', [0, 0, 0, 255]],
    ['red', 81, 90, 240, 'bt601', 'limited', [254, 0, 0, 255]],
    ['green', 145, 54, 34, 'bt601', 'limited', [0, 255, 1, 255]],
    ['blue', 41, 240, 110, 'bt601', 'limited', [0, 0, 255, 255]],
    ['red', 63, 102, 240, 'bt709', 'limited', [255, 1, 0, 255]],
    ['green', 173, 42, 26, 'bt709', 'limited', [0, 255, 1, 255]],
    ['red', 76, 85, 255, 'bt601', 'full', [254, 0, 0, 255]],
    ['grey', 128, 128, 128, 'bt601', 'full', [128, 128, 128, 255]],
  ] as const)('knows %s, Y %i U %i V %i, of %s %s', (_, y, u, v, matrix, range, expected) => {
    for (const [channel, value] of colourOf(y, u, v, matrix, range).entries()) {
      expect(Math.abs(value - (expected[channel] as number))).toBeLessThanOrEqual(1);
    }
  });

  it('takes the colour of NV12 from pairs, and of odd sizes from the last pair', () => {
    const planes = [
      { offset: 1, stride: 4 },
      { offset: 5, stride: 4 },
    ];
    const layout: FrameLayout = {
      ...plain,
      format: 'NV12',
      width: 3,
      height: 1,
      planes,
      matrix: 'bt601',
      range: 'full',
    };
    const rgba = rgbaOf(buffer(99, 76, 76, 128, 99, 85, 255, 128, 128), layout);
    expect([...rgba]).toEqual([254, 0, 0, 255, 254, 0, 0, 255, 128, 128, 128, 255]);
  });

  it('skips what lies between rows, swaps blue and red of BGRX, and takes X as opaque', () => {
    const layout: FrameLayout = { ...plain, format: 'BGRX', width: 1, planes: [{ offset: 2, stride: 6 }] };
    const rgba = rgbaOf(buffer(9, 9, 10, 20, 30, 0, 9, 9, 40, 50, 60, 7), layout);
    expect([...rgba]).toEqual([30, 20, 10, 255, 60, 50, 40, 255]);
  });

  it('leaves RGBA as it is, with what shines through', () => {
    expect([...rgbaOf(buffer(1, 2, 3, 4), { ...plain, width: 1, height: 1 })]).toEqual([1, 2, 3, 4]);
  });
});

describe('uprightTransform', () => {
  /** Where the stored picture's upper left corner, and then its upper right one, are shown, on 40 x 30 pixels. */
  const corners = (rotation: FrameLayout['rotation'], flip: boolean) => {
    const [a, b, , , e, f] = uprightTransform({ rotation, flip }, 40, 30);
    return [
      [e, f],
      [a + e, b + f],
    ].map((corner) => corner.map((value) => value + 0));
  };

  it.each([
    [0, false, [0, 0], [40, 0]],
    [90, false, [40, 0], [40, 30]],
    [180, false, [40, 30], [0, 30]],
    [270, false, [0, 30], [0, 0]],
    [0, true, [40, 0], [0, 0]],
    [90, true, [0, 0], [0, 30]],
  ] as const)('turns by %i degrees, mirrored afterwards: %s', (rotation, flip, left, right) => {
    expect(corners(rotation, flip)).toEqual([left, right]);
  });

  it('always covers the whole canvas', () => {
    for (const rotation of [0, 90, 180, 270] as const) {
      for (const flip of [false, true]) {
        const [a, b, c, d, e, f] = uprightTransform({ rotation, flip }, 40, 30);
        const xs = [e, a + e, c + e, a + c + e];
        const ys = [f, b + f, d + f, b + d + f];
        expect([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]).toEqual([0, 40, 0, 30]);
      }
    }
  });
});
