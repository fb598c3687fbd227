/** Frames of a file through our FFmpeg module: it takes the file apart, and decodes what the browser's VideoDecoder does not. */

import { throwIfCancelled } from '../lib/cancelled';
import { ActionscopeError } from '../lib/errors';
import { type SampleRequest, shownSize } from '../lib/frame';
import { unwrap } from '../worker/core_error';
import type { Outcome } from '../worker/wasm_module';
import type { FrameSource, FramesOptions, SourceDescription, SourcedFrame } from './frame_source';
import { Refused } from './open_source';
import { decodable, decodedFrames, provenToDecode } from './packet_decoder';
import type { Packet, PacketReader, PacketTrack } from './packet_track';
import type { MediaModule, ReadableFile, Video, VideoDescription } from './reader_module';
import { TOLERANCE } from './sample_time';

/** Milliseconds that the module works before events get their turn: a cancel is never late by more. */
const SLICE = 20;

/** Seconds further on from which a seek may spare decoding; doubled whenever a seek leads back to where decoding was already. */
const LEAP = 2;

/** Lets events be heard. A timer would wait 4 ms each time. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Calls bounded steps until one is done, `cancelled` when the signal is given. */
async function stepped<T>(step: () => Outcome<T>, working: T, signal: AbortSignal): Promise<T> {
  for (let until = performance.now() + SLICE; ; ) {
    throwIfCancelled(signal);
    const state = unwrap(step());
    if (state !== working) return state;
    if (performance.now() < until) continue;
    await turn();
    until = performance.now() + SLICE;
  }
}

/** A file in the module: one handle for each who reads it at the same time, kept for the next. */
class OpenFile {
  readonly #idle: Video[] = [];
  #closed = false;

  constructor(
    private readonly module: MediaModule,
    private readonly file: ReadableFile,
  ) {}

