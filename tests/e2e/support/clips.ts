import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real and made footage for tests. Everything made lies in build/clips and is made once. */

const folder = fileURLToPath(new URL('../../../build/clips', import.meta.url));
const cache =
  process.env.ACTIONSCOPE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'actionscope');

/** A real clip of cyclists in traffic, 640x272, 25 frames a second, 10 s, H.264; installed by scripts/setup. */
export const BIKES = join(cache, 'media', 'bikes.mp4');

function made(name: string, make: (path: string) => void): string {
  const path = join(folder, name);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = join(folder, `unfinished-${process.pid}-${name}`);
    make(unfinished);
    renameSync(unfinished, path);
  }
  return path;
}

function ffmpeg(...options: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
}

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p', '-an'];

export const clips = {
  bikes: () => BIKES,
  /** 10 s at 320x240, what the figures are measured on. */
  small: () =>
    made('small.mp4', (path) => ffmpeg('-i', BIKES, '-vf', 'crop=362:272,scale=320:240,setsar=1', ...H264, path)),
  /** Filmed with the phone upright: the pixels lie on their side and the container says by how much to turn them. */
  phone: () =>
    made('phone.mp4', (path) => {
      const lying = `${path}.lying.mp4`;
      ffmpeg('-i', BIKES, '-vf', 'crop=204:272,transpose=cclock', ...H264, lying);
      ffmpeg('-i', lying, '-c', 'copy', '-metadata:s:v:0', 'rotate=270', path);
      rmSync(lying);
    }),
  /** Frames at uneven distances: of every 7 frames, 3 are left out. */
  variableRate: () =>
    made('variable.mp4', (path) =>
      ffmpeg('-i', BIKES, '-vf', "select='not(between(mod(n,7),2,4))'", '-fps_mode', 'vfr', ...H264, path),
    ),
  /** Half a second: fewer samples than a window. */
  short: () => made('short.mp4', (path) => ffmpeg('-i', BIKES, '-t', '0.5', ...H264, path)),
  oneFrame: () => made('one-frame.mp4', (path) => ffmpeg('-i', BIKES, '-frames:v', '1', ...H264, path)),
  /** 70 s: longer than what is looked at whole. */
  long: () => made('long.mp4', (path) => ffmpeg('-stream_loop', '6', '-i', BIKES, '-c', 'copy', '-an', path)),
  /** As a browser's recorder writes it: a WebM whose header does not say how long it is. */
  unknownLength: () =>
    made('unknown-length.webm', (path) =>
      writeFileSync(
        path,
        execFileSync(
          'ffmpeg',
          [
            ...['-v', 'error', '-i', BIKES, '-t', '4', '-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '1M', '-an'],
            ...['-f', 'webm', '-live', '1', 'pipe:1'],
          ],
          { maxBuffer: 2 ** 26 },
        ),
      ),
    ),
  soundOnly: () =>
    made('sound-only.mp4', (path) => ffmpeg('-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'aac', path)),
  /** The index stands in front, and the second half of the frames is missing. */
  truncated: () =>
    made('truncated.mp4', (path) => {
      ffmpeg('-i', BIKES, '-c', 'copy', '-an', '-movflags', '+faststart', path);
      writeFileSync(path, readFileSync(path).subarray(0, Math.floor(statSync(path).size / 2)));
    }),
  empty: () => made('empty.mp4', (path) => closeSync(openSync(path, 'w'))),
  text: () => made('text.mp4', (path) => writeFileSync(path, 'This is a letter, not a film.\n'.repeat(100))),
  /** What browsers refuse, by container. */
  avi: () => made('cyclist.avi', (path) => ffmpeg('-i', BIKES, '-t', '2', '-c:v', 'mpeg4', '-an', path)),
  /** What the fake camera plays: raw pictures. */
  camera: () =>
    made('camera.y4m', (path) =>
      ffmpeg(
        '-i',
        BIKES,
        '-vf',
        'crop=362:272,scale=320:240',
        '-r',
        '25',
        '-pix_fmt',
        'yuv420p',
        '-f',
        'yuv4mpegpipe',
        path,
      ),
    ),
  /** A clip under another name, for names that are hard to show. */
  named: (name: string) => made(name, (path) => copyFileSync(clips.short(), path)),
};
