/** Frames of a track of packets, through the browser's VideoDecoder. */

import { throwIfCancelled, unlessCancelled } from '../lib/cancelled';
import type { SampleRequest } from '../lib/frame';
import { disposability } from './disposable';
import { undecodable } from './file_errors';
import type { FrameSource, FramesOptions, SourcedFrame } from './frame_source';
import type { Packet, PacketReader, PacketTrack, ShownAs } from './packet_track';
import { ascendingRows, brokeOff, TOLERANCE } from './sample_time';
import { takenPixels } from './video_frame';

/** Packets that the decoder has been given and not taken up: enough that it never waits. */
const QUEUE = 16;

/** Pixels of a full HD picture. */
const LARGEST_IN_SOFTWARE = 1920 * 1088;

const MICROSECONDS = 1e6;

/** When a picture is shown. */
interface Span {
  timestamp: number;
  end: number;
}

interface Shown extends Span {
  frame: VideoFrame;
}

interface Picked {
  request: SampleRequest;
  timestamp: number;
  frame: VideoFrame;
}

/** Of the pictures that a decoder gives, in the order in which they are shown, takes those that an ascending row of requests wants. */
class Picker {
  readonly #waiting: SampleRequest[];
  readonly #picked: Picked[] = [];
  #latest: Shown | undefined;

  constructor(row: readonly SampleRequest[]) {
    this.#waiting = [...row];
  }

  /** The earliest request whose picture has not come yet. */
  get wanted(): SampleRequest | undefined {
    return this.#waiting[0];
  }

  /** Takes over a picture. */
  add(shown: Shown): void {
    // Pictures from before the clip begins are decoded for the sake of others only.
    if (this.wanted === undefined || shown.timestamp < -TOLERANCE) {
      shown.frame.close();
      return;
    }
    let taken = false;
    while ((this.wanted?.time ?? Number.NaN) + TOLERANCE < shown.timestamp) {
      taken = this.#latest === undefined;
      this.#pick(this.#latest ?? shown);
    }
    // NaN asks for the picture after the one before.
    if (!taken && Number.isNaN(this.wanted?.time)) this.#pick(shown);
    this.#latest?.frame.close();
    this.#latest = shown;
  }

  /** No more pictures will come: the last one stands to the end of the clip, unless the track broke off. */
  end(announced: number): void {
    const last = this.#latest;
    if (last === undefined) return;
    const broken = brokeOff(last.end, announced);
    for (let next = this.wanted; next !== undefined; next = this.wanted) {
      if (Number.isNaN(next.time) || (broken && next.time >= last.end)) break;
      this.#pick(last);
    }
  }

  /** The pictures of all requests before that one have come, though none after them. */
  settle(before: SampleRequest | undefined): void {
    for (let next = this.wanted; next !== undefined && next !== before; next = this.wanted) {
      if (this.#latest === undefined) this.#waiting.shift();
      else this.#pick(this.#latest);
    }
  }

  take(): Picked | undefined {
    return this.#picked.shift();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#latest?.frame.close();
    this.#latest = undefined;
    for (const { frame } of this.#picked.splice(0)) frame.close();
  }

  #pick({ frame, timestamp }: Shown): void {
    const request = this.#waiting.shift();
    if (request !== undefined) this.#picked.push({ request, timestamp, frame: frame.clone() });
  }
}

/** A VideoDecoder that takes packets and gives pictures with their own, exact times. */
class Decoder {
  readonly #decoder: VideoDecoder;
  /** Packets whose pictures have not come yet, as they were given, by the time that goes through the decoder. */
  readonly #underway = new Map<number, Packet>();
  #wake: () => void = () => undefined;
  /** Whether it has given up for good. */
  broken = false;

  constructor(
    private readonly track: PacketTrack,
    show: (shown: Shown) => void,
  ) {
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        show({ frame, ...this.#span(frame) });
        this.#wake();
      },
      error: () => this.#break(),
    });
    this.#decoder.addEventListener('dequeue', () => this.#wake());
    this.#decoder.configure(track.config);
  }

  get full(): boolean {
    return this.#decoder.decodeQueueSize >= QUEUE;
  }

  /** Resolves when a picture has come or there is room for packets again. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Packets to go on with after an error: from the first key packet on that is not the one at fault. */
  get remaining(): Packet[] {
    const [, ...later] = this.#underway.values();
    const key = later.findIndex((packet) => packet.key);
    return key < 0 ? [] : later.slice(key);
  }

