import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_MODEL, nodeParts } from '../../../web/cli/engine';
import type { Frame } from '../../../web/lib/frame';
import type { LoadProgress, ModelDescription } from '../../../web/lib/types';
import type { CoreBuild } from '../../../web/worker/core_module';
import { type EngineParts, loadEngine } from '../../../web/worker/engine';
import type { ClipRun, ClipStep, Engine } from '../../../web/worker/engine_contract';
import type { WasmModule } from '../../../web/worker/wasm_module';
import { zipOf } from './zip_file';

const MODEL = { model: DEFAULT_MODEL.href, variant: 'fp32' };
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A grey picture of 32 x 32 pixels. */
function picture(brightness: number): Frame {
  return {
    buffer: new Uint8Array(32 * 32 * 4).fill(brightness).buffer,
    layout: {
      format: 'RGBA',
      width: 32,
      height: 32,
      displayWidth: 32,
      displayHeight: 32,
      planes: [{ offset: 0, stride: 128 }],
      rotation: 0,
      flip: false,
      matrix: 'bt709',
      range: 'full',
    },
  };
}

/** The parts as they are, and the module that they made, to count handles where there is no engine to ask. */
async function watchedParts(change: Partial<EngineParts> = {}) {
  let module: WasmModule | undefined;
  const parts = await nodeParts();
  const simd: CoreBuild = {
    ...parts.core.simd,
    importModule: async () => {
      const createModule = await parts.core.simd.importModule();
      return async (options) => {
        module = await createModule(options);
        return module;
      };
    },
  };
  return { parts: { ...parts, core: { ...parts.core, simd }, ...change }, handles: () => module?.liveHandles() };
}