  /** A handle whose duration is known, for the caller alone, until given back or deleted. */
  async take(signal: AbortSignal): Promise<Video> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const video = unwrap(this.module.openVideo(this.file));
    try {
      await stepped(() => video.measure(), false, signal);
      return video;
    } catch (reason) {
      video.delete();
      throw reason;
    }
  }

  giveBack(video: Video): void {
    if (this.#closed) video.delete();
    else this.#idle.push(video);
  }

  close(): void {
    this.#closed = true;
    for (const video of this.#idle.splice(0)) video.delete();
  }
}

class ModuleSource implements FrameSource {
  readonly sequential = false;

  constructor(
    private readonly file: OpenFile,
    readonly description: SourceDescription,
  ) {}

  async *frames(
    requests: readonly SampleRequest[],
    signal: AbortSignal,
    { keyFrames = false }: FramesOptions = {},
  ): AsyncGenerator<SourcedFrame> {
    const video = await this.file.take(signal);
    let atEnd = false;
    try {
      for (const { sample, time } of requests) {
        // Behind the last picture there is none however often the next is asked for.
        if (Number.isNaN(time) && atEnd) continue;
        if (Number.isNaN(time)) video.aimNext();
        else if (keyFrames) video.aimNear(time);
        else video.aim(time);
        atEnd = (await stepped(() => video.step(), 'working', signal)) === 'end';
        if (atEnd) continue;
        const { timestamp, duration, layout, bytes } = unwrap(video.frame());
        const served = { sample, timestamp, frame: { buffer: bytes.slice().buffer, layout } };
        const exact = timestamp <= time + TOLERANCE && time + TOLERANCE < timestamp + duration;
        yield keyFrames && !exact ? { ...served, standsIn: true } : served;
      }
    } finally {
      this.file.giveBack(video);
    }
  }

  async close(): Promise<void> {
    this.file.close();
  }
}

class FfmpegPacketReader implements PacketReader {
  /** Time of the packet given last. */
  #reached: number | undefined;
  /** Read already, to be given next. */
  #following: Packet | null | undefined;
  #leap = LEAP;

  constructor(
    private readonly video: Video,
    private readonly giveBack: () => void,
    private readonly signal: AbortSignal,
  ) {}

  async seek(time: number): Promise<boolean> {
    const here = this.#reached;
    if (here !== undefined && !(time > here + this.#leap)) return false;
    this.video.seekPacket(Number.isNaN(time) ? 0 : time);
    this.#following = await this.#read();
    if (here !== undefined && (this.#following?.timestamp ?? here) <= here) this.#leap *= 2;
    return true;
  }

  async shownAt(): Promise<null> {
    return null;
  }

  async next(): Promise<Packet | null> {
    const packet = this.#following === undefined ? await this.#read() : this.#following;
    this.#following = undefined;
    if (packet !== null) this.#reached = packet.timestamp;
    return packet;
  }

  async nearestKey(time: number): Promise<{ packet: Packet; exact: boolean } | null> {
    this.video.seekPacket(time);
    const packet = await this.#read();
    if (packet === null || !packet.key) return null;
    return { packet, exact: time + TOLERANCE < packet.timestamp + packet.duration };
  }

  close(): void {
    this.giveBack();
  }

  async #read(): Promise<Packet | null> {
    if ((await stepped(() => this.video.nextPacket(), 'working', this.signal)) === 'end') return null;
    const { timestamp, duration, key, data } = this.video.packet();
    return { timestamp, duration, key, data: data.slice() };
  }
}

class PacketSource implements FrameSource {
  readonly sequential = false;

  constructor(
    private readonly file: OpenFile,
    private readonly track: PacketTrack,
    readonly description: SourceDescription,
  ) {}

  frames(requests: readonly SampleRequest[], signal: AbortSignal, options?: FramesOptions) {
    return decodedFrames(this.track, requests, signal, options);
  }

  async close(): Promise<void> {
    this.file.close();
  }
}

/** The track for VideoDecoder; null where this browser does not decode it. */
async function packetTrack(file: OpenFile, facts: VideoDescription): Promise<PacketTrack | null> {
  if (facts.webcodecs === null) return null;
  const { codec, description, reorder } = facts.webcodecs;
  const config = await decodable({
    codec,
    codedWidth: facts.width,
    codedHeight: facts.height,
    // Without it Chromium takes BT.709 for the matrix of streams that name none.
    colorSpace: {},
    ...(description === null ? {} : { description }),
  });
  if (config === null) return null;
  const { displayWidth, displayHeight, rotation, flip } = facts;
  return {
    config,
    shownAs: { displayWidth, displayHeight, rotation, flip },
    end: facts.videoEnd,
    decodeTimes: reorder,
    read: async (signal) => {
      const video = await file.take(signal);
      return new FfmpegPacketReader(video, () => file.giveBack(video), signal);
    },
  };
}

const undecoded = ({ container, codec }: VideoDescription) =>
  new ActionscopeError(
    'codec-unsupported',
    `${container === null ? 'This file' : `This ${container} file`} has ${codec ?? 'unknown'} video, which cannot be decoded here.`,
    'Convert it to MP4 with H.264 video, for example with VLC or HandBrake.',
  );

/**
 * Opens a file, in a worker or in Node. The source is `ffmpeg-webcodecs` where this browser decodes the codec, else `ffmpeg-module`.
 * Throws Refused with `codec-unsupported` where neither does, and other ActionscopeErrors: `cancelled`, `not-a-video`, `file-*`,
 * `no-video-track`, `frame-too-large`, `clip-empty`, `out-of-memory`.
 */
export async function openFfmpeg(module: MediaModule, file: ReadableFile, signal: AbortSignal): Promise<FrameSource> {
  const open = new OpenFile(module, file);
  try {
    const video = await open.take(signal);
    const facts = video.description();
    open.giveBack(video);
    const description = {
      duration: facts.duration,
      ...shownSize(facts),
      container: facts.container,
      codec: facts.codec,
    };
    const track = await packetTrack(open, facts);
    if (track !== null) {
      const source = new PacketSource(open, track, { ...description, source: 'ffmpeg-webcodecs' });
      try {
        await provenToDecode(source, signal);
        return source;
      } catch (reason) {
        throwIfCancelled(signal);
        if (!facts.decodable) throw reason;
      }
    }
    if (!facts.decodable) throw new Refused(undecoded(facts), facts.codec);
    return new ModuleSource(open, { ...description, source: 'ffmpeg-module' });
  } catch (reason) {
    open.close();
    throw reason;
  }
}
