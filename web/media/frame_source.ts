import type { Frame, SampleRequest } from '../lib/frame';
import type { FrameSourceName } from '../lib/types';

export interface SourceDescription {
  /** Seconds; finite. */
  duration: number;
  /** Pixels as displayed: pixel aspect ratio and rotation applied. */
  width: number;
  height: number;
  source: FrameSourceName;
  /** Words for a person, like "AVI" and "H.264"; null where they are not known. */
  container: string | null;
  codec: string | null;
}

export interface SourcedFrame {
  sample: number;
  /** Seconds from the start of the clip to that of the frame, or the time asked for where that is all that is known. */
  timestamp: number;
  /** Owned by whoever receives it. */
  frame: Frame;
  /** A key frame near the sample's time, in place of its own. */
  standsIn?: boolean;
}

export interface FramesOptions {
  /**
   * Whether a key frame near to each sample's time will do, where it is had much sooner than the sample's own frame. Sources may
   * serve exactly nonetheless.
   */
  keyFrames?: boolean;
}

/** Delivers the frames of one clip. */
export interface FrameSource {
  readonly description: SourceDescription;
  /** Whether requests can only be served in ascending order. */
  readonly sequential: boolean;
  /**
   * Delivers what is asked for, in that order: one ascending row of times, or several, each of which is decoded in one go. Ends
   * without having served every request where the clip ends, or breaks, before its announced duration; throws ActionscopeErrors,
   * and `cancelled` when the signal is given. May be called again, also before an earlier call has ended.
   */
  frames(requests: readonly SampleRequest[], signal: AbortSignal, options?: FramesOptions): AsyncIterable<SourcedFrame>;
  /** Frees everything, whatever still runs. */
  close(): Promise<void>;
}
