/**
 * What a frame costs in the backbone, one thread, beside others who run the same weights on the same frames: TensorFlow.js and ONNX
 * Runtime Web in headless Chromium, ONNX Runtime as a native program. And what a visitor has of it, beside a page that seeks, draws and
 * runs backbone and head in TensorFlow.js.
 * Prints a table; --json FILE also writes one flat object. Times are medians in milliseconds.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../e2e/support/chromium';
import { clips } from '../e2e/support/clips';
import { serveLibrary } from '../e2e/support/library_page';
import { close } from '../e2e/support/server';
import { BUILT, MODEL, root, serveBenchPages } from './bench_pages';
import { PEERS_VARIANT } from './browser/model';
import { median, processor, processorFeatures, writeFigures } from './figures';
import { type Entrant, inPage, native } from './inference/entrants';
import type { Look } from './peer/seeking_page';
import { peerLook } from './peer_look';
import { PYTHON } from './python';
import { startTwice } from './start';
import { UnwatchedChromium } from './unwatched_chromium';
import { fetchedBytes, type Visit, visit } from './visit';
import { crew, frameRates } from './workers';

/** Seconds of the clip that the frames are taken from. */
const CLIP = 10;
const FRAMES = 20;
const ROUNDS = 9;
const VISITS = 7;
const CREW_ROUNDS = 5;

/** How far a feature may be from native ONNX Runtime's on the same file, in parts of the largest. */
const MOST_APART = { fp32: 1e-3, int8: 1e-2 };

/** What a processor needs to multiply bytes as fast as others are asked to be beaten by. */
const BYTE_PRODUCTS = ['avx512_vnni', 'avx_vnni'];

const megabyte = 1e6;

/** What another one takes beside ours. */
interface Comparison {
  ratio: number;
  ours_ms: number;
  peer_ms: number;
}

interface Row {
  figure: string;
  /** A word where there is no figure: void if the peer computes something else, n/a if this processor cannot do it. */
  value: number | Comparison | 'void' | 'n/a';
  digits: number;
  /** What it must be at most, and should be; frames a second at least. */
  bars?: [must: number, aim: number];
}

const compared = (ours: number, peer: number): Comparison => ({ ratio: ours / peer, ours_ms: ours, peer_ms: peer });

/** Frames of the clip, spread evenly, as raw pixels of the size that the model takes. */
function makeFrames(file: string, { width, height }: { width: number; height: number }): void {
  const filter = `fps=${FRAMES / CLIP},scale=${width}:${height}`;
  const raw = ['-frames:v', String(FRAMES), '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', clips.small(), '-vf', filter, ...raw, file]);
}

/** The largest distance of two features, in parts of the largest of the expected ones. */
function apart(features: number[][], expected: number[][]): number {
  const wanted = expected.flat();
  const found = features.flat();
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const distances = wanted.map((value, index) => Math.abs(value - (found[index] ?? Number.NaN)));
  const largest = (values: number[]) => values.reduce((most, value) => Math.max(value, most), 0);
  return largest(distances) / largest(wanted.map(Math.abs));
}

const model = JSON.parse(readFileSync(join(MODEL, 'model.json'), 'utf8'));
const { backbone, head } = model.variants[PEERS_VARIANT];
const network = join(BUILT, 'network');
const frames = join(BUILT, 'frames-of-clip');
const framesFile = join(frames, 'frames.rgb');
mkdirSync(frames, { recursive: true });
makeFrames(framesFile, model.input);
execFileSync(PYTHON, [join(root, 'tests/bench/export_network.py'), MODEL, backbone.file, head.file, network], {
  stdio: 'inherit',
});

const folders = { model: MODEL, network, frames };
const contest = await serveBenchPages('inference', folders);
const seeking = await serveBenchPages('peer', folders);
const browser = await launchChromium('--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows');

const reference = native('fp32', MODEL, backbone.file, framesFile);
const referenceInt8 = native('int8', MODEL, model.variants.int8.backbone.file, framesFile);
const oursFp32 = await inPage(browser, contest.url, 'ours fp32');
const oursFp32Simd = await inPage(browser, contest.url, 'ours fp32 without relaxed SIMD');
const oursInt8 = await inPage(browser, contest.url, 'ours int8');
const oursInt8Simd = await inPage(browser, contest.url, 'ours int8 without relaxed SIMD');
const tfjs = await inPage(browser, contest.url, 'tfjs-wasm');
const onnxRuntimeWeb = await inPage(browser, contest.url, 'ONNX Runtime Web fp32');
const inInt8 = [oursInt8, oursInt8Simd, referenceInt8];
const entrants: Entrant[] = [oursFp32, oursFp32Simd, tfjs, onnxRuntimeWeb, reference, ...inInt8];
const variantOf = (entrant: Entrant) => (inInt8.includes(entrant) ? 'int8' : 'fp32');

const expected = { fp32: await reference.features(), int8: await referenceInt8.features() };
const distances = new Map<Entrant, number>();
for (const entrant of entrants) distances.set(entrant, apart(await entrant.features(), expected[variantOf(entrant)]));

const rounds = new Map<Entrant, number[]>(entrants.map((entrant) => [entrant, []]));
// The first round, like the features before it, warms up and does not count. In turns, each time the other way round, so that the
// machine's moods meet all.
for (let round = 0; round <= ROUNDS; ++round) {
  for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
    const milliseconds = await entrant.round();
    if (round > 0) rounds.get(entrant)?.push(milliseconds);
  }
}
for (const entrant of entrants) await entrant.close();

