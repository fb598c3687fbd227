/** Chooses what reads a file: tries one source after the other, and keeps the most telling of their errors. */

import { throwIfCancelled } from '../lib/cancelled';
import { ActionscopeError, type ErrorCode } from '../lib/errors';
import { HEVC } from './codec_names';
import { damaged, emptyFile, unreadable } from './file_errors';
import type { FrameSource } from './frame_source';
import { Unsuited } from './unsuited';

/**
 * Opens a file. `codec`: that of the file, in words, where sources that were tried before knew it. Throws Unsuited where that is for
 * another source to do, and ActionscopeErrors.
 */
export type Opener = (file: Blob, signal: AbortSignal, codec: string | null) => Promise<FrameSource>;

/** Errors that no other source would get round. */
const FINAL: readonly ErrorCode[] = [
  'cancelled',
  'closed',
  'file-empty',
  'file-unreadable',
  'file-encrypted',
  'no-video-track',
  'frame-too-large',
];

/** The others, from the most telling to the least. */
const TELLING: readonly ErrorCode[] = [
  'out-of-memory',
  'clip-empty',
  'engine-failed',
  'codec-unsupported',
  'file-corrupt',
  'not-a-video',
  'worker-died',
];

function rank(code: ErrorCode): number {
  const place = TELLING.indexOf(code);
  return place < 0 ? TELLING.length : place;
}

/** What all sources that were tried said. */
export class Refused extends ActionscopeError {
  /** `codec`: that of the file, in words, where any of them knew it. */
  constructor(
    { code, message, hint }: Pick<ActionscopeError, 'code' | 'message' | 'hint'>,
    readonly codec: string | null,
  ) {
    super(code, message, hint);
  }
}

/** Collects why sources did not open a file. */
class Refusals {
  codec: string | null = null;
  #best: ActionscopeError | undefined;

  /** Throws what is final, or no refusal at all. */
  add(reason: unknown): void {
    if (reason instanceof Unsuited) {
      this.codec ??= reason.codec;
      return;
    }
    if (!(reason instanceof ActionscopeError) || FINAL.includes(reason.code)) throw reason;
    if (reason instanceof Refused) this.codec ??= reason.codec;
    // Of equally telling ones the first counts: it comes from the source that suits the file best.
    if (this.#best === undefined || rank(reason.code) < rank(this.#best.code)) this.#best = reason;
  }

  /** Refused, or Unsuited where none of them said what is wrong. */
  get all(): Error {
    return this.#best === undefined ? new Unsuited(this.codec) : new Refused(this.#best, this.codec);
  }
}

/** Tries openers in turn. Throws Refused, Unsuited, or an ActionscopeError that is final. */
export async function openFirst(openers: readonly Opener[], file: Blob, signal: AbortSignal): Promise<FrameSource> {
  const refusals = new Refusals();
  for (const open of openers) {
    throwIfCancelled(signal);
    try {
      return await open(file, signal, refusals.codec);
    } catch (reason) {
      refusals.add(reason);
    }
  }
  throw refusals.all;
}

/** What a page opens files with. */
export interface PageOpeners {
  /** All sources of the media worker but the decoder of HEVC. */
  inWorker: Opener;
  element(file: Blob, signal: AbortSignal): Promise<FrameSource>;
  /** Whether the browser says that its `<video>` plays HEVC. */
  elementPlaysHevc(): boolean;
  /** The media worker's decoder of HEVC, which is large, and fetched for such files only. */
  hevcInWorker: Opener;
}

const hevcUnplayable = () =>
  new ActionscopeError(
    'codec-unsupported',
    `This browser does not play ${HEVC} video, and it could not be decoded here.`,
    'On the iPhone choose Settings > Camera > Formats > Most Compatible before filming, or convert the file to MP4 with H.264 video.',
  );

/** Opens a file. Throws ActionscopeErrors. */
export async function openOnPage(openers: PageOpeners, file: Blob, signal: AbortSignal): Promise<FrameSource> {
  if (file.size === 0) {
    // So is the size of a file that was gone before it could be looked at.
    await file.arrayBuffer().catch(() => {
      throw unreadable();
    });
    throw emptyFile();
  }
  const { inWorker, element, elementPlaysHevc, hevcInWorker } = openers;
  const elementNext: Opener = async (video, ending, codec) => {
    if (codec === HEVC && !elementPlaysHevc()) throw new Unsuited();
    return element(video, ending);
  };
  const hevcLast: Opener = async (video, ending, codec) => {
    if (codec !== HEVC) throw new Unsuited();
    return hevcInWorker(video, ending, codec);
  };
  return openFirst([inWorker, elementNext, hevcLast], file, signal).catch((reason) => {
    if (!(reason instanceof Refused || reason instanceof Unsuited)) throw reason;
    const unplayable = reason instanceof Unsuited || reason.code === 'codec-unsupported';
    if (reason.codec === HEVC && unplayable) throw hevcUnplayable();
    throw reason instanceof Unsuited ? damaged() : reason;
  });
}
