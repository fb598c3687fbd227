/** In the browser: the frames of a file by Actionscope's sources, and as one would first write it, by seeking a video element. */

import { closeFrame } from '../../../web/lib/frame';
import { openPictures } from '../../../web/lib/index';

/** How many frames, and the seconds and side that the peer takes them at. */
export interface FramesRequest {
  times: number[];
  side: number;
}

export interface FramesTaken {
  /** From the file in hand to all its pixels in memory. */
  milliseconds: number;
  source: string;
}

function chosenFile(): File {
  const file = document.querySelector('input')?.files?.[0];
  if (file === undefined) throw new Error('no file is chosen');
  return file;
}

const happens = (target: EventTarget, event: string) =>
  new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));

async function ours({ times }: FramesRequest): Promise<FramesTaken> {
  const started = performance.now();
  const pictures = await openPictures(chosenFile());
  let taken = 0;
  for await (const { frame } of pictures.run(times)) {
    closeFrame(frame);
    taken += 1;
  }
  const milliseconds = performance.now() - started;
  const { source } = pictures.description;
  await pictures.close();
  if (taken !== times.length) throw new Error(`${taken} of ${times.length} frames came`);
  return { milliseconds, source };
}

async function seeking({ times, side }: FramesRequest): Promise<FramesTaken> {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const started = performance.now();
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(chosenFile());
  await happens(video, 'loadeddata');
  for (const time of times) {
    const sought = happens(video, 'seeked');
    video.currentTime = time;
    await sought;
    context?.drawImage(video, 0, 0, side, side);
    context?.getImageData(0, 0, side, side);
  }
  const milliseconds = performance.now() - started;
  URL.revokeObjectURL(video.src);
  video.removeAttribute('src');
  video.load();
  return { milliseconds, source: 'seek + drawImage' };
}

export type Benchmark = Record<'ours' | 'seeking', (request: FramesRequest) => Promise<FramesTaken>>;

declare global {
  var benchmark: Benchmark;
}

globalThis.benchmark = { ours, seeking };
