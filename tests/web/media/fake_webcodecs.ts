/** As much of WebCodecs as the packet decoder uses, with pictures that count how many are open, and a track to decode. */

import { vi } from 'vitest';
import type { Packet, PacketReader, PacketTrack } from '../../../web/media/packet_track';

export const open = { frames: 0, decoders: 0, readers: 0 };

/** Shows its number in its only byte. */
class FakeVideoFrame {
  readonly format = 'RGBA';
  readonly codedWidth = 1;
  readonly codedHeight = 1;
  readonly displayWidth = 1;
  readonly displayHeight = 1;
  readonly visibleRect = { x: 0, y: 0, width: 1, height: 1 };
  readonly colorSpace = { matrix: null, fullRange: null };
  #closed = false;

  constructor(
    readonly timestamp: number,
    readonly number: number,
  ) {
    open.frames += 1;
  }

  clone() {
    if (this.#closed) throw new DOMException('closed', 'InvalidStateError');
    return new FakeVideoFrame(this.timestamp, this.number);
  }

  close() {
    if (!this.#closed) open.frames -= 1;
    this.#closed = true;
  }

  allocationSize() {
    return 4;
  }

  async copyTo(into: Uint8Array) {
    if (this.#closed) throw new DOMException('closed', 'InvalidStateError');
    into.fill(this.number);
    return [{ offset: 0, stride: 4 }];
  }
}

/** Number that ends decoding with an error wherever it is met. */
export const POISON = 255;

interface Chunk {
  type: 'key' | 'delta';
  timestamp: number;
  data: Uint8Array;
}

/** The numbers of all packets that any decoder was given. */
export const decoded: number[] = [];

/** Keeps two pictures back to bring them into the order of their times, as decoders do. */
class FakeVideoDecoder extends EventTarget {
  static isConfigSupported = vi.fn(async (config: VideoDecoderConfig) => ({ supported: config.codec !== 'none' }));
  state: CodecState = 'configured';
  decodeQueueSize = 0;
  #held: Chunk[] = [];
  #needsKey = true;
  #work: Promise<void> = Promise.resolve();

  constructor(private readonly init: { output(frame: unknown): void; error(reason: DOMException): void }) {
    super();
    open.decoders += 1;
  }

  configure() {}

  decode(chunk: Chunk) {
    if (this.state === 'closed') throw new DOMException('closed', 'InvalidStateError');
    if (this.#needsKey && chunk.type !== 'key') throw new DOMException('no key', 'DataError');
    this.#needsKey = false;
    decoded.push(chunk.data[0] ?? 0);
    this.decodeQueueSize += 1;
    this.#then(() => {
      this.decodeQueueSize -= 1;
      this.dispatchEvent(new Event('dequeue'));
      if (chunk.data[0] === POISON) {
        this.close();
        this.init.error(new DOMException('poison', 'EncodingError'));
        return;
      }
      this.#held.push(chunk);
      this.#show(2);
    });
  }

  async flush() {
    this.#needsKey = true;
    this.#then(() => this.#show(0));
    await this.#work;
    if (this.state === 'closed') throw new DOMException('closed', 'AbortError');
  }

  close() {
    if (this.state !== 'closed') open.decoders -= 1;
    this.state = 'closed';
  }

  #show(keep: number) {
    this.#held.sort((one, other) => one.timestamp - other.timestamp);
    for (const { timestamp, data } of this.#held.splice(0, this.#held.length - keep)) {
      this.init.output(new FakeVideoFrame(timestamp, data[0] ?? 0));
    }
  }

  #then(work: () => void) {
    this.#work = this.#work.then(async () => {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.state !== 'closed') work();
    });
  }
}

export function installWebCodecs() {
  vi.stubGlobal('VideoDecoder', FakeVideoDecoder);
  vi.stubGlobal(
    'EncodedVideoChunk',
    class {
      constructor(init: Chunk) {
        Object.assign(this, init);
      }
    },
  );
  decoded.length = 0;
}

export interface FakePacket {
  /** Of its picture. */
  number: number;
  timestamp: number;
  key?: boolean;
  /** A slice that nothing refers to, as H.264 has it. */
  disposable?: boolean;
}

const DURATION = 0.1;

/** A track over packets in decode order, 0.1 s each. `indexed`: it knows beforehand which picture is shown when. */
export class FakeTrack implements PacketTrack {
  readonly shownAs = { displayWidth: 7, displayHeight: 5, rotation: 90 as const, flip: true };
  readonly config = { codec: 'avc1.64001f' };
  readonly seeks: number[] = [];

  constructor(
    private readonly packets: readonly FakePacket[],
    private readonly indexed = true,
    readonly end = Math.max(...packets.map(({ timestamp }) => timestamp)) + DURATION,
    readonly decodeTimes = false,
  ) {}

  async read(): Promise<PacketReader> {
    let at = -1;
    open.readers += 1;
    const packet = (index: number): Packet | null => {
      const found = this.packets[index];
      if (found === undefined) return null;
      const { number, timestamp, key = false, disposable = false } = found;
      return {
        timestamp,
        duration: DURATION,
        key,
        data: new Uint8Array([number, 0, 0, 1, disposable ? 0x01 : 0x41, 0]),
      };
    };
    const keyBefore = (time: number) =>
      Math.max(
        0,
        this.packets.findLastIndex(({ key, timestamp }) => key && timestamp <= time),
      );
    return {
      seek: async (time) => {
        const key = keyBefore(time);
        if (at >= 0 && key < at) return false;
        at = key;
        this.seeks.push(time);
        return true;
      },
      shownAt: async (time) => {
        if (!this.indexed) return null;
        const times = this.packets.map(({ timestamp }) => timestamp).sort((one, other) => one - other);
        const timestamp = times.findLast((start) => start <= time + 1e-6);
        return timestamp === undefined ? null : { timestamp, end: timestamp + DURATION };
      },
      next: async () => {
        at += 1;
        return packet(at - 1);
      },
      nearestKey: async (time) => {
        const found = packet(keyBefore(time));
        return found && { packet: found, exact: found.timestamp + DURATION > time };
      },
      close: () => {
        open.readers -= 1;
      },
    };
  }
}
