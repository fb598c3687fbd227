/** Frames on their way from a frame source to the engine. */

/** Byte order in memory; the names of WebCodecs. */
export type PixelFormat = 'RGBA' | 'RGBX' | 'BGRA' | 'BGRX' | 'I420' | 'NV12';

export type ColorMatrix = 'bt601' | 'bt709';
export type ColorRange = 'limited' | 'full';

/** Degrees clockwise that bring the stored picture upright. */
export type Rotation = 0 | 90 | 180 | 270;

/** How a frame's pixels lie in memory and how they are to be shown. */
export interface FrameLayout {
  format: PixelFormat;
  /** Stored pixels. */
  width: number;
  height: number;
  /** After pixel aspect ratio, before rotation. */
  displayWidth: number;
  displayHeight: number;
  /** Bytes from the buffer's start to each plane, and from row to row. */
  planes: { offset: number; stride: number }[];
  rotation: Rotation;
  /** Mirrored left to right, after rotation. */
  flip: boolean;
  /** Of I420 and NV12. */
  matrix: ColorMatrix;
  range: ColorRange;
}

/** The layout of a picture that the browser has drawn to a canvas: upright RGBA. */
export function drawnLayout(width: number, height: number): FrameLayout {
  return {
    format: 'RGBA',
    width,
    height,
    displayWidth: width,
    displayHeight: height,
    planes: [{ offset: 0, stride: width * 4 }],
    rotation: 0,
    flip: false,
    matrix: 'bt709',
    range: 'full',
  };
}

/** Pixels as displayed, rotation applied. */
export function shownSize({
  displayWidth,
  displayHeight,
  rotation,
}: Pick<FrameLayout, 'displayWidth' | 'displayHeight' | 'rotation'>): { width: number; height: number } {
  const lies = rotation % 180 !== 0;
  return { width: lies ? displayHeight : displayWidth, height: lies ? displayWidth : displayHeight };
}

/**
 * A decoded picture: the browser's own, or bytes. Whoever is given a frame owns it; a VideoFrame is then closed by the engine,
 * which copies the pixels out.
 */
export type Frame = VideoFrame | { buffer: ArrayBuffer; layout: FrameLayout };

export function isVideoFrame(frame: Frame): frame is VideoFrame {
  return !('buffer' in frame);
}

/** What a frame is handed to another thread with, so that its pixels are not copied. */
export function memoryOf(frame: Frame): Transferable {
  return isVideoFrame(frame) ? frame : frame.buffer;
}

/** The same picture once more, owned by whoever asked. */
export function copyFrame(frame: Frame): Frame {
  return isVideoFrame(frame) ? frame.clone() : { ...frame, buffer: frame.buffer.slice(0) };
}

/** Frees a frame that nobody will classify. */
export function closeFrame(frame: Frame): void {
  if (isVideoFrame(frame)) frame.close();
}

/** The matrix of pictures that do not name one, by their stored height: what video of that size mostly uses. */
export function usualMatrix(height: number): ColorMatrix {
  return height < 720 ? 'bt601' : 'bt709';
}

/**
 * What is asked of a frame source: the frame that is shown at `time`, seconds from the start of the clip, which is the last one
 * that starts no later (or the first). NaN for models that read the first frames: the frame after that of the sample before.
 */
export interface SampleRequest {
  sample: number;
  time: number;
}
