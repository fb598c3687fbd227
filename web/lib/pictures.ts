/** Pictures of a file for showing them, through any frame source. */

import type { FrameSource, SourcedFrame } from '../media/frame_source';
import { throwIfCancelled } from './cancelled';
import type { SampleRequest } from './frame';
import { closeFrame } from './frame';
import type { ClipDescription, Picture, Pictures } from './types';

/** Pictures of a source, which is closed with them. */
export class SourcePictures implements Pictures {
  readonly description: ClipDescription;

  constructor(
    private readonly source: FrameSource,
    file: Pick<ClipDescription, 'name' | 'size'>,
  ) {
    this.description = { ...file, ...source.description };
  }

  async at(time: number, signal?: AbortSignal): Promise<Picture | null> {
    for await (const picture of this.run([time], signal)) return picture;
    return null;
  }

  async *run(times: readonly number[], signal = new AbortController().signal): AsyncGenerator<Picture> {
    const requests: SampleRequest[] = times.map((time, sample) => ({ sample, time }));
    for await (const taken of this.source.frames(requests, signal)) {
      yield pictureOf(taken, times, signal);
    }
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

function pictureOf({ sample, timestamp, frame }: SourcedFrame, times: readonly number[], signal: AbortSignal): Picture {
  if (signal.aborted) closeFrame(frame);
  throwIfCancelled(signal);
  const time = times[sample] ?? Number.NaN;
  return { time: Number.isNaN(time) ? timestamp : time, timestamp, frame };
}
