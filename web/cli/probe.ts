/** What ffprobe knows of a file. */

import { ActionscopeError } from '../lib/errors';
import { damaged, soundOnly } from '../media/file_errors';
import { matrixOf, type Picture, turnOf } from './picture_geometry';
import { run } from './process';

export interface ClipFacts {
  /** Index of the video track among the file's tracks. */
  track: number;
  /** Seconds: of the whole file, and the end of its video track; null where the file does not tell it. */
  duration: number | null;
  videoEnd: number | null;
  /** Seconds that a frame usually lasts. */
  frameDuration: number;
  picture: Picture;
}

interface ProbedStream {
  index: number;
  codec_type?: string;
  codec_name?: string;
  codec_tag_string?: string;
  pix_fmt?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  color_space?: string;
  color_range?: string;
  avg_frame_rate?: string;
  start_time?: string;
  duration?: string;
  tags?: Record<string, string>;
  disposition?: { attached_pic?: number };
  side_data_list?: { displaymatrix?: string }[];
}

interface Probed {
  format?: { duration?: string; start_time?: string };
  streams?: ProbedStream[];
}

const notAVideo = () => new ActionscopeError('not-a-video', 'This file is not a video.', 'Choose a video file.');

/** A number, or a fraction like 30000/1001 or 4:3; null for anything else. */
export function fraction(text: string | undefined): number | null {
  const [above, below = 1] = (text ?? '').split(/[/:]/).map(Number);
  const value = (above as number) / below;
  return text && Number.isFinite(value) && value > 0 ? value : null;
}

function seconds(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) ? value : null;
}

/**
 * Seconds from the start of the file, which begins at `start` of its timeline, to the end of a track. Matroska keeps that end in
 * a tag ("00:00:04.200000000").
 */
function trackEnd(stream: ProbedStream, start: number): number | null {
  const tagged = /^(\d+):(\d+):([\d.]+)$/.exec(stream.tags?.DURATION ?? '');
  if (tagged !== null) {
    const [hours = 0, minutes = 0, rest = 0] = tagged.slice(1).map(Number);
    return hours * 3600 + minutes * 60 + rest - start;
  }
  const duration = seconds(stream.duration);
  return duration === null ? null : (seconds(stream.start_time) ?? start) - start + duration;
}

async function ffprobe(path: string, args: readonly string[]): Promise<Probed> {
  const { stdout, status } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...args, '-i', `file:${path}`]);
  if (status !== 0) throw notAVideo();
  return JSON.parse(stdout.toString()) as Probed;
}

function videoStream(streams: ProbedStream[]): ProbedStream {
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic);
  if (video !== undefined) return video;
  if (streams.some((stream) => stream.codec_type === 'audio')) {
    throw soundOnly();
  }
  throw notAVideo();
}

function pictureOf(stream: ProbedStream): Picture {
  const { width = 0, height = 0, pix_fmt: pixelFormat } = stream;
  if (stream.codec_name === undefined || stream.codec_name === 'unknown') {
    throw new ActionscopeError(
      'codec-unsupported',
      `This ffmpeg does not know the video's codec (${stream.codec_tag_string ?? 'unnamed'}).`,
    );
  }
  if (pixelFormat === undefined || width < 1 || height < 1) {
    throw damaged();
  }
  const displayMatrix = stream.side_data_list?.find((data) => data.displaymatrix !== undefined)?.displaymatrix;
  return {
    pixelFormat,
    width,
    height,
    pixelAspect: fraction(stream.sample_aspect_ratio) ?? 1,
    turn: displayMatrix === undefined ? { rotation: 0, flip: false } : turnOf(displayMatrix),
    matrix: matrixOf(stream.color_space, height),
    range: stream.color_range === 'pc' || pixelFormat.startsWith('yuvj') ? 'full' : 'limited',
  };
}

/** Throws ActionscopeErrors: `file-corrupt`, `not-a-video`, `no-video-track`, `codec-unsupported`, `ffmpeg-missing`. */
export async function probeClip(path: string): Promise<ClipFacts> {
  const { format, streams = [] } = await ffprobe(path, ['-show_format', '-show_streams']);
  const stream = videoStream(streams);
  const picture = pictureOf(stream);
  const start = seconds(format?.start_time) ?? 0;
  return {
    track: stream.index,
    duration: seconds(format?.duration),
    videoEnd: trackEnd(stream, start),
    frameDuration: 1 / (fraction(stream.avg_frame_rate) ?? 25),
    picture,
  };
}
