/** Frames of a file that mediabunny takes apart and the browser's VideoDecoder decodes. */

import {
  BlobSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputTrack,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  WEBM,
} from 'mediabunny';
import { throwIfCancelled } from '../lib/cancelled';
import { type SampleRequest, shownSize } from '../lib/frame';
import { AV1, H264, HEVC, VP8, VP9 } from './codec_names';
import { HEAD_BYTES, isMobileMp4 } from './container';
import { isGone, requireSize, soundOnly, unreadable } from './file_errors';
import type { FrameSource, FramesOptions, SourceDescription } from './frame_source';
import { decodable, decodedFrames, provenToDecode } from './packet_decoder';
import type { Packet, PacketReader, PacketTrack } from './packet_track';
import { brokeOff, TOLERANCE } from './sample_time';
import { Unsuited } from './unsuited';

const CONTAINERS = new Map([
  [MP4, 'MP4'],
  [QTFF, 'QuickTime'],
  [MATROSKA, 'Matroska'],
  [WEBM, 'WebM'],
  [MPEG_TS, 'MPEG-TS'],
]);

/** By mediabunny's names. */
const CODECS: Record<string, string> = {
  avc: H264,
  hevc: HEVC,
  vp8: VP8,
  vp9: VP9,
  av1: AV1,
};

// What it complains of, files that other sources read or that are refused in words, is no news to anybody at the console.
Logging.level = LogLevel.Silent;

/** Where the tracks of a file lie on its own timeline, in seconds. */
interface Span {
  start: number;
  end: number;
  /** Where the video track says that it ends. */
  videoEnd: number;
}

/**
 * The span from the earliest track's first presented time, which is never before 0 (earlier packets only prepare for what is
 * presented), to the end of the latest. Containers that only tell the length of the whole file tell it of files that were cut
 * off, too.
 */
async function spanOf(tracks: readonly InputTrack[], video: InputTrack): Promise<Span> {
  const all = await Promise.all(
    tracks.map(async (track) => ({
      start: await track.getFirstTimestamp(),
      end: await track.computeDuration(),
      told: await track.getDurationFromMetadata(),
      isVideo: track === video,
    })),
  );
  // Of an empty track all of these are 0.
  const facts = all.filter((track) => track.isVideo || track.end > track.start);
  const start = Math.max(0, Math.min(...facts.map((track) => track.start)));
  const found = Math.max(...facts.map((track) => track.end));
  const told = Math.max(...facts.map((track) => track.told ?? 0));
  const own = facts.find((track) => track.isVideo);
  const videoEnd = (brokeOff(found, told) ? own?.told : own?.end) ?? told;
  return { start, end: Math.max(found, told), videoEnd };
}

/**
 * By how much a video's pictures come earlier than their timestamps say: where an edit begins between two pictures, the first whole
 * one stands at the edit's start, as FFmpeg and with it browsers have it.
 */
async function editOffset(video: InputVideoTrack): Promise<number> {
  if ((await video.getFirstTimestamp()) >= 0) return 0;
  const sink = new EncodedPacketSink(video);
  const cut = await sink.getPacket(TOLERANCE, { metadataOnly: true });
  if (cut === null || cut.timestamp >= -TOLERANCE) return 0;
  const whole = await sink.getPacket(cut.timestamp + cut.duration + TOLERANCE, { metadataOnly: true });
  return Math.max(0, whole?.timestamp ?? 0);
}

/** Mediabunny's failures: the file has gone, or what it reads makes no sense, so that there is nothing more to be had. */
function orNothing(reason: unknown): null {
  if (isGone(reason)) throw unreadable();
  return null;
}

/** Seconds that a seek has to spare: it makes the decoder wait until it is empty, and so costs some pictures' time. */
const LEAP = 0.25;

/** The same where a seek has to search the file, and cannot tell beforehand where it leads. */
const LEAP_WITHOUT_INDEX = 2;

const VERIFIED = { verifyKeyPackets: true };

class MediabunnyReader implements PacketReader {
  readonly #sink: EncodedPacketSink;
  /** The packet given last, and that to be given next where it is known already. */
  #current: EncodedPacket | undefined;
  #following: EncodedPacket | null | undefined;

  constructor(
    track: InputVideoTrack,
    private readonly start: number,
    /** Whether packets are found without being searched for. */
    private readonly indexed: boolean,
  ) {
    this.#sink = new EncodedPacketSink(track);
  }

  async seek(time: number): Promise<boolean> {
    const here = this.#current;
    if (here !== undefined && !this.indexed && !(this.start + time > here.timestamp + LEAP_WITHOUT_INDEX)) return false;
    const key = await this.#keyBefore(time);
    if (here !== undefined) {
      if (key === null || key.sequenceNumber <= here.sequenceNumber) return false;
      if (key.timestamp < here.timestamp + LEAP) return false;
    }
    this.#following = key;
    return true;
  }