/** Reads the model's files as `change` leaves them; files whose hash model.json names keep fitting it. */
async function changedModel(change: (json: string) => string, files: Record<string, Uint8Array<ArrayBuffer>> = {}) {
  const { read } = await nodeParts();
  const changed: EngineParts['read'] = async (url, options) => {
    const name = url.pathname.split('/').pop() ?? '';
    if (name === 'model.json') return encoder.encode(change(decoder.decode(await read(url))));
    return files[name] ?? read(url, options);
  };
  return watchedParts({ read: changed });
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

let engine: Engine | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

/** Computes a picture's feature and gives it to a run. */
async function add(loaded: Engine, run: ClipRun, sample: number, time: number, brightness: number): Promise<ClipStep> {
  const { feature } = await loaded.extract(picture(brightness));
  return run.addFeature(sample, time, feature);
}

async function feed(loaded: Engine, run: ClipRun) {
  let last: ClipStep | undefined;
  for (const { sample, time } of run.plan.samples) last = await add(loaded, run, sample, time, 40 * sample);
  return last;
}

describe('the engine', () => {
  it('tells its model at once, then loads with progress up to the announced total', async () => {
    const seen: LoadProgress[] = [];
    const models: ModelDescription[] = [];
    const listener = {
      onModel: (model: ModelDescription) => {
        expect(seen).toEqual([]);
        models.push(model);
      },
      onProgress: (progress: LoadProgress) => {
        seen.push(progress);
      },
    };
    engine = await loadEngine(await nodeParts(), MODEL, listener);
    expect(models).toEqual([engine.model]);
    expect(engine.engine).toEqual({ name: 'native', version: '0.1.0', simd: 'plain', steppedDown: null });
    expect(engine.model).toMatchObject({
      name: 'ucf11',
      noneLabel: 'none',
      rate: 10,
      windowFrames: 20,
      variant: 'fp32',
    });
    const bytes = expect.any(Number);
    expect(engine.model.variants).toEqual([
      { name: 'fp32', bytes },
      { name: 'int8', bytes },
    ]);
    for (const variant of engine.model.variants) expect(variant.bytes).toBeGreaterThan(1e6);
    expect(seen.at(-1)?.loaded).toBe(seen.at(-1)?.total);
    expect(seen.map(({ loaded }) => loaded)).toEqual(seen.map(({ loaded }) => loaded).toSorted((a, b) => a - b));
  });

  it('answers a short clip: first look and answer are the same one window', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const run = await engine.openClip({ duration: 0.3, mostWindows: 0 });
    expect(run.plan.samples.map(({ sample }) => sample)).toEqual([0, 1, 2]);
    const last = await feed(engine, run);
    expect(last?.first?.samples).toEqual([0, 1, 2]);
    expect(last?.result?.windows).toHaveLength(1);
    expect(last?.result?.first).toEqual(last?.result?.answer);
    const probabilities = Object.values(last?.result?.answer.probabilities ?? {});
    expect(probabilities).toHaveLength(engine.model.labels.length);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    await run.close();
  });

  it('answers from the frames it has when a clip ends early', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const run = await engine.openClip({ duration: 0.5, mostWindows: 0 });
    expect((await add(engine, run, 0, 0, 10)).result).toBeNull();
    const end = await run.endEarly();
    expect(end.endedEarly).toBe(true);
    expect(end.result?.windows).toHaveLength(1);
    await run.close();
  });

  it('says that a clip without any frame is empty', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const run = await engine.openClip({ duration: 1, mostWindows: 0 });
    await expect(run.endEarly()).rejects.toMatchObject({ code: 'clip-empty' });
    await run.close();
  });

  it('refuses a frame whose layout does not fit its bytes, and goes on', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const { layout } = picture(0) as Exclude<Frame, VideoFrame>;
    const short = { buffer: new ArrayBuffer(100), layout };
    await expect(engine.extract(short)).rejects.toMatchObject({ code: 'frame-invalid' });
    const named = { buffer: new ArrayBuffer(4096), layout: { ...layout, matrix: 'bt2020' as 'bt709' } };
    await expect(engine.extract(named)).rejects.toThrow('matrix');
    expect((await engine.extract(picture(0))).feature).toHaveLength(1280);
  });

  it('computes features that belong to whoever asked, the same for the same frame', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const first = await engine.extract(picture(90));
    const other = await engine.extract(picture(10));
    const again = await engine.extract(picture(90));
    expect(again.feature).toEqual(first.feature);
    expect(other.feature).not.toEqual(first.feature);
    expect(first.preprocess).toBeGreaterThan(0);
    expect(first.inference).toBeGreaterThan(0);
  });

  it('computes several frames at once in the order in which they came', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const alone = [await engine.extract(picture(10)), await engine.extract(picture(200))];
    const { extract } = engine;
    const together = await Promise.all([10, 200].map((brightness) => extract.call(engine, picture(brightness))));
    expect(together.map(({ feature }) => feature)).toEqual(alone.map(({ feature }) => feature));
  });

  it('refuses a feature of another size, or for a sample that has one', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const run = await engine.openClip({ duration: 0.5, mostWindows: 0 });
    await expect(run.addFeature(0, 0, new Float32Array(7))).rejects.toMatchObject({ code: 'order-violated' });
    await add(engine, run, 0, 0, 10);
    await expect(add(engine, run, 0, 0, 10)).rejects.toMatchObject({ code: 'order-violated' });
    await run.close();
  });

  it('names its feature space by backbone, engine and build', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const same = await loadEngine(await nodeParts(), MODEL);
    expect(same.featureSpace).toBe(engine.featureSpace);
    await same.close();
    const runtime = await loadEngine(await nodeParts(), { ...MODEL, engine: 'onnxruntime' });
    expect(runtime.featureSpace).not.toBe(engine.featureSpace);
    await runtime.close();
    const short = await loadEngine(await nodeParts(), { ...MODEL, variant: 'int8' });
    expect(short.featureSpace).not.toBe(engine.featureSpace);
    await short.close();
  });

  it('says how much memory it has, less for fewer bits', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const [floats = 0] = await engine.memory();
    const short = await loadEngine(await nodeParts(), { ...MODEL, variant: 'int8' });
    const [integers = 0] = await short.memory();
    await short.close();
    expect(floats).toBeGreaterThan(20e6);
    expect(integers).toBeGreaterThan(5e6);
    expect(integers).toBeLessThan(floats);
  });

  it('gives a still the scores of a clip that shows nothing else', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const still = await engine.openStill();
    const clip = await engine.openClip({ duration: 0.2, mostWindows: 0 });
    const ofStill = await add(engine, still, 0, 0, 90);
    await add(engine, clip, 0, 0, 90);
    const ofClip = await add(engine, clip, 1, 0.1, 90);
    expect(ofStill.result?.answer).toEqual(ofClip.result?.answer);
    await still.close();
    await clip.close();
  });

  it('follows a stream, and drops frames that come sooner than the model wants them', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const live = await engine.openLive();
    const first = await live.addFrame(5, picture(10));
    expect(first.scores).not.toBeNull();
    expect(first.filled).toBeCloseTo(1 / 20, 5);
    expect((await live.addFrame(5.01, picture(20))).scores).toBeNull();
    expect((await live.addFrame(5.1, picture(20))).scores).not.toBeNull();
    await live.close();
  });

  it('drops what waits when a run is closed', async () => {
    engine = await loadEngine(await nodeParts(), MODEL);
    const run = await engine.openClip({ duration: 1, mostWindows: 0 });
    const waiting = run.addFeature(0, 0, new Float32Array(1280));
    const closing = run.close();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await closing;
  });

  it('frees frames that come after it was closed', async () => {
    const closed = await loadEngine(await nodeParts(), MODEL);
    await closed.close();
    const close = vi.fn();
    await expect(closed.extract({ close } as unknown as VideoFrame)).rejects.toMatchObject({ code: 'closed' });
    expect(close).toHaveBeenCalledOnce();
    expect(closed.ended).toBe(true);
  });

  it('leaves no handle behind', async () => {
    const { parts, handles } = await watchedParts();
    const loaded = await loadEngine(parts, MODEL);
    const finished = await loaded.openClip({ duration: 0.1, mostWindows: 0 });
    await add(loaded, finished, 0, 0, 1);
    const abandoned = await loaded.openClip({ duration: 5, mostWindows: 0 });
    await add(loaded, abandoned, 0, 0, 1);
    const live = await loaded.openLive();
    // The package and what extracts features are there as long as the engine.
    expect(await loaded.liveHandles()).toBe(5);
    await finished.close();
    await finished.close();
    await abandoned.close();
    await live.close();
    expect(await loaded.liveHandles()).toBe(2);
    await loaded.close();
    expect(handles()).toBe(0);
  });
});