  decode(packet: Packet): void {
    const { timestamp, duration, key, data } = packet;
    const at = Math.round(timestamp * MICROSECONDS);
    this.#underway.set(at, packet);
    try {
      this.#decoder.decode(
        new EncodedVideoChunk({
          type: key ? 'key' : 'delta',
          timestamp: at,
          duration: Math.max(0, Math.round(duration * MICROSECONDS)),
          data,
        }),
      );
    } catch {
      // It has ended by an error that is on its way, or does not take the packet for a key packet.
      this.#break();
    }
  }

  /**
   * Calls `done` when all pictures of the packets so far have come, and before any of later packets, which may be given at once and
   * begin with a key packet.
   */
  async flush(done: () => void = () => undefined): Promise<void> {
    const given = [...this.#underway.keys()];
    try {
      await this.#decoder.flush();
      for (const at of given) this.#underway.delete(at);
      done();
      this.#wake();
    } catch {
      this.#break();
    }
  }

  close(): void {
    if (this.#decoder.state !== 'closed') this.#decoder.close();
  }

  #break(): void {
    this.broken = true;
    this.#wake();
  }

  #span({ timestamp: at }: VideoFrame): Span {
    const key = this.track.decodeTimes ? Math.min(...this.#underway.keys()) : at;
    const { timestamp, duration } = this.#underway.get(key) ?? { timestamp: at / MICROSECONDS, duration: 0 };
    this.#underway.delete(key);
    return { timestamp, end: timestamp + duration };
  }
}

async function delivered({ request, timestamp, frame }: Picked, shownAs: ShownAs): Promise<SourcedFrame> {
  const { buffer, layout } = await takenPixels(frame);
  return { sample: request.sample, timestamp, frame: { buffer, layout: { ...layout, ...shownAs } } };
}

/** Knows of an ascending row of requests which packets it needs, and how far they have been given to the decoder. */
class Needs {
  readonly #shown = new Map<SampleRequest, Span | null>();
  readonly #given = new Set<number>();
  readonly #isDisposable: (data: Uint8Array) => boolean;
  #aim = 0;

  constructor(
    private readonly row: readonly SampleRequest[],
    private readonly reader: PacketReader,
    config: VideoDecoderConfig,
  ) {
    this.#isDisposable = disposability(config);
  }

