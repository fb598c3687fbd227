/** Frames of a file through the system's ffmpeg, decoded in another process and never all in memory. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { throwIfCancelled } from '../lib/cancelled';
import { ActionscopeError } from '../lib/errors';
import { type SampleRequest, shownSize } from '../lib/frame';
import { undecodable } from '../media/file_errors';
import type { FrameSource, SourceDescription, SourcedFrame } from '../media/frame_source';
import { rawFormat, rawLayout } from './picture_geometry';
import { type ClipFacts, probeClip } from './probe';
import { ffmpegMissing, isNotFound } from './process';

/** Times closer than this, in seconds, are the same moment. */
const TOLERANCE = 1e-6;

/** Seconds that a video track may end before it promised to without counting as broken. */
const EARLY_END_TOLERANCE = 0.5;

/** Place in the chain of filters of the showinfo that sees what is decoded. */
const DECODED = 1;

type Ffmpeg = ChildProcessByStdio<null, Readable, Readable>;

/** ffmpeg's `between` terms for the numbers of an ascending list. */
export function selection(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => `between(n,${from},${to})`).join('+');
}

/**
 * What ffmpeg prints while it decodes: the start times of its frames, in seconds from the start of the file, as two `showinfo`
 * filters see them, one before and one behind the filter that lets the last frame stand.
 */
class DecodedTimes {
  readonly #times: number[] = [];
  readonly #errors: string[] = [];
  /** How far the second filter has come. */
  #reached = Number.NEGATIVE_INFINITY;
  #text = '';
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(stderr: Readable) {
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => this.#read(text));
    stderr.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Of the frame shown at `time`, once that is settled. */
  async shownAt(time: number): Promise<number> {
    await this.#until(() => this.#reached > time + TOLERANCE);
    return this.#times.findLast((start) => start <= time + TOLERANCE) ?? this.#times[0] ?? 0;
  }

  /** Of the frame with that number, once it is known; undefined if there is none. */
  async nth(index: number): Promise<number | undefined> {
    await this.#until(() => this.#times.length > index);
    return this.#times[index];
  }

  get last(): number | undefined {
    return this.#times.at(-1);
  }

  /** All that ffmpeg complained of, once it has ended. */
  async complaints(): Promise<string> {
    await this.#until(() => false);
    return this.#errors.join('\n');
  }

  async #until(known: () => boolean): Promise<void> {
    while (!this.#ended && !known()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #read(text: string): void {
    const lines = (this.#text + text).split(/[\r\n]+/);
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      // The time base is set to microseconds; the time that is printed has but six digits.
      const [, filter, pts] = /Parsed_showinfo_(\d+) .* n: *\d+ pts: *(-?\d+) /.exec(line) ?? [];
      if (Number(filter) === DECODED) this.#times.push(Number(pts) / 1e6);
      else if (filter !== undefined) this.#reached = Number(pts) / 1e6;
      else if (/\[(error|fatal)\]/.test(line)) this.#errors.push(line);
    }
    this.#wake();
  }
}

/** Cuts a stream into pieces of `bytes` bytes, each in memory of its own. A rest is dropped. */
export async function* pieces(stream: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<ArrayBuffer> {
  let piece = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(bytes - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled === bytes) {
        yield piece.buffer;
        piece = new Uint8Array(bytes);
        filled = 0;
      }
    }
  }
}

class FfmpegSource implements FrameSource {
  readonly sequential = true;
  readonly description: SourceDescription;
  readonly #running = new Set<Ffmpeg>();

  constructor(
    private readonly path: string,
    private readonly facts: ClipFacts,
    private readonly rate: number | null,
    { container, codec, duration }: FileFacts & { duration: number },
  ) {
    const { layout } = rawLayout(facts.picture);
    this.description = { duration, ...shownSize(layout), source: 'ffmpeg', container, codec };
  }

