import { ActionscopeError } from '../lib/errors';
import type { Frame } from '../lib/frame';
import { type Picture, rawLayout } from './picture_geometry';
import { run } from './process';

/** ffmpeg turns a still upright itself and converts it, since pictures come in many formats. */
const ARGUMENTS = ['-frames:v', '1', '-vf', 'showinfo=checksum=0', '-pix_fmt', 'rgba', '-f', 'rawvideo', 'pipe:1'];

/** The size that `showinfo` prints of the first frame. */
function printedSize(stderr: string): { width: number; height: number } | undefined {
  const [, width, height] = /showinfo.* s:(\d+)x(\d+) /.exec(stderr) ?? [];
  return width === undefined || height === undefined ? undefined : { width: Number(width), height: Number(height) };
}

/** Reads a picture file through ffmpeg. Throws `not-a-video` where it is none. */
export async function readStill(path: string): Promise<Frame> {
  const input = ['-nostdin', '-hide_banner', '-nostats', '-v', 'info', '-i', `file:${path}`];
  const { stdout, stderr } = await run('ffmpeg', [...input, ...ARGUMENTS]);
  const size = printedSize(stderr);
  if (size !== undefined) {
    const picture: Picture = {
      ...size,
      pixelFormat: 'rgba',
      pixelAspect: 1,
      turn: { rotation: 0, flip: false },
      matrix: 'bt601',
      range: 'full',
    };
    const { layout, bytes } = rawLayout(picture);
    if (stdout.length === bytes) return { buffer: new Uint8Array(stdout).buffer, layout };
  }
  throw new ActionscopeError('not-a-video', 'This file is not a picture that ffmpeg can read.');
}
