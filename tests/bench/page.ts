/**
 * What a person waits for, on the built page in headless Chromium: loading, the first look, the answer; what a frame costs; how much is
 * fetched. Beside it, in the same browser, a plain page that seeks, draws and runs ONNX Runtime Web.
 * Prints a table; --json FILE also writes one flat object. Times are medians in milliseconds.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import sirv from 'sirv';
import type { ClipResult } from '../../web/lib/types';
import { launchChromium } from '../e2e/support/chromium';
import { ClassifierPage, LOADING } from '../e2e/support/classifier_page';
import { clips } from '../e2e/support/clips';
import { close, DIST, listen, PREFIX, servePage } from '../e2e/support/server';
import { median, processor, timed, writeFigures } from './figures';

/** Each is a fresh browser profile: its cache is empty, and its engine has compiled nothing. */
const RUNS = 7;

/** Seconds that GitHub Pages lets a browser keep a file. */
const KEPT = 600;

/** How much of the probability the peer may give to other labels. */
const MOST_MOVED = 0.25;

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Visit {
  coldLoad: number;
  warmLoad: number;
  result: ClipResult;
  /** Files of dist/ that were fetched until the first look. */
  fetched: string[];
}

/** A person's first visit: opens the page, chooses a clip; and later comes back. */
async function visit(browser: Browser): Promise<Visit> {
  const server = await servePage({ keptSeconds: KEPT });
  const context = await browser.newContext();
  const [opened, coldLoad] = await timed(() => ClassifierPage.loaded(context, server.url));
  const result = await opened.classify(clips.small());
  const fetched = server.requests.map((path) => path.slice(PREFIX.length).replace(/\?.*/, '') || 'index.html');
  await opened.page.close();
  const [, warmLoad] = await timed(() => ClassifierPage.loaded(context, server.url));
  await context.close();
  await server.close();
  return { coldLoad, warmLoad, result, fetched: [...new Set(fetched)] };
}

interface PeerLook {
  milliseconds: number;
  probabilities: number[];
}

async function servePeer() {
  const folders: [prefix: string, folder: string][] = [
    ['/onnxruntime/', 'node_modules/onnxruntime-web/dist'],
    ['/model/', 'models/ucf11'],
    ['/', 'tests/bench/peer'],
  ];
  const handlers = folders.map(([prefix, folder]) => ({ prefix, files: sirv(join(root, folder), { dev: true }) }));
  return listen((request, response) => {
    const path = request.url ?? '/';
    const found = handlers.find(({ prefix }) => path.startsWith(prefix));
    request.url = path.slice((found?.prefix.length ?? 1) - 1);
    found?.files(request, response, () => {
      response.writeHead(404).end();
    });
  });
}

async function peerLook(browser: Browser, url: string): Promise<PeerLook> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('[data-ready]').waitFor({ timeout: LOADING });
  await page.getByLabel('Video').setInputFiles(clips.small());
  const text = await page.locator('output:not(:empty)').textContent({ timeout: LOADING });
  await context.close();
  return JSON.parse(text ?? '');
}

/** The peer is one only if it says nearly the same: the browser's own scaling and colours move the numbers a little. */
function requireSimilarLook(peer: PeerLook, { first }: ClipResult): void {
  const probabilities = Object.values(first.probabilities);
  const apart = probabilities.map((value, index) => Math.abs(value - (peer.probabilities[index] ?? Number.NaN)));
  const moved = apart.reduce((sum, value) => sum + value, 0) / 2;
  if (!(moved < MOST_MOVED)) throw new Error(`the peer's first look is another one: ${moved} of the probability moved`);
}

const browser = await launchChromium();
const peer = await servePeer();
const visits: Visit[] = [];
const peerLooks: PeerLook[] = [];
// In turns, so that whatever else the machine does meets both.
for (let run = 0; run < RUNS; ++run) {
  const visited = await visit(browser);
  const look = await peerLook(browser, `http://localhost:${peer.port}/`);
  requireSimilarLook(look, visited.result);
  visits.push(visited);
  peerLooks.push(look);
}
const version = browser.version();
await browser.close();
await close(peer.server);

const ofResults = (figure: (result: ClipResult) => number) => median(visits.map(({ result }) => figure(result)));
const fetched = (visits[0]?.fetched ?? []).map((file) => readFileSync(join(DIST, file)));
const bytes = (files: Uint8Array[]) => files.reduce((sum, file) => sum + file.byteLength, 0);
const firstLook = ofResults(({ timings }) => timings.first);
const peerFirstLook = median(peerLooks.map(({ milliseconds }) => milliseconds));

const rows: [key: string, words: string, value: number, digits: number][] = [
  ['cold_load_ms', 'Page to ready, nothing in the cache, ms', median(visits.map(({ coldLoad }) => coldLoad)), 0],
  ['warm_load_ms', 'Page to ready, second visit, ms', median(visits.map(({ warmLoad }) => warmLoad)), 0],
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
  ['fetched_bytes', 'Fetched until the first look, bytes', bytes(fetched), 0],
  ['fetched_gzip_bytes', 'The same as gzip -9, bytes', bytes(fetched.map((file) => gzipSync(file, { level: 9 }))), 0],
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
