/** Why a browser does not play a file, in words. */

import { ActionscopeError } from '../lib/errors';
import { H264, HEVC } from './codec_names';
import { HEAD_BYTES, identify, matroskaCodecs } from './container';
import { damaged, emptyFile, soundOnly, unreadable } from './file_errors';
import { mp4Tracks } from './mp4';

const CONVERT = 'Convert it to MP4 with H.264 video, for example with VLC or HandBrake, or use the command line.';

/** What a codec's identifier stands for, and a type that asks a browser whether it plays it. */
interface Codec {
  name: string;
  type: string;
}

const MP4_CODECS: Record<string, Codec> = {
  avc1: { name: H264, type: 'video/mp4; codecs="avc1.42E01E"' },
  avc3: { name: H264, type: 'video/mp4; codecs="avc1.42E01E"' },
  hvc1: { name: HEVC, type: 'video/mp4; codecs="hvc1.1.6.L93.B0"' },
  hev1: { name: HEVC, type: 'video/mp4; codecs="hev1.1.6.L93.B0"' },
  av01: { name: 'AV1', type: 'video/mp4; codecs="av01.0.04M.08"' },
  vp09: { name: 'VP9', type: 'video/mp4; codecs="vp09.00.10.08"' },
  mp4v: { name: 'MPEG-4 Part 2', type: 'video/mp4; codecs="mp4v.20.8"' },
  dvh1: { name: 'Dolby Vision', type: 'video/mp4; codecs="dvh1.05.01"' },
  apch: { name: 'ProRes', type: 'video/quicktime; codecs="apch"' },
  apcn: { name: 'ProRes', type: 'video/quicktime; codecs="apcn"' },
  jpeg: { name: 'Motion JPEG', type: 'video/quicktime; codecs="jpeg"' },
};

const MATROSKA_CODECS: Record<string, Codec> = {
  V_VP8: { name: 'VP8', type: 'video/webm; codecs="vp8"' },
  V_VP9: { name: 'VP9', type: 'video/webm; codecs="vp9"' },
  V_AV1: { name: 'AV1', type: 'video/webm; codecs="av01.0.04M.08"' },
  'V_MPEG4/ISO/AVC': { name: H264, type: 'video/x-matroska; codecs="avc1.42E01E"' },
  'V_MPEGH/ISO/HEVC': { name: HEVC, type: 'video/x-matroska; codecs="hvc1.1.6.L93.B0"' },
  'V_MPEG4/ISO/ASP': { name: 'MPEG-4 Part 2', type: 'video/x-matroska; codecs="mp4v.20.8"' },
};

const unsupportedCodec = (name: string) =>
  new ActionscopeError('codec-unsupported', `This browser does not play ${name} video.`, CONVERT);

/** Refused although the codec, if it is known, plays here: then something is wrong with the file. */
function refusedCodec(
  codec: Codec | undefined,
  identifier: string,
  plays: (type: string) => boolean,
): ActionscopeError {
  if (codec !== undefined && plays(codec.type)) return damaged();
  return unsupportedCodec(codec?.name ?? identifier);
}

async function refusedMp4(file: Blob, plays: (type: string) => boolean): Promise<ActionscopeError> {
  const tracks = await mp4Tracks(file);
  if (tracks === null || tracks.length === 0) return damaged();
  const picture = tracks.find((track) => track.handler === 'vide');
  if (picture === undefined) return soundOnly();
  if (picture.codec === 'encv') {
    return new ActionscopeError('file-encrypted', 'This video is encrypted.', 'Choose a copy without copy protection.');
  }
  return refusedCodec(MP4_CODECS[picture.codec], picture.codec, plays);
}

function refusedMatroska(head: Uint8Array, plays: (type: string) => boolean): ActionscopeError {
  const codecs = matroskaCodecs(head);
  const picture = codecs.find((codec) => codec.startsWith('V_'));
  if (picture !== undefined) return refusedCodec(MATROSKA_CODECS[picture], picture, plays);
  return codecs.length > 0 ? soundOnly() : damaged();
}

/**
 * The error of a file that shows no picture. `plays`: whether the browser says that it plays a type. Resolves to the error; never
 * rejects.
 */
export async function refusal(file: Blob, plays: (type: string) => boolean): Promise<ActionscopeError> {
  try {
    if (file.size === 0) return emptyFile();
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    const container = identify(head);
    if (container === 'mp4') return await refusedMp4(file, plays);
    if (container === 'matroska') return refusedMatroska(head, plays);
    if (container === 'sound') return soundOnly();
    if (container !== 'other') return damaged();
    return new ActionscopeError(
      'not-a-video',
      'This file is not a video.',
      'Choose a video file, such as MP4, MOV, AVI or WebM.',
    );
  } catch {
    // Blobs of files that were moved, deleted or locked since they were chosen cannot be read.
    return unreadable();
  }
}
