/** Frames of a running stream, always the newest. */

import { ActionscopeError } from '../lib/errors';
import type { Frame } from '../lib/frame';
import { watchCamera } from './camera';
import { takeFrame } from './element_frame';

export interface LiveFrame {
  /** Seconds, and milliseconds of performance.now(), when the frame was taken. */
  timestamp: number;
  captured: number;
  /** Owned by whoever receives it. */
  frame: Frame;
}

/** Milliseconds without a new picture after which whatever is there is taken: a hidden tab is told of none. */
const PRESENTATION_PATIENCE = 250;

/** Resolves when the element shows a new picture, or after a while. */
function nextPicture(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PRESENTATION_PATIENCE);
    if (!('requestVideoFrameCallback' in video)) return;
    video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * The stream's frames, at most `rate` a second. A frame is taken when it is asked for, so that a slow receiver gets fewer frames,
 * never older ones. Ends when the signal is given; throws `camera-unplugged` when the stream ends by itself.
 */
export async function* liveFrames(stream: MediaStream, rate: number, signal: AbortSignal): AsyncGenerator<LiveFrame> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  let lost: ActionscopeError | undefined;
  let wake: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const stopWatching = watchCamera(stream, (error) => {
    lost = error;
    wake();
  });
  signal.addEventListener('abort', wake);
  try {
    await Promise.race([video.play(), interrupted]);
    let due = performance.now();
    while (!signal.aborted) {
      const wait = new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await Promise.race([wait.then(() => nextPicture(video)), interrupted]);
      if (lost !== undefined) throw lost;
      if (signal.aborted || video.videoWidth === 0) continue;
      const captured = performance.now();
      // Keeps the pace where it can, and starts it anew where frames were late.
      due = Math.max(due, captured - 1000 / rate) + 1000 / rate;
      yield { timestamp: captured / 1000, captured, frame: takeFrame(video).frame };
    }
  } catch (reason) {
    if (reason instanceof ActionscopeError) throw reason;
    throw new ActionscopeError(
      'camera-busy',
      'The camera gives no picture.',
      'Close other programs that use it and try again.',
    );
  } finally {
    stopWatching();
    signal.removeEventListener('abort', wake);
    video.pause();
    video.srcObject = null;
  }
}
