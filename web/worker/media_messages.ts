/** What the page and the media worker say to each other. */

import type { SampleRequest } from '../lib/frame';
import type { FramesOptions, SourceDescription, SourcedFrame } from '../media/frame_source';
import type { Answer, ErrorFacts } from './answer';

/** Which decoders a file is opened with: all but that of HEVC, or that one. */
export type Decoders = 'usual' | 'hevc';

/** A file that is open; or why not, where any source could say so, and its codec as far as that is known. */
export type OpenReply =
  | { description: SourceDescription; sequential: boolean; refused?: undefined }
  | { refused: ErrorFacts | null; codec: string | null };

/** Sources and runs go by numbers that the page gives them, so that it can end them while they are still being opened. */
export interface MediaApi {
  open(source: number, file: Blob, decoders: Decoders): Promise<Answer<OpenReply>>;
  /** Begins to deliver frames. */
  start(source: number, run: number, requests: readonly SampleRequest[], options: FramesOptions): Promise<Answer<void>>;
  /** The next frame, whose pixels are handed over; null at the end. May be asked for before the last one has come. */
  next(run: number): Promise<Answer<SourcedFrame | null>>;
  /** Ends a run before its end. */
  stop(run: number): Promise<Answer<void>>;
  /** Ends what a source does, and frees it. */
  close(source: number): Promise<Answer<void>>;
  /** What has been opened and not closed: sources, runs and handles of the FFmpeg modules. */
  liveHandles(): Promise<Answer<number>>;
}
