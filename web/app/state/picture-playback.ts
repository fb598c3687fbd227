/** Plays and scrubs a clip by showing one decoded picture after the other, without sound. Draws nothing itself. */
import { closeFrame, type Frame } from '../../lib/frame';
import type { Picture, Pictures } from '../../lib/types';
import { asError } from '../text/notices';

export type PlaybackPhase = 'opening' | 'paused' | 'playing' | 'failed';

export interface PlaybackPorts {
  /** Shows a picture; it is only valid during the call. */
  draw(frame: Frame): void;
  /** Phase, position or error has changed. */
  onChange(): void;
  /** Calls back before the browser's next picture, with milliseconds of a steady clock. */
  onNextTick(callback: (now: number) => void): void;
}

/** What it aims before the start of a picture to see the one before, in seconds. */
const STEP_MARGIN = 1e-4;

/** Pictures that are asked for at a time while it plays. */
const RUN_PICTURES = 600;

/** Seconds that a picture may come late; after that the clock waits for it: decoding too slowly plays slowly. */
const LATE = 0.1;

/** A moment that is to be shown. */
interface Wish {
  read(pictures: Pictures): Promise<Picture | null>;
  /** Whether the position is then that of the picture found, not the one asked for. */
  isStep: boolean;
}

/** Tells which moment of the clip is due. */
class PlaybackClock {
  constructor(
    private from: number,
    private at: number,
  ) {}

  /** Seconds of the clip at `now`, milliseconds. */
  position(now: number): number {
    return this.from + (now - this.at) / 1000;
  }

  /** Takes note that a moment is only reached now. */
  allowFor(time: number, now: number): void {
    if (this.position(now) - time > LATE) {
      this.from = time;
      this.at = now;
    }
  }
}

export class PicturePlayback {
  phase: PlaybackPhase = 'opening';
  /** Seconds from the start of the clip. */
  position = 0;
  error: Error | null = null;
  /** Null until the clip is open. */
  pictures: Pictures | null = null;

  private readonly closing = new AbortController();
  /** A newer wish replaces an older one that has not been begun. */
  private wish: Wish | null = null;
  private isWorking = false;
  /** Ends the run of pictures that is playing. */
  private run = new AbortController();
  /** Start of the picture that is shown. */
  private shown: number | null = null;

  constructor(private readonly ports: PlaybackPorts) {}

  /** Opens the clip and shows its first picture, or that of a moment sought meanwhile. Never rejects. */
  async open(opening: (signal: AbortSignal) => Promise<Pictures>): Promise<void> {
    try {
      const pictures = await opening(this.closing.signal);
      if (this.isClosed) {
        await pictures.close();
        return;
      }
      this.pictures = pictures;
      this.phase = 'paused';
      this.seek(this.position);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  /** Shows another moment; while it plays, it goes on from there. Before the clip is open, it opens there. */
  seek(time: number): void {
    const position = Math.max(0, Math.min(time, this.pictures?.description.duration ?? time));
    this.position = position;
    this.ports.onChange();
    this.see({ read: (pictures) => pictures.at(position, this.closing.signal), isStep: false });
  }

  /** Goes to the picture after (1) or before (-1) the one that is shown. */
  stepPicture(direction: 1 | -1): void {
    this.pause();
    this.see({ read: (pictures) => this.neighbour(pictures, direction), isStep: true });
  }

  /** From where it stands; from the start if it has come to the end. */
  play(): void {
    if (this.pictures === null || this.phase !== 'paused') {
      return;
    }
    if (this.position >= this.pictures.description.duration) {
      this.position = 0;
    }
    this.phase = 'playing';
    this.ports.onChange();
    void this.work();
  }

  pause(): void {
    if (this.phase === 'playing') {
      this.phase = 'paused';
      this.run.abort();
      this.ports.onChange();
    }
  }

  /** Lets go of the clip; nothing is drawn after it. */
  close(): void {
    this.closing.abort();
    this.run.abort();
    // What cannot be closed has ended already.
    this.pictures?.close().catch(() => undefined);
  }

  private get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  private see(wish: Wish): void {
    this.wish = wish;
    this.run.abort();
    void this.work();
  }

  /** Does one thing at a time, until nothing is wished and nothing plays. */
  private async work(): Promise<void> {
    const { pictures } = this;
    if (pictures === null || this.isWorking) {
      return;
    }
    this.isWorking = true;
    try {
      while (!this.isClosed && (this.wish !== null || this.phase === 'playing')) {
        await (this.wish === null ? this.playOn(pictures) : this.fulfil(this.wish, pictures));
      }
    } catch (thrown) {
      this.fail(thrown);
    } finally {
      this.isWorking = false;
    }
  }

  private async fulfil(wish: Wish, pictures: Pictures): Promise<void> {
    this.wish = null;
    const picture = await wish.read(pictures);
    if (picture === null) {
      return;
    }
    this.show(picture);
    if (wish.isStep && this.wish === null) {
      this.position = picture.timestamp;
      this.ports.onChange();
    }
  }

  private async neighbour(pictures: Pictures, direction: 1 | -1): Promise<Picture | null> {
    const { signal } = this.closing;
    const shown = this.shown ?? 0;
    if (direction < 0) {
      return pictures.at(Math.max(0, shown - STEP_MARGIN), signal);
    }
    let isNext = false;
    for await (const picture of pictures.run([shown, Number.NaN], signal)) {
      if (isNext) {
        return picture;
      }
      isNext = true;
      closeFrame(picture.frame);
    }
    return null;
  }

  /** Shows picture after picture, each at its time, until it is to stop or the clip ends. */
  private async playOn(pictures: Pictures): Promise<void> {
    this.run = new AbortController();
    const { signal } = this.run;
    const from = this.position;
    const { duration } = pictures.description;
    let now = await this.tick();
    const clock = new PlaybackClock(from, now);
    // Pictures that are due already do not wait: there can be more of them than the screen shows.
    const waitUntil = async (time: number) => {
      while (clock.position(now) < time && !signal.aborted) {
        this.moveTo(clock.position(now));
        now = await this.tick();
      }
      clock.allowFor(time, now);
    };
    let count = 0;
    try {
      const times = [from, ...Array.from({ length: RUN_PICTURES - 1 }, () => Number.NaN)];
      for await (const picture of pictures.run(times, signal)) {
        count += 1;
        const time = Math.max(from, picture.timestamp);
        await waitUntil(time);
        if (signal.aborted) {
          closeFrame(picture.frame);
          return;
        }
        this.show(picture);
        this.moveTo(time);
      }
    } catch (thrown) {
      if (signal.aborted) {
        return;
      }
      throw thrown;
    }
    if (count === RUN_PICTURES) {
      return;
    }
    // The last picture stands until the end.
    await waitUntil(duration);
    if (!signal.aborted) {
      this.moveTo(duration);
      this.pause();
    }
  }

  private moveTo(position: number): void {
    this.position = position;
    this.ports.onChange();
  }

  /** The time of the browser's next picture. */
  private tick(): Promise<number> {
    return new Promise((resolve) => this.ports.onNextTick(resolve));
  }

  private show({ frame, timestamp }: Picture): void {
    if (!this.isClosed) {
      this.ports.draw(frame);
      this.shown = timestamp;
    }
    closeFrame(frame);
  }

  private fail(thrown: unknown): void {
    if (this.isClosed) {
      return;
    }
    this.phase = 'failed';
    this.error = asError(thrown);
    this.ports.onChange();
  }
}
