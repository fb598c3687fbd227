/** The FFmpeg modules in Node, as the command line uses them. */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CreateMediaModule, MediaModule, ReadableFile, Video } from '../../../web/media/reader_module';
import type { Outcome } from '../../../web/worker/wasm_module';
import type { Shown } from './corpus_truth';
import { readCode } from './frame_code';

const built = (name: string) => fileURLToPath(new URL(`../../../build/wasm/src/wasm/${name}`, import.meta.url));

/** `actionscope_media`, or the one for HEVC. */
export async function loadModule(name: 'actionscope_media' | 'actionscope_media_hevc'): Promise<MediaModule> {
  const { default: create }: { default: CreateMediaModule } = await import(built(`${name}.mjs`));
  return create({ wasmBinary: readFileSync(built(`${name}.wasm`)) });
}

/** A file on the disk, and how many of its bytes were read. */
export class DiskFile implements ReadableFile {
  readonly size: number;
  bytesRead = 0;
  readonly #handle: number;

  constructor(path: string) {
    this.#handle = openSync(path, 'r');
    this.size = fstatSync(this.#handle).size;
  }

  read(offset: number, length: number): Uint8Array {
    const buffer = new Uint8Array(length);
    const bytes = readSync(this.#handle, buffer, 0, length, offset);
    this.bytesRead += bytes;
    return buffer.subarray(0, bytes);
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** A file in memory. */
export function inMemory(bytes: Uint8Array): ReadableFile {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Steps that a single call may need at most; more is taken for a hang. */
const MOST_STEPS = 100_000;

/** Calls bounded steps until the state is another than `working`; an error's code is thrown. */
export function stepped<T>(step: () => Outcome<T>, working: T): T {
  for (let steps = 0; steps < MOST_STEPS; ++steps) {
    const { value, error } = step();
    if (error !== undefined) throw new CodedError(error.code, error.message);
    if (value !== working) return value as T;
  }
  throw new Error('it does not end');
}

export class CodedError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Opens a file and measures it. What is thrown is a CodedError. */
export function open(module: MediaModule, file: ReadableFile): Video {
  const { value: video, error } = module.openVideo(file);
  if (error !== undefined) throw new CodedError(error.code, error.message);
  try {
    stepped(() => video.measure(), false);
    return video;
  } catch (reason) {
    video.delete();
    throw reason;
  }
}

/** The frame at a time; null where the file has ended. */
export function frameAt(video: Video, time: number) {
  video.aim(time);
  if (stepped(() => video.step(), 'working') === 'end') return null;
  const { value, error } = video.frame();
  if (error !== undefined) throw new CodedError(error.code, error.message);
  return value;
}

/** What is shown at a time; null where the file has ended. */
export function shownAt(video: Video, time: number): Shown | null {
  const frame = frameAt(video, time);
  return frame && { time, timestamp: frame.timestamp, code: readCode(frame.bytes, frame.layout) };
}
