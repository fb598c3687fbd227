/** How ffmpeg's words about a picture become a frame's layout. */

import { type ColorMatrix, type ColorRange, type FrameLayout, type Rotation, usualMatrix } from '../lib/frame';

export interface Turn {
  rotation: Rotation;
  flip: boolean;
}

/**
 * A display matrix as ffprobe prints it, nine numbers in three rows, as a clockwise turn and a flip after it. The matrix maps
 * stored (x, y) to shown (a x + c y, b x + d y), with a, b, c, d its first, second, fourth and fifth number.
 */
export function turnOf(displayMatrix: string): Turn {
  const rows = displayMatrix.split('\n').filter((row) => row.includes(':'));
  const numbers = rows.flatMap((row) => row.replace(/^.*:/, '').trim().split(/\s+/).map(Number));
  const [a = 1, b = 0, , c = 0, d = 1] = numbers;
  if (Math.abs(a) + Math.abs(d) >= Math.abs(b) + Math.abs(c)) {
    const rotation = d < 0 ? 180 : 0;
    return { rotation, flip: a < 0 !== d < 0 };
  }
  const rotation = b < 0 ? 270 : 90;
  return { rotation, flip: c < 0 === b < 0 };
}

const MATRICES: Record<string, ColorMatrix> = { bt709: 'bt709', smpte170m: 'bt601', bt470bg: 'bt601' };

/** The core's matrix for ffmpeg's name; for one that is missing or unknown, what video of that height mostly uses. */
export function matrixOf(name: string | undefined, height: number): ColorMatrix {
  return MATRICES[name ?? ''] ?? usualMatrix(height);
}

/** Formats that the core reads as they are; others are converted to RGBA by ffmpeg. */
const NATIVE: Record<string, 'I420' | 'NV12'> = { yuv420p: 'I420', yuvj420p: 'I420', nv12: 'NV12' };

export interface Picture {
  /** ffmpeg's name. */
  pixelFormat: string;
  width: number;
  height: number;
  /** Width of a pixel over its height. */
  pixelAspect: number;
  turn: Turn;
  matrix: ColorMatrix;
  range: ColorRange;
}

/** ffmpeg's name of the format that its rawvideo output is to have. */
export function rawFormat(picture: Picture): string {
  return picture.pixelFormat in NATIVE ? picture.pixelFormat : 'rgba';
}

/** The layout of one picture in ffmpeg's rawvideo output, whose rows lie without gaps; and its bytes. */
export function rawLayout(picture: Picture): { layout: FrameLayout; bytes: number } {
  const { width, height, pixelAspect, turn, matrix, range } = picture;
  const format = NATIVE[picture.pixelFormat] ?? 'RGBA';
  const luma = width * height;
  const chromaWidth = Math.ceil(width / 2);
  const chroma = chromaWidth * Math.ceil(height / 2);
  const planes = {
    RGBA: [{ offset: 0, stride: width * 4 }],
    NV12: [
      { offset: 0, stride: width },
      { offset: luma, stride: chromaWidth * 2 },
    ],
    I420: [
      { offset: 0, stride: width },
      { offset: luma, stride: chromaWidth },
      { offset: luma + chroma, stride: chromaWidth },
    ],
  }[format];
  const displayWidth = Math.max(1, Math.round(width * pixelAspect));
  return {
    layout: { format, width, height, displayWidth, displayHeight: height, planes, ...turn, matrix, range },
    bytes: format === 'RGBA' ? luma * 4 : luma + 2 * chroma,
  };
}
