import { describe, expect, it } from 'vitest';
import { matrixOf, type Picture, rawFormat, rawLayout, turnOf } from '../../../web/cli/picture_geometry';
import { shownSize } from '../../../web/lib/frame';

const picture: Picture = {
  pixelFormat: 'yuv420p',
  width: 5,
  height: 3,
  pixelAspect: 1,
  turn: { rotation: 0, flip: false },
  matrix: 'bt601',
  range: 'limited',
};

/** As ffprobe prints it; a, b, c, d of the matrix. */
const printed = (a: number, b: number, c: number, d: number) => {
  const row = (index: number, ...numbers: number[]) =>
    `0000000${index}: ${numbers.map((number) => String(number * 65536).padStart(11)).join(' ')}\n`;
  return `\n${row(0, a, b, 0)}${row(1, c, d, 0)}${row(2, 0, 0, 16384)}`;
};

describe('a display matrix', () => {
  /** Where the pixel in the upper left corner of a 2 x 2 picture is shown: [x, y], by the matrix itself. */
  const shownByMatrix = (a: number, b: number, c: number, d: number, x: number, y: number) => [
    a * x + c * y,
    b * x + d * y,
  ];
  /** The same by turn and flip: clockwise quarter turns of (x, y), y down, then a mirror left to right. */
  const shownByTurn = ({ rotation, flip }: { rotation: number; flip: boolean }, x: number, y: number) => {
    let at = [x, y];
    for (let turned = 0; turned < rotation; turned += 90) at = [-(at[1] as number), at[0] as number];
    return flip ? [-(at[0] as number), at[1] as number] : at;
  };

  it.each([
    [1, 0, 0, 1],
    [0, 1, -1, 0],
    [-1, 0, 0, -1],
    [0, -1, 1, 0],
    [-1, 0, 0, 1],
    [1, 0, 0, -1],
    [0, 1, 1, 0],
    [0, -1, -1, 0],
  ])('(%i %i %i %i) moves a corner to the same place as its turn and flip do', (a, b, c, d) => {
    const turn = turnOf(printed(a, b, c, d));
    for (const [x, y] of [
      [1, 0],
      [0, 1],
    ] as const) {
      expect(shownByTurn(turn, x, y).map((value) => value + 0)).toEqual(
        shownByMatrix(a, b, c, d, x, y).map((value) => value + 0),
      );
    }
  });

  it('of a phone held upright is a quarter turn clockwise', () => {
    expect(turnOf(printed(0, 1, -1, 0))).toEqual({ rotation: 90, flip: false });
  });

  it('that cannot be read turns nothing', () => {
    expect(turnOf('')).toEqual({ rotation: 0, flip: false });
  });
});

describe('a raw picture', () => {
  it('of I420 with odd sides has chroma planes rounded up', () => {
    expect(rawLayout(picture)).toMatchObject({
      bytes: 15 + 2 * 6,
      layout: {
        format: 'I420',
        planes: [
          { offset: 0, stride: 5 },
          { offset: 15, stride: 3 },
          { offset: 21, stride: 3 },
        ],
      },
    });
  });

  it('of NV12 has one chroma plane of pairs', () => {
    expect(rawLayout({ ...picture, pixelFormat: 'nv12' })).toMatchObject({
      bytes: 27,
      layout: {
        format: 'NV12',
        planes: [
          { offset: 0, stride: 5 },
          { offset: 15, stride: 6 },
        ],
      },
    });
  });

  it.each(['yuv422p10le', 'gray', 'pal8'])('of %s is converted to RGBA', (pixelFormat) => {
    expect(rawFormat({ ...picture, pixelFormat })).toBe('rgba');
    expect(rawLayout({ ...picture, pixelFormat })).toMatchObject({
      bytes: 60,
      layout: { format: 'RGBA', planes: [{ offset: 0, stride: 20 }] },
    });
  });

  it('is shown with its pixel aspect, upright', () => {
    const { layout } = rawLayout({ ...picture, pixelAspect: 2, turn: { rotation: 90, flip: false } });
    expect(layout).toMatchObject({ displayWidth: 10, displayHeight: 3 });
    expect(shownSize(layout)).toEqual({ width: 3, height: 10 });
  });
});

it.each([
  ['bt709', 240, 'bt709'],
  ['smpte170m', 1080, 'bt601'],
  ['bt470bg', 1080, 'bt601'],
  ['unknown', 719, 'bt601'],
  [undefined, 720, 'bt709'],
])('the colour matrix %s of %i lines is %s', (name, height, matrix) => {
  expect(matrixOf(name, height)).toBe(matrix);
});
