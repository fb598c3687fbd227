/** Chooses what reads a file on the disk. */

import { ActionscopeError, type ErrorCode } from '../lib/errors';
import { HEVC } from '../media/codec_names';
import { HEAD_BYTES, identify, isMotionJpeg, isPicture, moves, PICTURE_NAMES } from '../media/container';
import { openFfmpeg } from '../media/ffmpeg_reader';
import type { FrameSource } from '../media/frame_source';
import type { MediaModule, VideoDescription } from '../media/reader_module';
import { unwrap } from '../worker/core_error';
import type { DiskFile } from './disk_file';
import { type FileFacts, openSystemFfmpeg } from './ffmpeg_source';
import type { MediaModules } from './media_modules';

/** Errors of our module that the system's ffmpeg, which knows more kinds of files, may get round. */
const UNKNOWN_KIND: readonly ErrorCode[] = ['not-a-video', 'codec-unsupported'];

const UNKNOWN: FileFacts = { container: null, codec: null, duration: null };

/** Bytes that the first picture of a film of JPEGs has at most. */
const LARGEST_JPEG = 2 ** 25;

const bytesOf = (file: DiskFile, length: number) => file.read(0, Math.min(length, file.size)) ?? new Uint8Array();

/** What is known of a picture file; null for all others. */
function pictureFacts(file: DiskFile): FileFacts | null {
  const head = bytesOf(file, HEAD_BYTES);
  const format = identify(head);
  if (!isPicture(format) || (format === 'jpeg' && isMotionJpeg(bytesOf(file, LARGEST_JPEG)))) return null;
  return { container: PICTURE_NAMES[format], codec: null, duration: moves(format, head) ? null : 0 };
}

/** What the module knows of a file; its duration only where another is to decode it. */
function inspect(module: MediaModule, file: DiskFile): VideoDescription {
  const video = unwrap(module.openVideo(file));
  try {
    if (!video.description().decodable) {
      while (!unwrap(video.measure()));
    }
    return video.description();
  } finally {
    video.delete();
  }
}

/**
 * Opens a file for a model that takes `rate` samples a second (null: its first frames): with our FFmpeg module, or, for pictures
 * and for what only browsers decode, with the system's ffmpeg. Throws ActionscopeErrors. The file stays its opener's to close,
 * after the source.
 */
export async function openClip(file: DiskFile, rate: number | null, modules: MediaModules): Promise<FrameSource> {
  const withFfmpeg = (known: FileFacts) => openSystemFfmpeg(file.path, rate, known);
  const picture = pictureFacts(file);
  if (picture !== null) return withFfmpeg(picture);
  const module = await modules.usual.loaded();
  let facts: VideoDescription;
  try {
    facts = inspect(module, file);
  } catch (reason) {
    if (!(reason instanceof ActionscopeError && UNKNOWN_KIND.includes(reason.code))) throw reason;
    return withFfmpeg(UNKNOWN).catch(() => {
      throw reason;
    });
  }
  const { signal } = new AbortController();
  if (facts.decodable) return openFfmpeg(module, file, signal);
  if (facts.codec === HEVC) return openFfmpeg(await modules.hevc.loaded(), file, signal);
  return withFfmpeg(facts);
}
