/**
 * The engine where it runs: the WebAssembly module, ONNX Runtime Web where it is needed, and a model package. Used as it is in Node,
 * and by the worker.
 */

import type * as OnnxRuntime from 'onnxruntime-web/wasm';
import { ActionscopeError } from '../lib/errors';
import { closeFrame, type Frame, type FrameLayout, isVideoFrame } from '../lib/frame';
import type { EngineChoice, EngineDescription, ModelDescription } from '../lib/types';
import { ACTIONSCOPE_VERSION } from '../lib/version';
import { copyVideoFrame } from '../media/video_frame';
import { unwrap } from './core_error';
import { type CoreBuilds, type CoreModule, hasRelaxedSimd, readWasm, startCore, type WasmFile } from './core_module';
import { EarlyGraphs, graphsNamedIn } from './early_graphs';
import type {
  ClipPlan,
  ClipRequest,
  ClipRun,
  ClipStep,
  Engine,
  Extraction,
  LiveRun,
  LiveStep,
  LoadListener,
  LoadRequest,
} from './engine_contract';
import { featureSpaceOf } from './feature_space';
import { type ModelPackage, openPackage, type ReadBytes } from './package_files';
import { Serial } from './serial';
import type {
  CoreClip,
  CoreExtractor,
  CoreLive,
  CoreModel,
  CorePackage,
  GraphFile,
  ModelFacts,
  VariantFacts,
  WasmModule,
} from './wasm_module';

/** What the engine is made of, however page and command line come by it. */
export interface EngineParts {
  core: CoreBuilds;
  /** ONNX Runtime Web is large; it is loaded only where it is asked for, or where our own engine cannot run the model. */
  importOnnxRuntime: () => Promise<typeof OnnxRuntime>;
  onnxRuntimeWasm: WasmFile;
  read: ReadBytes;
}

/**
 * Milliseconds at least from one word of progress to the next: each makes the page draw itself anew. A new total and the end are told
 * at once.
 */
const PROGRESS_INTERVAL = 50;

/** Adds up the bytes of several downloads. */
class Progress {
  #loaded = 0;
  #total = 0;
  #told = Number.NEGATIVE_INFINITY;

  constructor(private readonly listener: LoadListener | undefined) {}

  /** Announces bytes that are to come. */
  expect(bytes: number): void {
    this.#total += bytes;
    this.#told = Number.NEGATIVE_INFINITY;
    this.add(0);
  }