  /** The request that packets are given for; undefined when all have what they need. */
  get aim(): SampleRequest | undefined {
    return this.row[this.#aim];
  }

  /** Whether decoding can do without a packet: no other needs it, and no request wants its picture. */
  async spares({ timestamp, data }: Packet): Promise<boolean> {
    if (!this.#isDisposable(data)) return false;
    const next = this.row.find(({ time }) => Number.isNaN(time) || time + TOLERANCE >= timestamp);
    if (next === undefined) return false;
    const shown = await this.#shownFor(next);
    return shown !== null && shown.timestamp !== timestamp;
  }

  /** Notes that a packet was given, and moves on to the first request that `wanted`, or one later, that still lacks its own. */
  async given({ timestamp }: Packet, wanted: SampleRequest): Promise<void> {
    this.#given.add(timestamp);
    this.#aim = Math.max(this.#aim, this.row.indexOf(wanted));
    for (let aim = this.aim; aim !== undefined && (await this.#isServed(aim)); aim = this.aim) this.#aim += 1;
  }

  async #isServed(request: SampleRequest): Promise<boolean> {
    const shown = await this.#shownFor(request);
    // In a gap between pictures, or behind the last, only what follows tells whether the file is whole.
    return shown !== null && this.#given.has(shown.timestamp) && request.time < shown.end;
  }

  async #shownFor(request: SampleRequest): Promise<Span | null> {
    const known = this.#shown.get(request);
    if (known !== undefined) return known;
    const shown = await this.reader.shownAt(request.time);
    this.#shown.set(request, shown);
    return shown;
  }
}

/** Serves one ascending row. */
async function* decodedRow(track: PacketTrack, row: readonly SampleRequest[], signal: AbortSignal) {
  const reader = await track.read(signal);
  const needs = new Needs(row, reader, track.config);
  const picker = new Picker(row);
  const begin = () => new Decoder(track, (shown) => picker.add(shown));
  let decoder = begin();
  let aim: SampleRequest | undefined;
  let again: Packet[] = [];
  let damaged = false;
  let ended = false;
  try {
    for (;;) {
      throwIfCancelled(signal);
      const picked = picker.take();
      if (picked !== undefined) {
        yield await delivered(picked, track.shownAs);
        continue;
      }
      const { wanted } = picker;
      if (wanted === undefined || ended) return;
      if (decoder.broken) {
        // Something in the file is damaged: decoding goes on at the next key packet.
        again = [...decoder.remaining, ...again];
        damaged = true;
        decoder.close();
        decoder = begin();
      }
      if (decoder.full) {
        await unlessCancelled(decoder.changed(), signal);
        continue;
      }
      if (needs.aim !== aim) {
        const first = aim === undefined;
        aim = needs.aim;
        const reached = aim;
        if (reached === undefined) {
          await unlessCancelled(
            decoder.flush(() => picker.settle(undefined)),
            signal,
          );
          continue;
        }
        // The decoder need not stand still meanwhile: what comes next waits behind the pictures that are on their way.
        if ((await reader.seek(reached.time)) && !first) void decoder.flush(() => picker.settle(reached));
      }
      const packet = again.shift() ?? (await unlessCancelled(reader.next(), signal));
      if (packet === null) {
        await unlessCancelled(decoder.flush(), signal);
        if (decoder.broken) continue;
        picker.end(track.end);
        ended = true;
        continue;
      }
      damaged &&= !packet.key;
      if (damaged || (await needs.spares(packet))) continue;
      decoder.decode(packet);
      await needs.given(packet, wanted);
    }
  } finally {
    decoder.close();
    picker.close();
    reader.close();
  }
}

/** Serves each request with the key frame nearest to its time; stops at the first that cannot be had. */
async function* decodedKeys(
  track: PacketTrack,
  requests: readonly SampleRequest[],
  signal: AbortSignal,
): AsyncGenerator<SourcedFrame> {
  const reader = await track.read(signal);
  let latest: Shown | undefined;
  let shownOf: number | undefined;
  const decoder = new Decoder(track, (shown) => {
    latest?.frame.close();
    latest = shown;
  });
  try {
    for (const request of requests) {
      const near = await unlessCancelled(reader.nearestKey(request.time), signal);
      if (near === null) return;
      const { packet, exact } = near;
      if (packet.timestamp !== shownOf) {
        latest?.frame.close();
        latest = undefined;
        decoder.decode(packet);
        await unlessCancelled(decoder.flush(), signal);
        shownOf = packet.timestamp;
      }
      if (latest === undefined) return;
      const { timestamp, frame } = latest;
      const served = await delivered({ request, timestamp, frame: frame.clone() }, track.shownAs);
      yield exact ? served : { ...served, standsIn: true };
    }
  } finally {
    decoder.close();
    latest?.frame.close();
    reader.close();
  }
}

/** As FrameSource.frames. */
export async function* decodedFrames(
  track: PacketTrack,
  requests: readonly SampleRequest[],
  signal: AbortSignal,
  { keyFrames = false }: FramesOptions = {},
): AsyncGenerator<SourcedFrame> {
  throwIfCancelled(signal);
  let served = 0;
  if (keyFrames) {
    for await (const frame of decodedKeys(track, requests, signal)) {
      served += 1;
      yield frame;
    }
  }
  for (const row of ascendingRows(requests.slice(served))) {
    yield* decodedRow(track, row, signal);
  }
}

/** The configuration with which this browser decodes a track; null where it does not. */
export async function decodable(config: VideoDecoderConfig): Promise<VideoDecoderConfig | null> {
  if (!('VideoDecoder' in globalThis)) return null;
  const { codedWidth = 0, codedHeight = 0 } = config;
  const choices: VideoDecoderConfig[] = [config];
  // Pictures of graphics memory take longer to fetch than small ones take to be decoded; and decoders in software are the same
  // everywhere, so that every device gives one answer.
  if (codedWidth * codedHeight <= LARGEST_IN_SOFTWARE)
    choices.unshift({ ...config, hardwareAcceleration: 'prefer-software' });
  for (const choice of choices) {
    const { supported } = await VideoDecoder.isConfigSupported(choice).catch(() => ({ supported: false }));
    if (supported) return choice;
  }
  return null;
}

/** Decodes one picture: a browser can promise more than it then does. Throws `file-corrupt` where none can be had. */
export async function provenToDecode(source: FrameSource, signal: AbortSignal): Promise<void> {
  for await (const _ of source.frames([{ sample: 0, time: 0 }], signal)) return;
  throw undecodable();
}
