/** What is true of the files of the corpus, as its index says it, and how to compare with that. */

import type { ErrorCode } from '../../../web/lib/errors';
import type { ColorMatrix, ColorRange, Rotation } from '../../../web/lib/frame';
import type { FrameSourceName } from '../../../web/lib/types';

interface AnyFile {
  name: string;
  bytes: number;
  /** ffmpeg's short names; null for what is no video. */
  container: string | null;
  codec: string | null;
  /** What is special about it. */
  title: string;
  features: string[];
  /** Files of one family show the very same pictures at the same times. */
  family: string | null;
}

/** A file of which nothing can be shown. */
export interface RefusedFile extends AnyFile {
  error: ErrorCode;
}

export interface ReadableFile extends AnyFile {
  error: null;
  /** What the FFmpeg module does with it: `hevc` is the second module's, `none` is never given to it. */
  module: 'decodes' | 'demuxes' | 'hevc' | 'none';
  /** What Chromium's page may choose. */
  sources: FrameSourceName[];
  /** Null: both are right. */
  endsEarly: boolean | null;
  /** Seconds; null where the file tells no length, or a wrong one. */
  duration: number | null;
  durationTolerance: number;
  storedWidth: number;
  storedHeight: number;
  /** After pixel aspect, before rotation. */
  displayWidth: number;
  displayHeight: number;
  /** As shown, upright. */
  width: number;
  height: number;
  rotation: Rotation;
  flip: boolean;
  /** ffmpeg's name of the format of its pixels; null, and no more is said, of what it does not read. */
  pixelFormat: string | null;
  matrix?: ColorMatrix;
  range?: ColorRange;
  /** When each picture begins, and the number that it shows; null: anything. */
  times: number[];
  codes: (number | null)[];
  /** How far all times may be shifted. */
  timeTolerance: number;
}

export type CorpusFile = ReadableFile | RefusedFile;

/** The model's sample times of a clip: 10 a second. */
export function sampleTimes(duration: number): number[] {
  const samples = Math.max(1, Math.ceil(duration * 10 - 0.5));
  return Array.from({ length: samples }, (_, index) => (index + 0.5) / 10);
}

/** A picture as a source delivered it: asked for, begun at, and the number read from it. */
export interface Shown {
  time: number;
  timestamp: number;
  code: number | null;
}

/** Of the picture that is to be shown at a time. */
function shownAt({ times }: ReadableFile, time: number): number {
  return Math.max(
    0,
    times.findLastIndex((start) => start <= time + 1e-6),
  );
}

/** Whether it is known what is shown at a time. */
export function isSure(file: ReadableFile, time: number): boolean {
  return file.codes[shownAt(file, time)] !== null;
}

/** What is wrong with delivered pictures, in words; empty if nothing is. */
export function mistakes(file: ReadableFile, shown: readonly Shown[]): string[] {
  // Where a broken file's clip starts is open; then all its times are shifted alike.
  const [{ timestamp, code } = { timestamp: 0, code: null }] = shown;
  const open = file.timeTolerance > 0.01 && code !== null;
  const shift = open ? timestamp - (file.times[file.codes.indexOf(code)] ?? Number.NaN) : 0;
  const said: string[] = [];
  if (!(Math.abs(shift) <= file.timeTolerance)) said.push(`starts ${shift} s late`);
  for (const each of shown) {
    const index = shownAt(file, each.time - shift);
    const expected = file.codes[index];
    if (expected === null) continue;
    const start = (file.times[index] ?? Number.NaN) + shift;
    if (each.code !== expected) said.push(`at ${each.time} shows ${each.code}, not ${expected}`);
    if (!(Math.abs(each.timestamp - start) <= 0.001))
      said.push(`at ${each.time} began ${each.timestamp}, not ${start}`);
  }
  return said;
}