const library = await serveLibrary();
const [single = Number.NaN, double = Number.NaN] = await frameRates(browser, library.url, [1, 2], CREW_ROUNDS);
const alone = await crew(browser, library.url, 1, CREW_ROUNDS);
const pair = await crew(browser, library.url, 2, CREW_ROUNDS);
await library.close();

const unwatched = UnwatchedChromium.launch();
const warmStarts: number[] = [];
const visits: Visit[] = [];
const looks: Look[] = [];
for (let run = 0; run < VISITS; ++run) {
  const { warm } = await startTwice(unwatched);
  const visited = await visit(browser);
  const look = await peerLook(browser, `${seeking.url}tfjs.html`, visited.result);
  warmStarts.push(warm);
  visits.push(visited);
  looks.push(look);
}
const chromium = browser.version();
await browser.close();
await unwatched.close();
await close(contest.server);
await close(seeking.server);

const agrees = (entrant: Entrant) => (distances.get(entrant) ?? Number.NaN) <= MOST_APART[variantOf(entrant)];
const perFrame = (entrant: Entrant) => median(rounds.get(entrant) ?? []);
const firstLook = compared(
  median(visits.map(({ result }) => result.timings.first)),
  median(looks.map(({ milliseconds }) => milliseconds)),
);

/** Ours beside a peer; void unless both compute what their file says. */
const beside = (ours: Entrant, peer: Entrant) =>
  agrees(ours) && agrees(peer) ? compared(perFrame(ours), perFrame(peer)) : 'void';

const cpu = processor();
const features = processorFeatures();
const besideWithBytes = (peer: Entrant) =>
  BYTE_PRODUCTS.some((feature) => features.includes(feature)) ? beside(oursInt8, peer) : 'n/a';

const rows: Row[] = [
  { figure: 'ours fp32 / tfjs-wasm', value: beside(oursFp32, tfjs), digits: 2, bars: [0.7, 0.6] },
  {
    figure: 'ours fp32 / ONNX Runtime Web fp32',
    value: beside(oursFp32, onnxRuntimeWeb),
    digits: 2,
    bars: [0.55, 0.45],
  },
  { figure: 'ours fp32 / native onnxruntime fp32', value: beside(oursFp32, reference), digits: 2 },
  { figure: 'ours int8 / tfjs-wasm', value: besideWithBytes(tfjs), digits: 2, bars: [0.4, 0.25] },
  { figure: 'ours int8 / native onnxruntime fp32', value: besideWithBytes(reference), digits: 2, bars: [1.2, 0.9] },
  ...entrants.map((entrant): Row => {
    const value = agrees(entrant) ? perFrame(entrant) : 'void';
    return { figure: `${entrant.name}, a frame, ms`, value, digits: 1 };
  }),
  { figure: 'two workers / one, frames a second', value: double / single, digits: 2, bars: [1.6, 1.9] },
  { figure: 'one worker, frames a second', value: single, digits: 1 },
  { figure: 'two workers / one, decoding a clip as well', value: pair.rate / alone.rate, digits: 2 },
  { figure: 'one worker, decoding as well, frames a second', value: alone.rate, digits: 1 },
  {
    figure: `memory of one worker, ${model.default_variant}, MB`,
    value: alone.memory / megabyte,
    digits: 1,
    bars: [48, 24],
  },
  {
    figure: 'fetched before the first look, gzip, MB',
    value: median(visits.map((visited) => fetchedBytes(visited).gzip)) / megabyte,
    digits: 2,
    bars: [4, 3],
  },
  {
    figure: 'cold start to ready, cached files, ms',
    value: median(warmStarts),
    digits: 0,
    bars: [150, 80],
  },
  {
    figure: 'first look / a tfjs-wasm page that seeks',
    value: agrees(tfjs) ? firstLook : 'void',
    digits: 2,
    bars: [0.3, 0.15],
  },
];

console.log(`${cpu} (${features.join(', ')}); Chromium ${chromium}, headless`);
console.log(
  `a frame: medians of ${ROUNDS} rounds of ${FRAMES} frames, one thread; the page: medians of ${VISITS} visits`,
);
for (const entrant of entrants) {
  console.log(`${entrant.name}: features apart by ${distances.get(entrant)?.toExponential(1)} of the largest`);
}

/** A line of the table; `cells` are the figure, ours and the peer's in milliseconds, and the bars. */
function printLine(figure: string, cells: string[]): void {
  console.log(`${figure.padEnd(44)} ${cells.map((cell) => cell.padStart(9)).join(' ')}`.trimEnd());
}
printLine('figure', ['value', 'ours, ms', 'peer, ms', 'must', 'aim']);
for (const { figure, value, digits, bars = [] } of rows) {
  const texts =
    typeof value === 'object'
      ? [value.ratio.toFixed(digits), value.ours_ms.toFixed(1), value.peer_ms.toFixed(1)]
      : [typeof value === 'number' ? value.toFixed(digits) : value, '', ''];
  printLine(figure, [...texts, ...bars.map(String)]);
}

const rounded = (value: number) => Number(value.toFixed(3));
const written = rows.map(({ figure, value }): [string, unknown] => {
  if (typeof value === 'number') return [figure, rounded(value)];
  if (typeof value === 'string') return [figure, value];
  return [figure, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]))];
});
writeFigures({
  cpu,
  cpu_features: features,
  chromium,
  rounds: ROUNDS,
  frames: FRAMES,
  visits: VISITS,
  ...Object.fromEntries(written),
});