  async shownAt(time: number): Promise<{ timestamp: number; end: number } | null> {
    if (Number.isNaN(time) || !this.indexed) return null;
    const shown = await this.#sink.getPacket(this.start + time + TOLERANCE, { metadataOnly: true }).catch(orNothing);
    if (shown === null) return null;
    const timestamp = shown.timestamp - this.start;
    return { timestamp, end: timestamp + shown.duration };
  }

  async next(): Promise<Packet | null> {
    const packet = this.#following === undefined ? await this.#after() : this.#following;
    this.#following = undefined;
    if (packet === null) return null;
    this.#current = packet;
    return this.#packet(packet);
  }

  async nearestKey(time: number): Promise<{ packet: Packet; exact: boolean } | null> {
    const before = await this.#keyBefore(time);
    if (before === null) return null;
    const after = await this.#sink.getNextKeyPacket(before, VERIFIED).catch(orNothing);
    const distance = (packet: EncodedPacket) => Math.abs(packet.timestamp - this.start - time);
    const nearest = after !== null && distance(after) < distance(before) ? after : before;
    const packet = this.#packet(nearest);
    const shown = await this.shownAt(time);
    return { packet, exact: packet.timestamp === shown?.timestamp };
  }

  close(): void {
    this.#following = undefined;
    this.#current = undefined;
  }

  async #keyBefore(time: number): Promise<EncodedPacket | null> {
    const before = Number.isNaN(time)
      ? null
      : await this.#sink.getKeyPacket(this.start + time + TOLERANCE, VERIFIED).catch(orNothing);
    return before ?? (await this.#sink.getFirstKeyPacket(VERIFIED).catch(orNothing));
  }

  async #after(): Promise<EncodedPacket | null> {
    if (this.#current === undefined) return null;
    return this.#sink.getNextPacket(this.#current, VERIFIED).catch(orNothing);
  }

  #packet({ timestamp, duration, type, data }: EncodedPacket): Packet {
    return { timestamp: timestamp - this.start, duration, key: type === 'key', data };
  }
}

class WebCodecsSource implements FrameSource {
  readonly sequential = false;

  constructor(
    private readonly input: Input,
    private readonly track: PacketTrack,
    readonly description: SourceDescription,
  ) {}

  frames(requests: readonly SampleRequest[], signal: AbortSignal, options?: FramesOptions) {
    return decodedFrames(this.track, requests, signal, options);
  }

  async close(): Promise<void> {
    this.input.dispose();
  }
}

/** Everything about a file but its pictures. */
async function opened(input: Input, head: Uint8Array, signal: AbortSignal): Promise<FrameSource> {
  const format = await input.getFormat().catch((reason) => {
    orNothing(reason);
    throw new Unsuited();
  });
  const tracks = (await input.getTracks().catch(orNothing)) ?? [];
  throwIfCancelled(signal);
  const video = tracks.find((track) => track.isVideoTrack());
  if (video === undefined) {
    // Of transport streams it leaves out tracks that it does not know.
    if (tracks.length > 0 && format !== MPEG_TS) throw soundOnly();
    throw new Unsuited();
  }
  const codec = CODECS[(await video.getCodec()) ?? ''] ?? null;
  const told = await video.getDecoderConfig();
  const config = told === null ? null : await decodable(told);
  if (config === null) throw new Unsuited(codec);
  const [displayWidth, displayHeight] = [await video.getSquarePixelWidth(), await video.getSquarePixelHeight()];
  requireSize(displayWidth, displayHeight);
  const { start, end, videoEnd } = await spanOf(
    tracks.filter((track) => track.isVideoTrack() || track.isAudioTrack()),
    video,
  );
  const videoStart = start + (await editOffset(video));
  const rotation = await video.getRotation();
  const track: PacketTrack = {
    config,
    shownAs: { displayWidth, displayHeight, rotation, flip: await video.getFlip() },
    end: videoEnd - start,
    decodeTimes: false,
    read: async () => new MediabunnyReader(video, videoStart, format !== MPEG_TS),
  };
  const source = new WebCodecsSource(input, track, {
    duration: end - start,
    ...shownSize(track.shownAs),
    source: 'webcodecs',
    container: isMobileMp4(head) ? '3GP' : (CONTAINERS.get(format) ?? null),
    codec,
  });
  await provenToDecode(source, signal);
  return source;
}

/** Opens a file. Throws Unsuited where that is for another source to do, and ActionscopeErrors. */
export async function openWebCodecs(file: Blob, signal: AbortSignal): Promise<FrameSource> {
  const input = new Input({
    // What it reads ahead may fail without anybody waiting for it; whoever needs those bytes is told of it.
    source: new BlobSource(file, { useStreamReader: false, handleUnhandledError: () => undefined }),
    formats: [...CONTAINERS.keys()],
  });
  try {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    return await opened(input, head, signal);
  } catch (reason) {
    input.dispose();
    throw isGone(reason) ? unreadable() : reason;
  }
}
