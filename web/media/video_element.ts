/** Frames of a file through a hidden `<video>`: what every browser has. */

import { throwIfCancelled, unlessCancelled } from '../lib/cancelled';
import { ActionscopeError } from '../lib/errors';
import { closeFrame, type SampleRequest } from '../lib/frame';
import { type ElementFrame, hasElementFrames, takeFrame } from './element_frame';
import type { FrameSource, SourceDescription, SourcedFrame } from './frame_source';
import { refusal } from './refusal';
import { TOLERANCE } from './sample_time';

/** Seconds in which an element loads or seeks, or has failed to. */
const PATIENCE = 20;

/** Milliseconds that a new picture may take to appear after its seek has ended, and how often is looked. */
const PICTURE_PATIENCE = 120;
const PICTURE_POLL = 8;

/** Further than any clip goes: seeking there makes a browser find out how long a clip without a duration is. */
const BEYOND_THE_END = 1e7;

/** The shortest time that a frame is shown, in seconds: 1/120 s. */
const SHORTEST_FRAME = 1 / 120;

/** Broken off by the browser: the decoder or the file gave up. */
class Broken extends Error {}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Waits for the element to do `wanted`. Rejects with Broken where it gives an error instead, or nothing for too long while the
 * tab is visible: in a hidden one browsers may put off loading until it is shown.
 */
function settled(video: HTMLVideoElement, wanted: string, start: () => void, signal?: AbortSignal): Promise<void> {
  const listening = new AbortController();
  const work = new Promise<void>((resolve, reject) => {
    const listen = (event: string, act: () => void) => video.addEventListener(event, act, { signal: listening.signal });
    listen(wanted, () => resolve());
    listen('error', () => reject(new Broken(video.error?.message)));
    let waited = 0;
    const timer = setInterval(() => {
      waited += document.hidden ? 0 : 1;
      if (waited >= PATIENCE) reject(new Broken('no answer'));
    }, 1000);
    listening.signal.addEventListener('abort', () => clearInterval(timer));
    start();
  });
  return unlessCancelled(work, signal).finally(() => listening.abort());
}

/** One element with one file in it. A decoding error ends it for good; then another is made. */
class Player {
  readonly video = document.createElement('video');
  readonly #url: string;
  /** Of the frame taken last. */
  #shown: number | undefined;

  private constructor(file: Blob) {
    this.#url = URL.createObjectURL(file);
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.preload = 'auto';
  }

  /** Rejects with the file's refusal in words. */
  static async open(file: Blob, signal?: AbortSignal): Promise<Player> {
    const player = new Player(file);
    const { video } = player;
    try {
      await settled(
        video,
        'loadeddata',
        () => {
          video.src = player.#url;
        },
        signal,
      );
      if (!Number.isFinite(video.duration)) await player.#seek(BEYOND_THE_END, signal);
      if (video.videoWidth === 0) throw new Broken('no picture');
      return player;
    } catch (reason) {
      player.close();
      if (!(reason instanceof Broken)) throw reason;
      throw await refusal(file, (type) => video.canPlayType(type) !== '');
    }
  }

  /** Where the element's timeline begins. */
  get start(): number {
    return this.video.seekable.length > 0 ? this.video.seekable.start(0) : 0;
  }

  get duration(): number {
    const { duration, currentTime } = this.video;
    return Number.isFinite(duration) ? duration : currentTime;
  }

  /** The frame shown at `time` of the element's timeline. */
  async frameAt(time: number, signal: AbortSignal): Promise<ElementFrame> {
    if (!hasElementFrames()) return this.#drawnAt(time, signal);
    await this.#seek(time, signal);
    let taken = this.#take();
    // The end of a seek can come a moment before its picture. A frame that was shown before, and whose span does not reach the
    // time asked for, may be such a late one: it is looked at again until it changes or has had its time.
    const patience = performance.now() + PICTURE_PATIENCE;
    while (this.#mayBeLate(taken, time) && performance.now() < patience) {
      closeFrame(taken.frame);
      await pause(PICTURE_POLL);
      throwIfCancelled(signal);
      taken = this.#take();
    }
    this.#shown = taken.timestamp;
    return taken;
  }

