import {
  type ColorMatrix,
  type ColorRange,
  drawnLayout,
  type FrameLayout,
  type PixelFormat,
  type Rotation,
  usualMatrix,
} from '../lib/frame';

/** Gives memory of so many bytes to write pixels into. It must stay where it is until the copy has ended. */
export type Allocate = (bytes: number) => Uint8Array<ArrayBuffer>;

/** Attributes that newer browsers have: how the picture is to be turned, which copyTo does not do. */
interface Turn {
  rotation?: number;
  flip?: boolean;
}

const MATRICES: Partial<Record<VideoMatrixCoefficients, ColorMatrix>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
};

const PLANAR: readonly string[] = ['I420', 'NV12'];
const PACKED: readonly string[] = ['RGBA', 'RGBX', 'BGRA', 'BGRX'];

/** The matrix that the core is to use; undefined for one that it does not know. */
function matrixOf(frame: VideoFrame, height: number): ColorMatrix | undefined {
  const named = frame.colorSpace.matrix;
  return named === null ? usualMatrix(height) : MATRICES[named];
}

function layoutOf(frame: VideoFrame, format: PixelFormat, planes: PlaneLayout[], matrix: ColorMatrix): FrameLayout {
  const { rotation = 0, flip = false } = frame as Turn;
  const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
  const lies = rotation % 180 !== 0;
  const range: ColorRange = frame.colorSpace.fullRange ? 'full' : 'limited';
  return {
    format,
    width,
    height,
    displayWidth: lies ? frame.displayHeight : frame.displayWidth,
    displayHeight: lies ? frame.displayWidth : frame.displayHeight,
    planes: planes.map(({ offset, stride }) => ({ offset, stride })),
    rotation: rotation as Rotation,
    flip,
    matrix,
    range,
  };
}

/** Lets the browser convert what the core does not know: other planes, more bits, other matrices. The picture comes upright. */
function drawn(frame: VideoFrame, allocate: Allocate): FrameLayout {
  const { displayWidth: width, displayHeight: height } = frame;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2D canvas');
  context.drawImage(frame, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  allocate(data.byteLength).set(data);
  return drawnLayout(width, height);
}

/** Copies a frame's pixels, as they are where the core can read them, and says how they lie. The frame stays open. */
export async function copyVideoFrame(frame: VideoFrame, allocate: Allocate): Promise<FrameLayout> {
  const format = frame.format ?? '';
  const matrix = PACKED.includes(format) ? 'bt709' : matrixOf(frame, frame.visibleRect?.height ?? frame.codedHeight);
  if (matrix === undefined || !(PLANAR.includes(format) || PACKED.includes(format))) return drawn(frame, allocate);
  const planes = await frame.copyTo(allocate(frame.allocationSize()));
  return layoutOf(frame, format as PixelFormat, planes, matrix);
}

/** The same into memory of its own, which can be posted; closes the frame. */
export async function takenPixels(frame: VideoFrame): Promise<{ buffer: ArrayBuffer; layout: FrameLayout }> {
  try {
    let pixels = new Uint8Array(0);
    const layout = await copyVideoFrame(frame, (bytes) => {
      pixels = new Uint8Array(bytes);
      return pixels;
    });
    return { buffer: pixels.buffer, layout };
  } finally {
    frame.close();
  }
}
