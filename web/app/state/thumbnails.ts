/** Small pictures of single frames of a clip, from a video element of their own, so that the player is left alone. */

/** Milliseconds after which a seek is given up: some files cannot be sought everywhere. */
const PATIENCE = 4000;

/**
 * Seeks to each time in turn, one at a time and only while the browser is idle.
 * @param url of the video
 * @param times in seconds
 * @param draw called when the element shows the frame of that time; it is only valid during the call
 * @param signal ends the work; nothing is drawn after it
 * @returns when all is drawn, or given up: a file that the element cannot play simply gets no pictures
 */
export async function visitFrames(
  url: string,
  times: readonly number[],
  draw: (index: number, video: HTMLVideoElement) => void,
  signal: AbortSignal,
): Promise<void> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  video.src = url;
  try {
    if (!(await settled(video, 'loadeddata', signal))) {
      return;
    }
    for (const [index, time] of times.entries()) {
      await idle();
      if (signal.aborted) {
        return;
      }
      const sought = settled(video, 'seeked', signal);
      video.currentTime = time;
      if (await sought) {
        draw(index, video);
      }
    }
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

/** Whether the event comes before an error, the signal or the end of our patience. */
function settled(video: HTMLVideoElement, event: 'loadeddata' | 'seeked', signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (outcome: boolean) => {
      clearTimeout(timer);
      video.removeEventListener(event, onEvent);
      video.removeEventListener('error', onFailure);
      signal.removeEventListener('abort', onFailure);
      resolve(outcome);
    };
    const onEvent = () => settle(true);
    const onFailure = () => settle(false);
    const timer = setTimeout(onFailure, PATIENCE);
    video.addEventListener(event, onEvent);
    video.addEventListener('error', onFailure);
    signal.addEventListener('abort', onFailure);
    if (signal.aborted) {
      onFailure();
    }
  });
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) {
      requestIdleCallback(() => resolve(), { timeout: 500 });
    } else {
      setTimeout(resolve, 30);
    }
  });
}