  async *frames(requests: readonly SampleRequest[], signal: AbortSignal): AsyncGenerator<SourcedFrame> {
    throwIfCancelled(signal);
    const { layout, bytes } = rawLayout(this.facts.picture);
    const child = this.#start(requests);
    const stop = () => child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    const failed = new Promise<never>((_, reject) => {
      child.on('error', (reason) => reject(isNotFound(reason) ? ffmpegMissing() : reason));
    });
    failed.catch(() => undefined);
    const times = new DecodedTimes(child.stderr);
    const buffers = pieces(child.stdout, bytes);
    let delivered = 0;
    try {
      for (const { sample, time } of requests) {
        const { value: buffer } = await Promise.race([buffers.next(), failed]);
        throwIfCancelled(signal);
        const timestamp = Number.isNaN(time) ? await times.nth(sample) : await this.#shownAt(times, time);
        if (buffer === undefined || timestamp === undefined) break;
        delivered += 1;
        yield { sample, timestamp, frame: { buffer, layout } };
      }
      if (delivered === 0) throw nothingDecoded(await times.complaints());
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      this.#running.delete(child);
      await buffers.return(undefined);
    }
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  /** Starts ffmpeg so that only the frames asked for, in a format that the core reads, cross the pipe. */
  #start(requests: readonly SampleRequest[]): Ffmpeg {
    const { picture, track } = this.facts;
    const convert = `scale=in_color_matrix=${picture.matrix}:flags=bicubic+accurate_rnd+full_chroma_int`;
    const filters = [
      'settb=AVTB',
      'showinfo=checksum=0',
      ...this.#resampling(requests),
      `select='${selection(requests.map(({ sample }) => sample))}'`,
      ...(rawFormat(picture) === 'rgba' ? [convert] : []),
    ];
    const child = spawn(
      'ffmpeg',
      [
        ...['-nostdin', '-hide_banner', '-nostats', '-v', 'level+info', '-noautorotate', '-i', `file:${this.path}`],
        ...['-map', `0:${track}`, '-vf', filters.join(','), '-fps_mode', 'passthrough'],
        ...['-frames:v', String(requests.length), '-pix_fmt', rawFormat(picture), '-f', 'rawvideo', 'pipe:1'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#running.add(child);
    return child;
  }

  /**
   * `fps` with `round=up` gives, at each sample's time, the last frame that starts no later. `tpad` lets the last frame stand to
   * the end of the file, should the sound be longer.
   */
  #resampling(requests: readonly SampleRequest[]): string[] {
    const [first] = requests;
    if (this.rate === null || first === undefined) return [];
    const { duration } = this.description;
    const { videoEnd } = this.facts;
    const start = first.time - first.sample / this.rate;
    const stand = Math.max(0, duration - (videoEnd ?? 0)) + 1;
    return [
      `tpad=stop_mode=clone:stop_duration=${stand.toFixed(3)}`,
      'showinfo=checksum=0',
      `fps=fps=${this.rate}:start_time=${start.toFixed(6)}:round=up`,
    ];
  }

  /** Of the frame shown at `time`; undefined past the place where the video track broke off. */
  async #shownAt(times: DecodedTimes, time: number): Promise<number | undefined> {
    const timestamp = await times.shownAt(time);
    const { videoEnd, frameDuration } = this.facts;
    const end = (times.last ?? 0) + frameDuration;
    const broken = end + EARLY_END_TOLERANCE < (videoEnd ?? this.description.duration);
    return broken && time >= end ? undefined : timestamp;
  }
}

/** Why ffmpeg gave no frame at all. */
function nothingDecoded(complaints: string): ActionscopeError {
  if (/decoder .*not found|could not find codec/i.test(complaints)) {
    return new ActionscopeError(
      'codec-unsupported',
      "This ffmpeg cannot decode the video's codec.",
      'Install a full ffmpeg.',
    );
  }
  return undecodable();
}

/** What is known of a file from elsewhere; null where it is not. The duration is in seconds. */
export interface FileFacts {
  container: string | null;
  codec: string | null;
  duration: number | null;
}

/**
 * Opens a file for a model that takes `rate` samples a second (null: its first frames). Throws ActionscopeErrors: `file-corrupt`,
 * `not-a-video`, `no-video-track`, `codec-unsupported`, `ffmpeg-missing`.
 */
export async function openSystemFfmpeg(path: string, rate: number | null, known: FileFacts): Promise<FrameSource> {
  const facts = await probeClip(path);
  const duration = known.duration ?? facts.duration;
  if (duration === null) {
    throw new ActionscopeError('file-corrupt', 'The length of this video cannot be told.', 'Convert it and try again.');
  }
  return new FfmpegSource(path, facts, rate, { ...known, duration });
}
