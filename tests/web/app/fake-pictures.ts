/** A clip of pictures 0, 1, 2, ... that says what was asked of it. */
import { drawnLayout, type Frame } from '../../../web/lib/frame';
import type { ClipDescription, Picture, Pictures } from '../../../web/lib/types';
import { clip } from './samples';

/** Tells which picture a frame is. */
export const numberOf = (frame: Frame) => ('buffer' in frame ? (new Uint8Array(frame.buffer)[0] as number) : -1);

export class FakePictures implements Pictures {
  readonly description: ClipDescription;
  readonly asked: number[] = [];
  isClosed = false;
  /** Runs that were begun and not ended. */
  openRuns = 0;

  /** `starts`: of the pictures, in seconds, ascending. */
  constructor(
    private readonly starts: readonly number[],
    duration: number,
  ) {
    this.description = { ...clip, duration };
  }

  async at(time: number): Promise<Picture | null> {
    this.asked.push(time);
    return this.picture(this.indexAt(time), time);
  }

  async *run(times: readonly number[], signal?: AbortSignal): AsyncGenerator<Picture> {
    this.openRuns += 1;
    let index = -1;
    try {
      for (const time of times) {
        signal?.throwIfAborted();
        index = Number.isNaN(time) ? index + 1 : this.indexAt(time);
        const picture = this.picture(index, time);
        if (picture === null) return;
        yield picture;
      }
    } finally {
      this.openRuns -= 1;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  private indexAt(time: number): number {
    return Math.max(
      0,
      this.starts.findLastIndex((start) => start <= time),
    );
  }

  private picture(index: number, time: number): Picture | null {
    const timestamp = this.starts[index];
    if (timestamp === undefined) return null;
    return { time, timestamp, frame: { buffer: new Uint8Array([index, 0, 0, 255]).buffer, layout: drawnLayout(1, 1) } };
  }
}
