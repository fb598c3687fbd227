/** Small pictures of single frames of a clip, read beside the player, which is left alone. */
import { closeFrame, type Frame } from '../../lib/frame';
import type { Pictures } from '../../lib/types';

/**
 * Reads the picture of each time in turn, one at a time and only while the browser is idle. Rejects where the clip cannot be
 * read, and when the signal is given.
 * @param times in seconds, ascending; several may be equal
 * @param draw called with the frame of that time; it is only valid during the call
 */
export async function visitFrames(
  pictures: Pictures,
  times: readonly number[],
  draw: (index: number, frame: Frame) => void,
  signal: AbortSignal,
): Promise<void> {
  let index = -1;
  await idle();
  for await (const { time, frame } of pictures.run(times, signal)) {
    // Times of which there is no picture are left out.
    index = times.indexOf(time, index + 1);
    if (!signal.aborted) {
      draw(index, frame);
    }
    closeFrame(frame);
    await idle();
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => resolve(), { timeout: 500 });
    } else {
      setTimeout(resolve, 30);
    }
  });
}
