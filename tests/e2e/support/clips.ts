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
import apartment from '@pmndrs/assets/hdri/apartment.exr.js';
import lobby from '@pmndrs/assets/hdri/lobby.exr.js';

/** Real and made footage for tests. Everything made lies in build/clips and is made once. */

const folder = fileURLToPath(new URL('../../../build/clips', import.meta.url));
const cache =
  process.env.ACTIONSCOPE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'actionscope');

/** Real footage of a square with walkers, from a package: 768x576, Microsoft's MPEG-4, 79.5 s; installed by scripts/setup. */
export const SQUARE = join(cache, 'media', 'vtest.avi');

/** Real footage of a street, with cyclists: 640x272, 25 frames a second, 10 s, H.264; installed by scripts/setup. */
export const BIKES = join(cache, 'media', 'bikes.mp4');

/** Real footage of a man who talks to the camera: 176x144; installed by scripts/setup. */
const FACE = join(cache, 'media', 'carphone_pristine.mp4');

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

/** Two seconds of raw pictures. */
function recording(name: string, ...from: string[]): string {
  return made(`camera-${name}.y4m`, (path) =>
    ffmpeg(...from, '-t', '2', '-r', '25', '-pix_fmt', 'yuv420p', '-f', 'yuv4mpegpipe', path),
  );
}

/**
 * What a webcam in the middle of a room shows, cut out of a real panorama (OpenEXR, 512x256, linear light, in a data URL).
 * @param yaw where the camera looks, in degrees to the right of the panorama's middle
 */
function room(name: string, panorama: string, yaw: number): string {
  const picture = made(`${name}.exr`, (path) =>
    writeFileSync(path, Buffer.from(panorama.slice(panorama.indexOf(',') + 1), 'base64')),
  );
  const filters = [
    'setparams=color_primaries=bt709:color_trc=linear:colorspace=gbr',
    'tonemap=mobius:param=0.6:peak=10:desat=0',
    'zscale=transfer=iec61966-2-1:matrix=gbr:range=full,format=gbrp',
    // The panoramas have black rims around their lamps, which no camera shows.
    'dilation,erosion',
    `v360=e:flat:yaw=${yaw}:h_fov=100:v_fov=84:w=640:h=480:interp=cubic`,
    'noise=alls=6:allf=t',
  ];
  return recording(name, '-loop', '1', '-i', picture, '-vf', filters.join());
}

/** The part of the picture with the cyclist, forwards and then backwards, so that a loop has no jump. */
const CYCLIST = 'crop=362:272:278:0,scale=320:240,setsar=1,split[to][turn];[turn]reverse[fro];[to][fro]concat';

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p', '-an'];

const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '4', '-an'];

