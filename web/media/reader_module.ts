/** The border of the FFmpeg modules (src/wasm/media_bindings.cpp) as TypeScript sees it. */

import type { FrameLayout, Rotation } from '../lib/frame';
import type { Outcome } from '../worker/wasm_module';

/** A file's bytes, read in slices. */
export interface ReadableFile {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `offset` on; fewer than `length` only at the end of the file. Null, or a throw: they cannot be read. */
  read(offset: number, length: number): Uint8Array | null;
}

/** What VideoDecoder needs to decode a video's packets. */
export interface WebCodecsConfiguration {
  /** As in VideoDecoderConfig: 'avc1.64001f'. */
  codec: string;
  /** Null for streams in Annex B, whose key packets carry what is needed. A copy. */
  description: Uint8Array<ArrayBuffer> | null;
  /**
   * Whether the packets' timestamps are those of decoding, because the container knows no others: the n-th frame out of the
   * decoder is shown at the n-th smallest of them.
   */
  reorder: boolean;
}

export interface VideoDescription {
  /** Words for a person, 'AVI' and 'MPEG-4 Part 2'; null where not known. */
  container: string | null;
  codec: string | null;
  /** Seconds; NaN until measure() has given true. */
  duration: number;
  /**
   * Seconds: where the video track says that it ends, or the whole file where only that is known. Once the end has been read and
   * the file turned out to be whole, where the track did end.
   */
  videoEnd: number;
  /** Stored pixels. */
  width: number;
  height: number;
  /** After pixel aspect ratio, before rotation. */
  displayWidth: number;
  displayHeight: number;
  rotation: Rotation;
  /** Mirrored left to right, after rotation. */
  flip: boolean;
  /** Whether this module can decode it, so that aim() and step() work. */
  decodable: boolean;
  /** Null for codecs that no browser decodes. */
  webcodecs: WebCodecsConfiguration | null;
}

export interface DecodedFrame {
  /** Seconds from the start of the clip. */
  timestamp: number;
  /** Seconds that it is shown for. */
  duration: number;
  layout: FrameLayout;
  /** A view of the module's memory: to be copied before the next call of the module. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface CodedPacket {
  /** Seconds from the start of the clip; see WebCodecsConfiguration.reorder. */
  timestamp: number;
  /** Seconds; 0 where not known. */
  duration: number;
  key: boolean;
  /** A view of the module's memory: to be copied before the next call of the module. */
  data: Uint8Array<ArrayBuffer>;
}

/** One video track. Frames and packets are two ways through the one file: whoever changes from one to the other aims or seeks anew. */
export interface Video {
  /** A bounded step towards the clip's duration, which some files tell only by being read; true once it is known. */
  measure(): Outcome<boolean>;
  description(): VideoDescription;
  /** What step() is to find: the last frame that starts no later than `time` + 1e-6, or the first. Seconds from the clip's start. */
  aim(time: number): void;
  /** The key frame nearest to `time` that can be had without decoding others; where none can, as aim(). */
  aimNear(time: number): void;
  /** The frame after the one found last; at first the first. */
  aimNext(): void;
  /** A bounded step, about one packet. 'end': the file ended, earlier than announced, before the time that was aimed at. */
  step(): Outcome<'working' | 'frame' | 'end'>;
  /** The frame that step() has found. */
  frame(): Outcome<DecodedFrame>;
  /** Continues with the key packet at or before `time`. */
  seekPacket(time: number): void;
  /** A bounded step to the next packet of the video track, in the order of decoding. */
  nextPacket(): Outcome<'working' | 'packet' | 'end'>;
  /** The packet that nextPacket() has found. */
  packet(): CodedPacket;
  delete(): void;
}

export interface MediaModule {
  /** Errors: file-*, not-a-video, no-video-track, codec-unsupported, frame-too-large, clip-empty, out-of-memory. */
  openVideo(file: ReadableFile): Outcome<Video>;
  /** Objects behind handles that were not deleted. */
  liveHandles(): number;
}

export type CreateMediaModule = (options: { wasmBinary: Uint8Array }) => Promise<MediaModule>;
