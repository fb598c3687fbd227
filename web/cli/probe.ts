/** What ffprobe knows of a file. */

import { open, stat } from 'node:fs/promises';
import { ActionscopeError } from '../lib/errors';
import { HEAD_BYTES, identify } from '../media/container';
import { matrixOf, type Picture, turnOf } from './picture_geometry';
import { run } from './process';

export interface ClipFacts {
  /** Bytes of the file. */
  size: number;
  /** Index of the video track among the file's tracks. */
  track: number;
  /** Seconds: of the whole file; and the end of its video track, where the file tells it. */
  duration: number;
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
  packets?: { pts_time?: string; duration_time?: string }[];
}

const notAVideo = () => new ActionscopeError('not-a-video', 'This file is not a video.', 'Choose a video file.');

const damaged = () =>
  new ActionscopeError('file-corrupt', 'This file is damaged or incomplete.', 'Copy or download it again.');

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

/** The length of a track: its own, or the tag in which Matroska keeps it ("00:00:04.200000000"). */
function trackDuration(stream: ProbedStream): number | null {
  const tagged = /^(\d+):(\d+):([\d.]+)$/.exec(stream.tags?.DURATION ?? '');
  if (tagged === null) return seconds(stream.duration);
  const [hours = 0, minutes = 0, rest = 0] = tagged.slice(1).map(Number);
  return hours * 3600 + minutes * 60 + rest;
}

/** Seconds from the start of the file, which begins at `start` of its timeline, to the end of a track. */
function trackEnd(stream: ProbedStream, start: number): number | null {
  const duration = trackDuration(stream);
  return duration === null ? null : (seconds(stream.start_time) ?? start) - start + duration;
}

/** The end of the last track, as browsers have it: a container's own figure can be longer. Null if any track does not tell. */
function longestTrack(streams: ProbedStream[], start: number): number | null {
  const ends = streams
    .filter((stream) => stream.codec_type === 'video' || stream.codec_type === 'audio')
    .map((stream) => trackEnd(stream, start));
  return ends.reduce((longest, end) => (longest === null || end === null ? null : Math.max(longest, end)), 0);
}

async function fileSize(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) {
      if (found.size > 0) return found.size;
      throw new ActionscopeError('file-empty', 'This file is empty.', 'Copy or download it again.');
    }
  } catch (reason) {
    if (reason instanceof ActionscopeError) throw reason;
  }
  throw new ActionscopeError('file-unreadable', 'There is no such file, or it may not be read.');
}

/** Why ffmpeg could not open a file: it begins like a video, or it does not. */
async function openError(path: string): Promise<ActionscopeError> {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(head);
    if (identify(head.subarray(0, bytesRead)) === 'other') return notAVideo();
    return damaged();
  } finally {
    await file.close();
  }
}

async function ffprobe(path: string, args: readonly string[]): Promise<Probed> {
  const { stdout, status } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...args, '-i', `file:${path}`]);
  if (status !== 0) throw await openError(path);
  return JSON.parse(stdout.toString()) as Probed;
}

/** The end of the last packet, for files that do not tell how long they are. */
async function lastPacketEnd(path: string, track: number, start: number): Promise<number> {
  const { packets = [] } = await ffprobe(path, [
    '-select_streams',
    String(track),
    '-show_entries',
    'packet=pts_time,duration_time',
  ]);
  const ends = packets.map((packet) => (seconds(packet.pts_time) ?? start) + (seconds(packet.duration_time) ?? 0));
  return ends.reduce((latest, end) => Math.max(latest, end), start) - start;
}

function videoStream(streams: ProbedStream[]): ProbedStream {
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic);
  if (video !== undefined) return video;
  if (streams.some((stream) => stream.codec_type === 'audio')) {
    throw new ActionscopeError(
      'no-video-track',
      'This file has sound but no picture.',
      'Choose a file with a video in it.',
    );
  }
  throw notAVideo();
}

function pictureOf(stream: ProbedStream): Picture {
  const { width = 0, height = 0, pix_fmt: pixelFormat } = stream;
  if (stream.codec_tag_string === 'encv') {
    throw new ActionscopeError('file-encrypted', 'This video is encrypted.', 'Choose a copy without copy protection.');
  }
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

/** Throws ActionscopeErrors: `file-*`, `not-a-video`, `no-video-track`, `codec-unsupported`, `ffmpeg-missing`. */
export async function probeClip(path: string): Promise<ClipFacts> {
  const size = await fileSize(path);
  const { format, streams = [] } = await ffprobe(path, ['-show_format', '-show_streams']);
  const stream = videoStream(streams);
  const picture = pictureOf(stream);
  const start = seconds(format?.start_time) ?? 0;
  const duration = longestTrack(streams, start) ?? seconds(format?.duration);
  return {
    size,
    track: stream.index,
    duration: duration ?? (await lastPacketEnd(path, stream.index, start)),
    videoEnd: trackEnd(stream, start),
    frameDuration: 1 / (fraction(stream.avg_frame_rate) ?? 25),
    picture,
  };
}