  close(): void {
    this.video.removeAttribute('src');
    this.video.load();
    URL.revokeObjectURL(this.#url);
  }

  /** Without WebCodecs a picture has no time of its own; some browsers tell it when they present the picture. */
  async #drawnAt(time: number, signal: AbortSignal): Promise<ElementFrame> {
    const presented = this.#nextPresented();
    await this.#seek(time, signal);
    const timestamp = await Promise.race([presented, pause(PICTURE_PATIENCE).then(() => undefined)]);
    throwIfCancelled(signal);
    const { frame } = this.#take();
    return timestamp === undefined ? { frame } : { frame, timestamp };
  }

  #take(): ElementFrame {
    try {
      return takeFrame(this.video);
    } catch (reason) {
      throw new Broken(String(reason));
    }
  }

  #mayBeLate({ timestamp = 0, duration = 0 }: ElementFrame, time: number): boolean {
    return timestamp === this.#shown && (time < timestamp || time >= timestamp + duration + TOLERANCE);
  }

  async #seek(time: number, signal?: AbortSignal): Promise<void> {
    const { video } = this;
    await settled(
      video,
      'seeked',
      () => {
        video.currentTime = time;
      },
      signal,
    );
    // Some browsers end a seek before they have its picture.
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await settled(video, 'canplay', () => undefined, signal);
  }

  /** The time of the next frame that is presented; undefined, after a moment, where that is never told. */
  #nextPresented(): Promise<number | undefined> {
    const { video } = this;
    if (!('requestVideoFrameCallback' in video)) return pause(PICTURE_POLL).then(() => undefined);
    return new Promise((resolve) => video.requestVideoFrameCallback((_, { mediaTime }) => resolve(mediaTime)));
  }
}

class VideoElementSource implements FrameSource {
  readonly sequential = false;
  readonly description: SourceDescription;
  readonly #start: number;
  /** The earliest time, from the clip's start, at which decoding has broken. */
  #broken = Number.POSITIVE_INFINITY;
  #player: Player;

  constructor(
    private readonly file: Blob,
    player: Player,
  ) {
    const { videoWidth: width, videoHeight: height } = player.video;
    this.#player = player;
    this.#start = player.start;
    this.description = {
      duration: player.duration,
      width,
      height,
      source: 'video-element',
      container: null,
      codec: null,
    };
  }

  async *frames(requests: readonly SampleRequest[], signal: AbortSignal): AsyncGenerator<SourcedFrame> {
    let previous = Number.NEGATIVE_INFINITY;
    for (const { sample, time } of requests) {
      throwIfCancelled(signal);
      const taken = Number.isNaN(time) ? await this.#after(previous, signal) : await this.#at(time, signal);
      if (taken === undefined) continue;
      previous = taken.timestamp;
      yield { sample, ...taken };
    }
  }

  async close(): Promise<void> {
    this.#player.close();
  }

  /** The frame shown at `time`; undefined past the place where the file is broken. */
  async #at(time: number, signal: AbortSignal) {
    if (time >= this.#broken) return undefined;
    try {
      // Aims past the sample's time, so that rounding never misses it.
      const { frame, timestamp } = await this.#player.frameAt(this.#start + time + TOLERANCE, signal);
      return { frame, timestamp: timestamp === undefined ? time : timestamp - this.#start };
    } catch (reason) {
      if (!(reason instanceof Broken)) throw reason;
      this.#broken = time;
      this.#player.close();
      this.#player = await Player.open(this.file, signal);
      return undefined;
    }
  }

  /** The first frame later than `previous`; undefined at the end. */
  async #after(previous: number, signal: AbortSignal) {
    for (let time = Math.max(previous, 0); time < this.description.duration; time += SHORTEST_FRAME) {
      const taken = await this.#at(time, signal);
      if (taken === undefined || taken.timestamp > previous) return taken;
      closeFrame(taken.frame);
    }
    return undefined;
  }
}

/** Whether the browser says that it plays HEVC. Some say so only because the device does it for them. */
export function elementPlaysHevc(): boolean {
  return document.createElement('video').canPlayType('video/mp4; codecs="hvc1.1.6.L93.B0"') !== '';
}

/** Opens a file. Throws an ActionscopeError that says why it cannot be shown, or `cancelled`. */
export async function openVideoElement(file: Blob, signal?: AbortSignal): Promise<FrameSource> {
  if (file.size === 0) throw await refusal(file, () => false);
  const source = new VideoElementSource(file, await Player.open(file, signal));
  const { duration } = source.description;
  if (duration >= 0) return source;
  await source.close();
  throw new ActionscopeError('file-corrupt', 'The length of this video cannot be told.', 'Convert it and try again.');
}
