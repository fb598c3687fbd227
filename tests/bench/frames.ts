/**
 * What 20 frames of a clip cost, spread evenly as the first look takes them, from the file in hand to their pixels in memory: by
 * Actionscope's sources and by seeking a video element, in headless Chromium; and by the system's ffmpeg, the limit.
 * Prints a table; --json FILE also writes one flat object. Times are medians in milliseconds.
 */

import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { launchChromium } from '../e2e/support/chromium';
import { clips } from '../e2e/support/clips';
import { close } from '../e2e/support/server';
import { serveBenchPages } from './bench_pages';
import { median, processor, timed, writeFigures } from './figures';
import type { FramesRequest, FramesTaken } from './frames/frames';

const RUNS = 7;
const FRAMES = 20;

/** Pixels a side that the seeking page draws its frames at: what the model takes. */
const SIDE = 224;

interface Clip {
  key: string;
  words: string;
  file: string;
  /** Seconds. */
  duration: number;
  /** Whether a video element plays it. */
  plays: boolean;
}

const small = { duration: 10, words: '10 s of 320x240' };
const large = { duration: 30, words: '30 s of 1280x720' };
const cases: Clip[] = [
  { ...small, key: 'small_mp4', words: `${small.words}, H.264 in MP4`, file: clips.small(), plays: true },
  { ...small, key: 'small_avi', words: `${small.words}, MPEG-4 in AVI`, file: clips.smallAvi(), plays: false },
  { ...large, key: 'large_mp4', words: `${large.words}, H.264 in MP4`, file: clips.large(), plays: true },
  { ...large, key: 'large_avi', words: `${large.words}, MPEG-4 in AVI`, file: clips.largeAvi(), plays: false },
];

function requestOf({ duration }: Clip): FramesRequest {
  return { times: Array.from({ length: FRAMES }, (_, index) => ((index + 0.5) * duration) / FRAMES), side: SIDE };
}

/** The same frames by ffmpeg, which decodes the whole file and writes the raw pixels of those that are asked for. */
async function natively({ file, duration }: Clip): Promise<number> {
  const half = duration / FRAMES / 2;
  const filter = `fps=${FRAMES / duration}:start_time=${half}:round=up`;
  const options = ['-v', 'error', '-i', file, '-vf', filter, '-frames:v', String(FRAMES)];
  const [pixels, milliseconds] = await timed(async () =>
    execFileSync('ffmpeg', [...options, '-f', 'rawvideo', 'pipe:1'], { maxBuffer: 2 ** 27 }),
  );
  if (pixels.length === 0) throw new Error('ffmpeg gave no frame');
  return milliseconds;
}

async function inPage(page: Page, how: 'ours' | 'seeking', clip: Clip): Promise<FramesTaken> {
  await page.getByLabel('Video').setInputFiles(clip.file);
  const request = requestOf(clip);
  return page.evaluate(([way, asked]) => globalThis.benchmark[way](asked), [how, request] as const);
}

const { server, url } = await serveBenchPages('frames');
const browser = await launchChromium();
const page = await browser.newPage();
await page.goto(url);

const cpu = processor();
const chromium = browser.version();
console.log(`${cpu}; Chromium ${chromium}, headless; ${FRAMES} frames, medians of ${RUNS} runs, ms`);
console.log(
  `${'clip'.padEnd(36)} ${['ours', 'seeking', 'ratio', 'ffmpeg'].map((word) => word.padStart(9)).join(' ')}  source`,
);
const figures: Record<string, unknown> = { cpu, chromium, runs: RUNS, frames: FRAMES };
for (const clip of cases) {
  const taken: FramesTaken[] = [];
  const sought: number[] = [];
  const native: number[] = [];
  // The first run of each, which loads decoders and modules, counts for neither. In turns, so that the machine's moods meet all.
  for (let run = 0; run <= RUNS; ++run) {
    const mine = await inPage(page, 'ours', clip);
    const peer = clip.plays ? (await inPage(page, 'seeking', clip)).milliseconds : Number.NaN;
    const limit = await natively(clip);
    if (run === 0) continue;
    taken.push(mine);
    sought.push(peer);
    native.push(limit);
  }
  const ours = median(taken.map(({ milliseconds }) => milliseconds));
  const peer = median(sought);
  const numbers = [ours, peer, ours / peer, median(native)];
  const shown = numbers.map((value, index) => (Number.isNaN(value) ? 'n/a' : value.toFixed(index === 2 ? 2 : 0)));
  console.log(`${clip.words.padEnd(36)} ${shown.map((text) => text.padStart(9)).join(' ')}  ${taken[0]?.source}`);
  const measured = { ours_ms: ours, peer_ms: peer, ratio: ours / peer, ffmpeg_ms: median(native) };
  figures[clip.key] = Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [name, Number.isNaN(value) ? null : Number(value.toFixed(3))]),
  );
}
await browser.close();
await close(server);
writeFigures(figures);
