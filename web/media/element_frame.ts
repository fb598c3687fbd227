import { drawnLayout, type Frame } from '../lib/frame';

/** What a video element shows at this moment. */
export interface ElementFrame {
  frame: Frame;
  /** The frame's own span in seconds of the element's timeline, where the browser tells it. */
  timestamp?: number;
  duration?: number;
}

/** The picture as the browser draws it: upright, sRGB. */
function drawn(video: HTMLVideoElement): Frame {
  const { videoWidth: width, videoHeight: height } = video;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2D canvas');
  context.drawImage(video, 0, 0, width, height);
  const { buffer } = context.getImageData(0, 0, width, height).data;
  return {
    buffer,
    layout: drawnLayout(width, height),
  };
}

const seconds = (microseconds: number) => microseconds / 1e6;

/**
 * Whether WebCodecs can take a frame from an element with all that belongs to it. Where frames know no rotation, phone clips would
 * come out lying, and those browsers give such frames no time either.
 */
export function hasElementFrames(): boolean {
  return 'VideoFrame' in globalThis && 'rotation' in VideoFrame.prototype;
}

/** Takes the frame that the element shows: as the decoder left it where WebCodecs can, else drawn. Its receiver owns it. */
export function takeFrame(video: HTMLVideoElement): ElementFrame {
  if (!hasElementFrames()) return { frame: drawn(video) };
  const frame = new VideoFrame(video);
  // A frame that does not know how long it lasts has not got its time from the file either.
  if (frame.duration === null) return { frame };
  return { frame, timestamp: seconds(frame.timestamp), duration: seconds(frame.duration) };
}