  readonly add = (bytes: number): void => {
    this.#loaded += bytes;
    const total = this.#total;
    const now = performance.now();
    if (this.#loaded < total && now - this.#told < PROGRESS_INTERVAL) return;
    this.#told = now;
    this.listener?.onProgress({ loaded: Math.min(this.#loaded, total), total });
  };
}

function chooseVariant(facts: ModelFacts, name: string | undefined): VariantFacts {
  const wanted = name ?? facts.defaultVariant;
  const variant = facts.variants.find((candidate) => candidate.name === wanted);
  if (variant === undefined) {
    const known = facts.variants.map((candidate) => candidate.name).join(', ');
    throw new ActionscopeError('model-invalid', `The model has no variant “${wanted}”.`, `It has: ${known}.`);
  }
  return variant;
}

/** Loads ONNX Runtime Web, on one thread. */
async function startOnnxRuntime(parts: EngineParts, progress: Progress): Promise<typeof OnnxRuntime> {
  progress.expect(parts.onnxRuntimeWasm.bytes);
  const [onnxRuntime, binary] = await Promise.all([
    parts.importOnnxRuntime(),
    readWasm(parts.onnxRuntimeWasm, parts.read, progress.add),
  ]);
  onnxRuntime.env.wasm.numThreads = 1;
  onnxRuntime.env.wasm.wasmBinary = binary.buffer;
  return onnxRuntime;
}

interface Graphs {
  variant: string;
  backbone: Uint8Array;
  head: Uint8Array;
}

/**
 * Puts the graphs into the engine that was chosen. `auto` takes ours, and ONNX Runtime for graphs that ours does not know and on
 * devices where ours computes something else than it should.
 */
async function startGraphs(
  core: CoreModule,
  described: CoreModel,
  parts: EngineParts,
  choice: EngineChoice,
  graphs: Graphs,
  progress: Progress,
): Promise<{ loaded: CorePackage; engine: EngineDescription }> {
  const { variant, backbone, head } = graphs;
  let { steppedDown } = core;
  if (choice === 'native' || (choice === 'auto' && core.proved)) {
    if (!core.proved) {
      throw new ActionscopeError(
        'engine-failed',
        'The engine of this page computes something else on this device than it should.',
        'Choose ONNX Runtime Web as the engine.',
      );
    }
    const outcome = await described.load(variant, backbone, head, null);
    if (choice === 'native' || outcome.error?.code !== 'operator-unsupported') {
      const engine = { name: 'native', version: ACTIONSCOPE_VERSION, simd: core.simd, steppedDown } as const;
      return { loaded: unwrap(outcome), engine };
    }
    steppedDown = outcome.error.message;
  }
  const onnxRuntime = await startOnnxRuntime(parts, progress);
  const loaded = unwrap(await described.load(variant, backbone, head, onnxRuntime));
  const { versions } = onnxRuntime.env;
  const version = versions.web ?? versions.common;
  return { loaded, engine: { name: 'onnxruntime', version, simd: core.simd, steppedDown } };
}

/**
 * Loads everything that classifying needs; afterwards nothing is fetched any more. `expected`: graphs that the model is thought to have,
 * which are fetched beside its model.json; only that says what is used. Throws ActionscopeErrors.
 */
export async function loadEngine(
  parts: EngineParts,
  request: LoadRequest,
  listener?: LoadListener,
  expected: GraphFile[] = [],
): Promise<Engine> {
  const { read } = parts;
  const opening = openPackage(request.model, read).then(async (files) => {
    const graphs = new EarlyGraphs(files);
    graphs.begin(expected);
    const json = await files.readModelJson();
    // What lies on this device is there at once, and may claim to be anything.
    if (typeof request.model === 'string') graphs.begin(graphsNamedIn(json, request.variant));
    return { files, json, graphs };
  });
  const [core, { files, json, graphs }] = await Promise.all([
    startCore(parts.core, read, request.simd !== 'plain' && hasRelaxedSimd()),
    opening,
  ]);
  const described = unwrap(core.module.Model.read(json));
  try {
    const facts = described.facts();
    const variant = chooseVariant(facts, request.variant);
    const model = describeModel(facts, variant.name);
    listener?.onModel(model);

    const progress = new Progress(listener);
    progress.expect(core.bytes + variant.backbone.bytes + variant.head.bytes);
    progress.add(core.bytes);
    const [backbone, head] = await Promise.all([
      graphs.read(variant.backbone, progress.add),
      graphs.read(variant.head, progress.add),
    ]);
    const given = { variant: variant.name, backbone, head };
    const { loaded, engine } = await startGraphs(core, described, parts, request.engine ?? 'auto', given, progress);
    const featureSpace = featureSpaceOf(json, variant.name, engine);
    return new LocalEngine(core.module, loaded, model, engine, featureSpace, files, facts.report);
  } finally {
    described.delete();
  }
}

function describeModel(facts: ModelFacts, variant: string): ModelDescription {
  const { name, title, version, license, labels, noneLabel, rate, windowFrames } = facts;
  const variants = facts.variants.map((each) => ({ name: each.name, bytes: each.backbone.bytes + each.head.bytes }));
  return { name, title, version, license, labels, noneLabel, rate, windowFrames, variant, variants };
}

/** Writes a frame's pixels into the module's memory, and frees the frame. */
async function place(frame: Frame, core: CoreExtractor | CoreLive): Promise<FrameLayout> {
  const allocate = (bytes: number) => unwrap(core.frameBuffer(bytes));
  if (!isVideoFrame(frame)) {
    allocate(frame.buffer.byteLength).set(new Uint8Array(frame.buffer));
    return frame.layout;
  }
  try {
    // The view outlives an await; nothing else runs in the module meanwhile, so that its memory stays where it is.
    return await copyVideoFrame(frame, allocate);
  } finally {
    frame.close();
  }
}

/** One handle of the module, used by one job at a time, freed once. */
class Run<Core extends CoreClip | CoreLive> {
  #closed = false;

  constructor(
    protected readonly core: Core,
    protected readonly serial: Serial,
  ) {}

  /** Runs a job unless the handle has been closed while it waited. */
  protected job<T>(work: () => T | Promise<T>, dropped?: () => void): Promise<T> {
    return this.serial.run(() => {
      if (!this.#closed) return work();
      dropped?.();
      throw new ActionscopeError('cancelled', 'The run was cancelled.');
    });
  }

  close(): Promise<void> {
    const already = this.#closed;
    this.#closed = true;
    return this.serial.run(() => {
      if (!already) this.core.delete();
    });
  }
}

class LocalClipRun extends Run<CoreClip> implements ClipRun {
  readonly plan: ClipPlan;

  constructor(core: CoreClip, serial: Serial) {
    super(core, serial);
    this.plan = { samples: core.samples(), firstLook: core.firstLook(), windowSamples: core.windowSamples() };
  }

  addFeature(sample: number, timestamp: number, feature: Float32Array, standsIn = false): Promise<ClipStep> {
    return this.job(() => {
      if (standsIn) unwrap(this.core.addStandIn(sample, timestamp, feature));
      else unwrap(this.core.addFeature(sample, timestamp, feature));
      return this.#run();
    });
  }

  endEarly(): Promise<ClipStep> {
    return this.job(() => {
      unwrap(this.core.endEarly());
      return this.#run();
    });
  }

  async #run(): Promise<ClipStep> {
    const start = performance.now();
    const step = unwrap(await this.core.run());
    return { ...step, endedEarly: this.core.endedEarly(), inference: performance.now() - start };
  }
}

class LocalLiveRun extends Run<CoreLive> implements LiveRun {
  addFrame(timestamp: number, frame: Frame): Promise<LiveStep> {
    return this.job(
      async () => {
        const layout = await place(frame, this.core);
        unwrap(this.core.addFrame(timestamp, layout));
        return unwrap(await this.core.run());
      },
      () => closeFrame(frame),
    );
  }
}

class LocalEngine implements Engine {
  readonly workers = 1;
  readonly #serial = new Serial();
  readonly #extractor: CoreExtractor;
  #closed = false;

  constructor(
    private readonly module: WasmModule,
    private readonly core: CorePackage,
    readonly model: ModelDescription,
    readonly engine: EngineDescription,
    readonly featureSpace: string,
    private readonly files: ModelPackage,
    private readonly report: string,
  ) {
    this.#extractor = core.openExtractor();
  }

  get ended(): boolean {
    return this.#closed;
  }

  extract(frame: Frame): Promise<Extraction> {
    return this.#serial.run(async () => {
      if (this.#closed) {
        closeFrame(frame);
        throw new ActionscopeError('closed', 'The engine is closed.');
      }
      const start = performance.now();
      unwrap(this.#extractor.addFrame(await place(frame, this.#extractor)));
      const preprocessed = performance.now();
      const feature = unwrap(await this.#extractor.run());
      return { feature, preprocess: preprocessed - start, inference: performance.now() - preprocessed };
    });
  }

  openClip({ duration, mostWindows }: ClipRequest): Promise<ClipRun> {
    return this.#serial.run(() => new LocalClipRun(unwrap(this.core.openClip(duration, mostWindows)), this.#serial));
  }

  openStill(): Promise<ClipRun> {
    return this.#serial.run(() => new LocalClipRun(this.core.openStill(), this.#serial));
  }

  openLive(): Promise<LiveRun> {
    return this.#serial.run(() => new LocalLiveRun(this.core.openLive(), this.#serial));
  }

  async readReport(): Promise<string | null> {
    return this.report === '' ? null : this.files.readText(this.report);
  }

  liveHandles(): Promise<number> {
    return this.#serial.run(() => this.module.liveHandles());
  }

  memory(): Promise<number[]> {
    return this.#serial.run(() => [this.module.memoryBytes()]);
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#serial.run(async () => {
      this.#extractor.delete();
      await this.core.close();
      this.core.delete();
    });
  }
}
