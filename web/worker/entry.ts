/** The worker's own half: the engine behind messages. Started by client.ts. */

import * as Comlink from 'comlink';
import onnxRuntimeWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import simdWasm from '../../build/wasm/src/wasm/actionscope.wasm?url';
import relaxedWasm from '../../build/wasm/src/wasm/actionscope_relaxed.wasm?url';
import { inBackground } from '../lib/background';
import { ActionscopeError } from '../lib/errors';
import { answer, type Greeting, handOver } from './answer';
import { type EngineParts, loadEngine } from './engine';
import type { ClipRun, Engine, LiveRun, LoadListener, LoadRequest } from './engine_contract';
import { fetchBytes } from './fetch_bytes';
import { FilesOfLoading } from './files_of_loading';
import { LoadingAhead } from './loading_ahead';
import type { WorkerApi } from './messages';
import { warmUp } from './warm_up';
import type { GraphFile } from './wasm_module';

const here = import.meta.url;
const parts: Omit<EngineParts, 'read'> = {
  core: {
    relaxed: {
      importModule: async () => (await import('../../build/wasm/src/wasm/actionscope_relaxed.mjs')).default,
      wasm: { url: new URL(relaxedWasm, here), bytes: __RELAXED_WASM_BYTES__ },
    },
    simd: {
      importModule: async () => (await import('../../build/wasm/src/wasm/actionscope.mjs')).default,
      wasm: { url: new URL(simdWasm, here), bytes: __SIMD_WASM_BYTES__ },
    },
  },
  importOnnxRuntime: () => import('onnxruntime-web/wasm'),
  onnxRuntimeWasm: { url: new URL(onnxRuntimeWasm, here), bytes: __ONNXRUNTIME_WASM_BYTES__ },
};

let engine: Engine | undefined;
let opened = 0;
/** Whether anybody has asked for anything since the engine was loaded. */
let isIdle = true;
const clips = new Map<number, ClipRun>();
const lives = new Map<number, LiveRun>();

function loaded(): Engine {
  if (engine === undefined) throw new ActionscopeError('closed', 'The engine is closed.');
  isIdle = false;
  return engine;
}

function found<T>(runs: Map<number, T>, run: number): T {
  const handle = runs.get(run);
  if (handle === undefined) throw new ActionscopeError('cancelled', 'The run was cancelled.');
  return handle;
}

function keepClip(clip: ClipRun) {
  const run = ++opened;
  clips.set(run, clip);
  return { run, plan: clip.plan };
}

async function load(request: LoadRequest, listener: LoadListener, graphs?: GraphFile[]) {
  const reading = new FilesOfLoading(fetchBytes, request.files);
  const made = await loadEngine({ ...parts, read: reading.read }, request, listener, graphs);
  return { made, files: reading.end() };
}

const ahead = self.name === '' ? undefined : new LoadingAhead(JSON.parse(self.name), load);

const api: WorkerApi = {
  load: (request, listener) =>
    handOver(
      async () => {
        const { made, files } = await (ahead?.take(request, listener) ?? load(request, listener));
        engine = made;
        const { model, engine: description, featureSpace } = made;
        inBackground(() => void warmUp(made, () => isIdle));
        return { model, engine: description, featureSpace, files };
      },
      ({ files }) => Array.from(files.values(), ({ buffer }) => buffer),
    ),
  extract: (frame) =>
    handOver(
      () => loaded().extract(frame),
      ({ feature }) => [feature.buffer],
    ),
  openClip: (request) => answer(async () => keepClip(await loaded().openClip(request))),
  openStill: () => answer(async () => keepClip(await loaded().openStill())),
  openLive: () =>
    answer(async () => {
      const run = ++opened;
      lives.set(run, await loaded().openLive());
      return { run };
    }),
  addFeature: (run, sample, timestamp, feature, standsIn) =>
    answer(() => found(clips, run).addFeature(sample, timestamp, feature, standsIn)),
  endClipEarly: (run) => answer(() => found(clips, run).endEarly()),
  addLiveFrame: (run, timestamp, frame) => answer(() => found(lives, run).addFrame(timestamp, frame)),
  closeRun: (run) =>
    answer(async () => {
      const handle = clips.get(run) ?? lives.get(run);
      clips.delete(run);
      lives.delete(run);
      await handle?.close();
    }),
  readReport: () => answer(() => loaded().readReport()),
  liveHandles: () => answer(() => loaded().liveHandles()),
  memory: () => answer(() => loaded().memory()),
  close: () =>
    answer(async () => {
      const closing = engine;
      engine = undefined;
      await closing?.close();
    }),
};

Comlink.expose(api);
const greeting: Greeting = { state: 'listening' };
self.postMessage(greeting);
