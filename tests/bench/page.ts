/**
 * What a person waits for, on the built page in headless Chromium: loading, the first look, the answer; what a frame costs; how much is
 * fetched. Beside it, in the same browser, a plain page that seeks, draws and runs ONNX Runtime Web.
 * Prints a table; --json FILE also writes one flat object. Times are medians in milliseconds.
 */

import type { ClipResult } from '../../web/lib/types';
import { launchChromium } from '../e2e/support/chromium';
import { close } from '../e2e/support/server';
import { MODEL, serveBenchPages } from './bench_pages';
import { median, processor, writeFigures } from './figures';
import type { Look } from './peer/seeking_page';
import { peerLook } from './peer_look';
import { type Start, startTwice } from './start';
import { UnwatchedChromium } from './unwatched_chromium';
import { fetchedBytes, type Visit, visit } from './visit';

/** Each is a fresh browser profile: its cache is empty, and its engine has compiled nothing. */
const RUNS = 7;

const browser = await launchChromium();
const peer = await serveBenchPages('peer', { model: MODEL });
const unwatched = UnwatchedChromium.launch();
const starts: Start[] = [];
const visits: Visit[] = [];
const peerLooks: Look[] = [];
// In turns, so that whatever else the machine does meets both.
for (let run = 0; run < RUNS; ++run) {
  starts.push(await startTwice(unwatched));
  const visited = await visit(browser);
  const look = await peerLook(browser, `${peer.url}onnxruntime.html`, visited.result);
  visits.push(visited);
  peerLooks.push(look);
}
const version = browser.version();
await browser.close();
await unwatched.close();
await close(peer.server);

const ofResults = (figure: (result: ClipResult) => number) => median(visits.map(({ result }) => figure(result)));
const fetched = visits.map(fetchedBytes);
const firstLook = ofResults(({ timings }) => timings.first);
const peerFirstLook = median(peerLooks.map(({ milliseconds }) => milliseconds));

const rows: [key: string, words: string, value: number, digits: number][] = [
  ['cold_load_ms', 'Page to ready, nothing in the cache, ms', median(starts.map(({ cold }) => cold)), 0],
  ['warm_load_ms', 'Page to ready, second visit, ms', median(starts.map(({ warm }) => warm)), 0],
  ['first_look_ms', 'File chosen to first look, 10 s of 320x240, ms', firstLook, 0],
  ['answer_ms', 'File chosen to answer, 100 frames, ms', ofResults(({ timings }) => timings.answer), 0],
  [
    'frame_decode_ms',
    'A frame: waiting for the video, ms',
    ofResults(({ timings, samples }) => timings.decode / samples.length),
    1,
  ],
  [
    'frame_preprocess_ms',
    'A frame: pixels to tensor, ms',
    ofResults(({ timings, samples }) => timings.preprocess / samples.length),
    1,
  ],
  [
    'frame_inference_ms',
    'A frame: inference, ms',
    ofResults(({ timings, samples }) => timings.inference / samples.length),
    1,
  ],
  ['fetched_bytes', 'Fetched until the first look, bytes', median(fetched.map(({ plain }) => plain)), 0],
  ['fetched_gzip_bytes', 'The same as gzip -9, bytes', median(fetched.map(({ gzip }) => gzip)), 0],
  ['peer_first_look_ms', 'First look of a plain page (seek, drawImage, ONNX Runtime Web), ms', peerFirstLook, 0],
  ['peer_first_look_ratio', 'That, divided by ours', peerFirstLook / firstLook, 2],
];

const cpu = processor();
console.log(`${cpu}; Chromium ${version}, headless; medians of ${RUNS} visits`);
for (const [, words, value, digits] of rows) {
  console.log(`${words.padEnd(68)} ${value.toFixed(digits).padStart(12)}`);
}
const figures = Object.fromEntries(rows.map(([key, , value, digits]) => [key, Number(value.toFixed(digits))]));
writeFigures({ cpu, chromium: version, runs: RUNS, ...figures });
