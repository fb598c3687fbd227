import type { FrameLayout } from '../lib/frame';

/** One coded picture. Times are seconds from the start of the clip. */
export interface Packet {
  timestamp: number;
  duration: number;
  key: boolean;
  data: Uint8Array;
}

/** How a track's pictures are to be shown: what a decoder does not know. */
export type ShownAs = Pick<FrameLayout, 'displayWidth' | 'displayHeight' | 'rotation' | 'flip'>;

/** Goes through a track's packets in decode order. */
export interface PacketReader {
  /**
   * Goes to the key packet that decoding the picture of that time begins with (NaN: the first). Stays where it is, and says false,
   * where going on from here costs hardly more; never does the first time.
   */
  seek(time: number): Promise<boolean>;
  /** When the picture shown at a time begins and ends, where that is known without reading packets; else null. */
  shownAt(time: number): Promise<{ timestamp: number; end: number } | null>;
  /** The next packet; null where there is none, or none that can be read. Throws `file-unreadable`. */
  next(): Promise<Packet | null>;
  /** Of the key packets, that nearest to a time, and whether it is the very picture shown then; null where there is none. */
  nearestKey(time: number): Promise<{ packet: Packet; exact: boolean } | null>;
  close(): void;
}

/** A video track as its demuxer knows it. */
export interface PacketTrack {
  readonly config: VideoDecoderConfig;
  readonly shownAs: ShownAs;
  /** Where it says that it ends. */
  readonly end: number;
  /** Whether packets only tell when they are to be decoded: then the nth picture shown has the nth smallest of these times. */
  readonly decodeTimes: boolean;
  /** A new reader, at no packet yet; ends with `cancelled` when the signal is given. */
  read(signal: AbortSignal): Promise<PacketReader>;
}