describe('a model package on this device', () => {
  it.each([
    ['a .zip file', (files: Record<string, Uint8Array<ArrayBuffer>>) => zipOf(files)],
    [
      'a folder',
      (files: Record<string, Uint8Array<ArrayBuffer>>) =>
        Object.entries(files).map(([path, content]) => ({ path, content: new Blob([content]) })),
    ],
  ])('is loaded from %s, and answers as the same from its host', async (_, packed) => {
    const parts = await nodeParts();
    const names = ['model.json', 'backbone.onnx', 'head.onnx', 'report.json'];
    const files = await Promise.all(
      names.map(async (name) => [`ucf11/${name}`, await parts.read(new URL(name, DEFAULT_MODEL))] as const),
    );
    const seen: LoadProgress[] = [];
    const listener = {
      onModel: () => undefined,
      onProgress: (progress: LoadProgress) => {
        seen.push(progress);
      },
    };
    engine = await loadEngine(parts, { ...MODEL, model: packed(Object.fromEntries(files)) }, listener);
    expect(seen.at(-1)?.loaded).toBe(seen.at(-1)?.total);
    const hosted = await loadEngine(parts, MODEL);
    expect(engine.model).toEqual(hosted.model);
    expect(await engine.readReport()).toBe(await hosted.readReport());
    const answers = [engine, hosted].map(async (each) => {
      const still = await each.openStill();
      const { result } = await add(each, still, 0, 0, 90);
      await still.close();
      return result?.answer;
    });
    expect(await answers[0]).toEqual(await answers[1]);
    await hosted.close();
  });

  it('without a report has none', async () => {
    const { parts } = await changedModel((json) => json.replace(/"report": *"[^"]*"/, '"report": ""'));
    engine = await loadEngine(parts, MODEL);
    expect(await engine.readReport()).toBeNull();
  });
});

describe('a model package that is not in order', () => {
  it.each([
    ['is not JSON', () => 'Not found', 'model-invalid'],
    [
      'is of a newer format',
      (json: string) => json.replace('"format_version": 1', '"format_version": 2'),
      'model-too-new',
    ],
  ])('whose model.json %s is refused', async (_, change, code) => {
    const { parts, handles } = await changedModel(change);
    await expect(loadEngine(parts, MODEL)).rejects.toMatchObject({ code });
    expect(handles()).toBe(0);
  });

  it('without the wanted variant is refused', async () => {
    const { parts } = await watchedParts();
    await expect(loadEngine(parts, { ...MODEL, variant: 'int4' })).rejects.toMatchObject({ code: 'model-invalid' });
  });

  it('that is not there is refused', async () => {
    const { parts } = await watchedParts();
    const nowhere = { model: new URL('nowhere/', DEFAULT_MODEL).href };
    await expect(loadEngine(parts, nowhere)).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('whose graph file is altered is refused', async () => {
    const { parts } = await changedModel((json) => json, { 'head.onnx': new Uint8Array(1000) });
    await expect(loadEngine(parts, MODEL)).rejects.toMatchObject({ code: 'model-altered' });
  });

  it('whose graph file is cut short, with a hash that fits, is refused', async () => {
    const { read } = await nodeParts();
    const whole = await read(new URL('backbone.onnx', DEFAULT_MODEL));
    const short = whole.slice(0, whole.length / 2);
    const [from, to] = [await hashOf(whole), await hashOf(short)];
    const { parts, handles } = await changedModel((json) => json.replace(from, to), { 'backbone.onnx': short });
    await expect(loadEngine(parts, MODEL)).rejects.toMatchObject({ code: 'onnx-invalid' });
    expect(handles()).toBe(0);
  });

  it('whose labels do not fit its head is refused', async () => {
    const oneMore = '"labels": [{"id": "more", "title": "More", "description": ""},';
    const { parts, handles } = await changedModel((json) => json.replace(/"labels": *\[/, oneMore));
    await expect(loadEngine(parts, MODEL)).rejects.toMatchObject({ code: 'model-shape' });
    expect(handles()).toBe(0);
  });
});

describe('the choice of an engine', () => {
  const RUNTIME_VERSION = '1.30.0';

  /** The scores of one and the same clip. */
  async function answerOf(loaded: Engine) {
    const run = await loaded.openClip({ duration: 0.4, mostWindows: 0 });
    const last = await feed(loaded, run);
    await run.close();
    return last?.result?.answer;
  }

  /** The shipped model with an operator that our engine does not have, for one that computes the same. */
  async function foreignModel() {
    const { read } = await nodeParts();
    const whole = await read(new URL('backbone.onnx', DEFAULT_MODEL));
    const changed = Buffer.from(Buffer.from(whole).toString('latin1').replaceAll('"\x03Add', '"\x03Sum'), 'latin1');
    const bytes = new Uint8Array(changed);
    const [from, to] = [await hashOf(whole), await hashOf(bytes)];
    return changedModel((json) => json.replace(from, to), { 'backbone.onnx': bytes });
  }

  /** Parts whose plain build does not prove right. */
  async function unproved() {
    const parts = await nodeParts();
    const importModule: CoreBuild['importModule'] = async () => {
      const createModule = await parts.core.simd.importModule();
      return async (options) => Object.assign(await createModule(options), { selfTest: () => false });
    };
    return { ...parts, core: { ...parts.core, simd: { ...parts.core.simd, importModule } } };
  }

  it('auto takes our own, and does not even load ONNX Runtime', async () => {
    const importOnnxRuntime = vi.fn();
    const { parts } = await watchedParts({ importOnnxRuntime });
    engine = await loadEngine(parts, { ...MODEL, engine: 'auto' });
    expect(engine.engine.name).toBe('native');
    await answerOf(engine);
    expect(importOnnxRuntime).not.toHaveBeenCalled();
  });

  it('both give the same probabilities', async () => {
    engine = await loadEngine(await nodeParts(), { ...MODEL, engine: 'native' });
    const ours = await answerOf(engine);
    const reference = await loadEngine(await nodeParts(), { ...MODEL, engine: 'onnxruntime' });
    expect(reference.engine).toEqual({
      name: 'onnxruntime',
      version: RUNTIME_VERSION,
      simd: 'plain',
      steppedDown: null,
    });
    const theirs = await answerOf(reference);
    await reference.close();
    expect(ours?.answer).toBe(theirs?.answer);
    for (const [label, probability] of Object.entries(theirs?.probabilities ?? {})) {
      expect(ours?.probabilities[label]).toBeCloseTo(probability, 5);
    }
  });

  it('auto takes ONNX Runtime for a model with an operator that ours does not have, and says which', async () => {
    const { parts } = await foreignModel();
    const progress: LoadProgress[] = [];
    const listener = { onModel: () => undefined, onProgress: (step: LoadProgress) => void progress.push(step) };
    engine = await loadEngine(parts, MODEL, listener);
    expect(engine.engine).toMatchObject({ name: 'onnxruntime', steppedDown: expect.stringContaining('operator Sum') });
    // What is to be fetched grows once more when the runtime is needed.
    const totals = progress.map(({ total }) => total);
    expect(Math.max(...totals)).toBe(totals.at(-1));
    expect((totals.at(-1) ?? 0) - (totals[0] ?? 0)).toBe(parts.onnxRuntimeWasm.bytes);
    const theirs = await answerOf(engine);
    const own = await loadEngine(await nodeParts(), MODEL);
    expect((await answerOf(own))?.answer).toBe(theirs?.answer);
    await own.close();
  });

  it('such a model is refused where our own engine was asked for', async () => {
    const { parts, handles } = await foreignModel();
    await expect(loadEngine(parts, { ...MODEL, engine: 'native' })).rejects.toMatchObject({
      code: 'operator-unsupported',
      message: expect.stringContaining('needs ONNX Runtime: operator Sum'),
    });
    expect(handles()).toBe(0);
  });

  it('a device on which ours computes wrongly gets ONNX Runtime, or an error where ours was asked for', async () => {
    const parts = await unproved();
    engine = await loadEngine(parts, MODEL);
    expect(engine.engine).toMatchObject({
      name: 'onnxruntime',
      steppedDown: expect.stringContaining('on this device'),
    });
    await expect(loadEngine(parts, { ...MODEL, engine: 'native' })).rejects.toMatchObject({ code: 'engine-failed' });
  });
});

describe('ONNX Runtime that rejects', () => {
  // A C++ coroutine that awaits a rejected promise would never go on: these would not end.
  const failing = (session: unknown) => ({
    env: { wasm: {}, versions: { common: '0', web: '0' } },
    Tensor: class {
      dispose() {}
    },
    InferenceSession: { create: async () => session },
  });

  it('while loading, is an error and leaves no handle', async () => {
    const onnxRuntime = {
      ...failing(null),
      InferenceSession: { create: () => Promise.reject(new Error('no memory')) },
    };
    const { parts, handles } = await watchedParts({ importOnnxRuntime: async () => onnxRuntime as never });
    await expect(loadEngine(parts, { ...MODEL, engine: 'onnxruntime' })).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('no memory'),
    });
    expect(handles()).toBe(0);
  });

  it('while running, is an error, and everything is still freed', async () => {
    const release = vi.fn(async () => undefined);
    const onnxRuntime = failing({ run: () => Promise.reject(new Error('bad graph')), release });
    const { parts, handles } = await watchedParts({ importOnnxRuntime: async () => onnxRuntime as never });
    const loaded = await loadEngine(parts, { ...MODEL, engine: 'onnxruntime' });
    await expect(loaded.extract(picture(1))).rejects.toMatchObject({ code: 'engine-failed' });
    await loaded.close();
    expect(handles()).toBe(0);
    expect(release).toHaveBeenCalledTimes(2);
  });
});