export const clips = {
  bikes: () => BIKES,
  /** 10 s at 320x240, what the figures are measured on. */
  small: () =>
    made('small.mp4', (path) => ffmpeg('-i', BIKES, '-vf', 'crop=362:272,scale=320:240,setsar=1', ...H264, path)),
  /** The same frames as an old camera wrote them. */
  smallAvi: () => made('small.avi', (path) => ffmpeg('-i', clips.small(), ...MPEG4, path)),
  /** 30 s at 1280x720. */
  large: () =>
    made('large.mp4', (path) =>
      ffmpeg('-stream_loop', '2', '-i', BIKES, '-vf', 'scale=1280:720,setsar=1', ...H264, path),
    ),
  largeAvi: () => made('large.avi', (path) => ffmpeg('-i', clips.large(), ...MPEG4, path)),
  /** 10 s at 1280x720 with one key frame. */
  oneKey: () =>
    made('one-key.mp4', (path) =>
      ffmpeg('-i', clips.large(), '-t', '10', ...H264, '-g', '999', '-sc_threshold', '0', path),
    ),
  oneKeyAvi: () =>
    made('one-key.avi', (path) =>
      ffmpeg('-i', clips.oneKey(), ...MPEG4, '-g', '600', '-sc_threshold', '1000000000', path),
    ),
  /** Filmed with the phone upright: the pixels lie on their side and the container says by how much to turn them. */
  phone: () =>
    made('phone.mp4', (path) => {
      const lying = `${path}.lying.mp4`;
      ffmpeg('-i', BIKES, '-t', '5', '-vf', 'crop=204:272,transpose=cclock', ...H264, lying);
      ffmpeg('-i', lying, '-c', 'copy', '-metadata:s:v:0', 'rotate=270', path);
      rmSync(lying);
    }),
  /** The phone's clip with its pixels upright. */
  upright: () => made('upright.mp4', (path) => ffmpeg('-i', BIKES, '-t', '5', '-vf', 'crop=204:272', ...H264, path)),
  /** Frames at uneven distances: of every 7 frames, 3 are left out. */
  variableRate: () =>
    made('variable.mp4', (path) =>
      ffmpeg('-i', BIKES, '-t', '5', '-vf', "select='not(between(mod(n,7),2,4))'", '-fps_mode', 'vfr', ...H264, path),
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
  /** The index would stand at the end, which is missing. */
  withoutIndex: () =>
    made('without-index.mp4', (path) => {
      ffmpeg('-i', BIKES, '-c', 'copy', '-an', path);
      writeFileSync(path, readFileSync(path).subarray(0, Math.floor(statSync(path).size / 2)));
    }),
  encrypted: () =>
    made('encrypted.mp4', (path) =>
      ffmpeg(
        ...['-i', BIKES, '-t', '1', '-c', 'copy', '-an', '-encryption_scheme', 'cenc-aes-ctr'],
        ...[
          '-encryption_key',
          '00112233445566778899aabbccddeeff',
          '-encryption_kid',
          'ffeeddccbbaa99887766554433221100',
          path,
        ],
      ),
    ),
  empty: () => made('empty.mp4', (path) => closeSync(openSync(path, 'w'))),
  text: () => made('text.mp4', (path) => writeFileSync(path, 'This is a letter, not a film.\n'.repeat(100))),
  /** As cameras of old wrote it. */
  avi: () => made('street.avi', (path) => ffmpeg('-i', BIKES, '-t', '2', '-c:v', 'mpeg4', '-an', path)),
  /** H.265, as iPhones write it; only some browsers play it. */
  hevc: () =>
    made('hevc.mp4', (path) =>
      ffmpeg(
        '-i',
        BIKES,
        '-t',
        '1',
        '-c:v',
        'libx265',
        '-x265-params',
        'log-level=error',
        '-tag:v',
        'hvc1',
        '-an',
        path,
      ),
    ),
  /**
   * 4 s of the cyclist alone, who waits in the middle of the picture, to and fro: the model is sure of it at every moment.
   */
  cyclist: () =>
    made('cyclist.mp4', (path) => {
      const once = `${path}.once.mp4`;
      ffmpeg('-ss', '4.24', '-t', '1', '-i', BIKES, '-vf', CYCLIST, '-r', '25', ...H264, once);
      ffmpeg('-stream_loop', '1', '-i', once, '-c', 'copy', path);
      rmSync(once);
    }),
  /** The first three seconds of the cyclist, the very same coded pictures or lossless copies of them, in a container of that name. */
  cyclistIn: (extension: string, ...options: string[]) =>
    made(`cyclist-start.${extension}`, (path) => ffmpeg('-i', clips.cyclistStart(), '-c', 'copy', ...options, path)),
  cyclistStart: () => made('cyclist-start.mp4', (path) => ffmpeg('-i', clips.cyclist(), '-t', '3', ...H264, path)),
  /** Recordings for the fake camera, which plays them round and round. */
  cameras: {
    cyclist: () => recording('cyclist', '-i', clips.cyclist()),
    face: () => recording('face', '-i', FACE, '-vf', 'scale=320:-2'),
    /** The square of `SQUARE` with everyone gone: what each of its pixels mostly shows. */
    emptySquare: () =>
      recording('empty-square', '-i', SQUARE, '-vf', 'fps=1,scale=320:240,tmedian=radius=30,loop=50:1,fps=25'),
    emptyApartment: () => room('apartment', apartment, -18),
    emptyLobby: () => room('lobby', lobby, -48),
    black: () => recording('black', '-f', 'lavfi', '-i', 'color=black:size=320x240'),
    /** A covered lens, its gain turned up. */
    dark: () => recording('dark', '-f', 'lavfi', '-i', 'color=0x0a0806:size=320x240', '-vf', 'noise=alls=12:allf=t'),
    noise: () => recording('noise', '-f', 'lavfi', '-i', 'color=gray:size=320x240', '-vf', 'noise=alls=100:allf=t'),
    /** A camera that looks at a picture which stands still. */
    picture: (name: string, picture: string) => recording(name, '-loop', '1', '-i', picture, '-vf', 'scale=640:-2'),
  },
  /** A clip under another name, for names that are hard to show. */
  named: (name: string) => made(name, (path) => copyFileSync(clips.short(), path)),
};
