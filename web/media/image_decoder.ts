/** Frames of pictures that move (GIF, animated WebP, AVIF sequences), and of those that do not: clips of one frame, 0 s long. */

import { throwIfCancelled, unlessCancelled } from '../lib/cancelled';
import { ActionscopeError } from '../lib/errors';
import { drawnLayout, type Frame, type SampleRequest } from '../lib/frame';
import { HEAD_BYTES, identify, isMotionJpeg, isPicture, moves, PICTURE_NAMES, type PictureFormat } from './container';
import { isGone, requireSize, unreadable } from './file_errors';
import type { FrameSource, SourceDescription, SourcedFrame } from './frame_source';
import { ascendingRows, TOLERANCE } from './sample_time';
import { Unsuited } from './unsuited';
import { takenPixels } from './video_frame';

const undecodable = (name: string) =>
  new ActionscopeError(
    'file-corrupt',
    `This ${name} picture could not be decoded.`,
    'Copy or download it again, and check that other programs show it.',
  );

const unsupported = (name: string) =>
  new ActionscopeError(
    'codec-unsupported',
    `This browser does not decode ${name} pictures here.`,
    'Convert it to MP4, PNG or JPEG, or use another browser.',
  );

function drawnPicture(picture: ImageBitmap): Frame {
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('no 2D canvas');
  context.drawImage(picture, 0, 0);
  return { buffer: context.getImageData(0, 0, width, height).data.buffer, layout: drawnLayout(width, height) };
}

const MICROSECONDS = 1e6;

const endOf = ({ timestamp, duration }: VideoFrame) => (timestamp + (duration ?? 0)) / MICROSECONDS;

async function decoded(decoder: ImageDecoder, frameIndex: number, signal: AbortSignal): Promise<VideoFrame> {
  throwIfCancelled(signal);
  const { image } = await unlessCancelled(decoder.decode({ frameIndex }), signal);
  return image;
}

/** A picture through ImageDecoder: a new one each time, since Firefox's gives a picture once only. */
class ImageDecoderSource implements FrameSource {
  readonly sequential = false;

  private constructor(
    private readonly image: ImageDecoderInit,
    private readonly frameCount: number,
    readonly description: SourceDescription,
  ) {}

  static async open(file: Blob, format: PictureFormat, signal: AbortSignal): Promise<FrameSource> {
    const name = PICTURE_NAMES[format];
    const type = `image/${format}`;
    if (!(await ImageDecoder.isTypeSupported(type))) throw unsupported(name);
    const image = { data: await bytesOf(file), type };
    const decoder = new ImageDecoder(image);
    try {
      await unlessCancelled(decoder.tracks.ready, signal);
      await unlessCancelled(decoder.completed, signal);
      const frameCount = decoder.tracks.selectedTrack?.frameCount ?? 0;
      if (frameCount < 1) throw undecodable(name);
      const last = await decoded(decoder, frameCount - 1, signal);
      const { displayWidth: width, displayHeight: height } = last;
      const duration = frameCount > 1 ? endOf(last) : 0;
      last.close();
      requireSize(width, height);
      const description = { duration, width, height, source: 'image-decoder' as const, container: name, codec: null };
      return new ImageDecoderSource(image, frameCount, description);
    } catch (reason) {
      throw reason instanceof ActionscopeError ? reason : undecodable(name);
    } finally {
      decoder.close();
    }
  }

  async *frames(requests: readonly SampleRequest[], signal: AbortSignal): AsyncGenerator<SourcedFrame> {
    for (const row of ascendingRows(requests)) yield* this.#row(row, signal);
  }

  async close(): Promise<void> {}

  async *#row(row: readonly SampleRequest[], signal: AbortSignal): AsyncGenerator<SourcedFrame> {
    const decoder = new ImageDecoder(this.image);
    let index = 0;
    let current: VideoFrame | undefined;
    let served = false;
    try {
      current = await decoded(decoder, index, signal);
      for (const { sample, time } of row) {
        // NaN asks for the next picture.
        while (index + 1 < this.frameCount && (Number.isNaN(time) ? served : endOf(current) <= time + TOLERANCE)) {
          index += 1;
          served = false;
          const next = await decoded(decoder, index, signal);
          current.close();
          current = next;
        }
        if (Number.isNaN(time) && served) return;
        served = true;
        yield { sample, timestamp: current.timestamp / MICROSECONDS, frame: await takenPixels(current.clone()) };
      }
    } finally {
      current?.close();
      decoder.close();
    }
  }
}

/** A picture that does not move, in a browser without ImageDecoder. */
class StillSource implements FrameSource {
  readonly sequential = false;

  constructor(
    private readonly picture: ImageBitmap,
    readonly description: SourceDescription,
  ) {}

  async *frames(requests: readonly SampleRequest[], signal: AbortSignal): AsyncGenerator<SourcedFrame> {
    for (const { sample } of requests) {
      throwIfCancelled(signal);
      yield { sample, timestamp: 0, frame: drawnPicture(this.picture) };
    }
  }

  async close(): Promise<void> {
    this.picture.close();
  }
}

async function openStill(file: Blob, format: PictureFormat, head: Uint8Array): Promise<FrameSource> {
  const name = PICTURE_NAMES[format];
  if (moves(format, head)) throw unsupported(name);
  const picture = await createImageBitmap(file).catch((reason) => {
    throw isGone(reason) ? unreadable() : undecodable(name);
  });
  const { width, height } = picture;
  requireSize(width, height);
  const description = { duration: 0, width, height, source: 'image-decoder' as const, container: name, codec: null };
  return new StillSource(picture, description);
}

async function bytesOf(file: Blob): Promise<ArrayBuffer> {
  return file.arrayBuffer().catch(() => {
    throw unreadable();
  });
}

/** Opens a picture. Throws Unsuited for what is none, and ActionscopeErrors. */
export async function openImageDecoder(file: Blob, signal: AbortSignal): Promise<FrameSource> {
  const head = new Uint8Array(await bytesOf(file.slice(0, HEAD_BYTES)));
  const format = identify(head);
  if (!isPicture(format)) throw new Unsuited();
  if (format === 'jpeg' && isMotionJpeg(new Uint8Array(await bytesOf(file)))) throw new Unsuited();
  if ('ImageDecoder' in globalThis) return ImageDecoderSource.open(file, format, signal);
  return openStill(file, format, head);
}
