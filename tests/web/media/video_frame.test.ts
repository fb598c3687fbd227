import { describe, expect, it } from 'vitest';
import { copyVideoFrame } from '../../../web/media/video_frame';

const NO_SPACE = { fullRange: null, matrix: null, primaries: null, transfer: null };

/** As much of a VideoFrame as is looked at: I420 of 4 x 2 pixels unless said otherwise. */
function frame(change: Record<string, unknown> = {}): VideoFrame {
  return {
    format: 'I420',
    codedWidth: 4,
    codedHeight: 2,
    displayWidth: 4,
    displayHeight: 2,
    visibleRect: { x: 0, y: 0, width: 4, height: 2 },
    colorSpace: NO_SPACE,
    allocationSize: () => 12,
    copyTo: async (into: Uint8Array) => {
      into.fill(5);
      return [
        { offset: 0, stride: 4 },
        { offset: 8, stride: 2 },
        { offset: 10, stride: 2 },
      ];
    },
    ...change,
  } as unknown as VideoFrame;
}

async function copied(source: VideoFrame) {
  let memory = new Uint8Array(0);
  const layout = await copyVideoFrame(source, (bytes) => {
    memory = new Uint8Array(bytes);
    return memory;
  });
  return { layout, memory };
}

describe('a frame with native planes', () => {
  it('is copied as it is, with the layout that the browser tells', async () => {
    const { layout, memory } = await copied(frame());
    expect([...memory]).toEqual(Array(12).fill(5));
    expect(layout).toEqual({
      format: 'I420',
      width: 4,
      height: 2,
      displayWidth: 4,
      displayHeight: 2,
      planes: [
        { offset: 0, stride: 4 },
        { offset: 8, stride: 2 },
        { offset: 10, stride: 2 },
      ],
      rotation: 0,
      flip: false,
      matrix: 'bt601',
      range: 'limited',
    });
  });

  it.each([
    ['bt709', 'bt709'],
    ['smpte170m', 'bt601'],
    ['bt470bg', 'bt601'],
  ])('takes the matrix %s as %s', async (named, taken) => {
    const colorSpace = { ...NO_SPACE, matrix: named, fullRange: true };
    const { layout } = await copied(frame({ colorSpace }));
    expect(layout).toMatchObject({ matrix: taken, range: 'full' });
  });

  it.each([
    [719, 'bt601'],
    [720, 'bt709'],
  ])('without a named matrix, and %i lines, is taken as %s', async (height, taken) => {
    const { layout } = await copied(frame({ visibleRect: { x: 0, y: 0, width: 1280, height } }));
    expect(layout.matrix).toBe(taken);
  });

  it('that is to be turned keeps its stored size, and its shown size before the turn', async () => {
    const { layout } = await copied(frame({ rotation: 270, flip: true, displayWidth: 2, displayHeight: 4 }));
    expect(layout).toMatchObject({ width: 4, height: 2, displayWidth: 4, displayHeight: 2, rotation: 270, flip: true });
  });
});
