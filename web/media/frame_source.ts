import type { Frame, SampleRequest } from '../lib/frame';
import type { FrameSourceName } from '../lib/types';

export interface SourceDescription {
  /** Seconds; finite. */
  duration: number;
  /** Pixels as displayed: pixel aspect ratio and rotation applied. */
  width: number;
  height: number;
  source: FrameSourceName;
}

export interface SourcedFrame {
  sample: number;
  /** Seconds from the start of the clip to that of the frame, or the time asked for where that is all that is known. */
  timestamp: number;
  /** Owned by whoever receives it. */
  frame: Frame;
}

/** Delivers the frames of one clip. */
export interface FrameSource {
  readonly description: SourceDescription;
  /** Whether requests can only be served in ascending order. */
  readonly sequential: boolean;
  /**
   * Delivers what is asked for, in that order. Ends without having served every request where the clip ends, or breaks, before
   * its announced duration; throws ActionscopeErrors, and `cancelled` when the signal is given. May be called again.
   */
  frames(requests: readonly SampleRequest[], signal: AbortSignal): AsyncIterable<SourcedFrame>;
  close(): Promise<void>;
}
