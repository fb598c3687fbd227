/** The worker's own half: the engine behind messages. Started by client.ts. */

import * as Comlink from 'comlink';
import onnxRuntimeWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import simdWasm from '../../build/wasm/src/wasm/actionscope.wasm?url';
import relaxedWasm from '../../build/wasm/src/wasm/actionscope_relaxed.wasm?url';
import { ActionscopeError } from '../lib/errors';
import { answer, type Greeting } from './answer';
import { type EngineParts, loadEngine } from './engine';
import type { ClipRun, Engine, LiveRun } from './engine_contract';
import { fetchBytes } from './fetch_bytes';
import type { WorkerApi } from './messages';

const here = import.meta.url;
const parts: EngineParts = {
  core: {
    relaxed: {
      createModule: async (options) =>
        (await import('../../build/wasm/src/wasm/actionscope_relaxed.mjs')).default(options),
      wasm: { url: new URL(relaxedWasm, here), bytes: __RELAXED_WASM_BYTES__ },
    },
    simd: {
      createModule: async (options) => (await import('../../build/wasm/src/wasm/actionscope.mjs')).default(options),
      wasm: { url: new URL(simdWasm, here), bytes: __SIMD_WASM_BYTES__ },
    },
  },
  importOnnxRuntime: () => import('onnxruntime-web/wasm'),
  onnxRuntimeWasm: { url: new URL(onnxRuntimeWasm, here), bytes: __ONNXRUNTIME_WASM_BYTES__ },
  read: fetchBytes,
};

let engine: Engine | undefined;
let opened = 0;
const clips = new Map<number, ClipRun>();
const lives = new Map<number, LiveRun>();

function loaded(): Engine {
  if (engine === undefined) throw new ActionscopeError('closed', 'The engine is closed.');
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

const api: WorkerApi = {
  load: (request, listener) =>
    answer(async () => {
      engine = await loadEngine(parts, request, listener);
      return { model: engine.model, engine: engine.engine };
    }),
  openClip: (request) => answer(async () => keepClip(await loaded().openClip(request))),
  openStill: () => answer(async () => keepClip(await loaded().openStill())),
  openLive: () =>
    answer(async () => {
      const run = ++opened;
      lives.set(run, await loaded().openLive());
      return { run };
    }),
  addClipFrame: (run, sample, timestamp, frame, standsIn) =>
    answer(() => found(clips, run).addFrame(sample, timestamp, frame, standsIn)),
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
