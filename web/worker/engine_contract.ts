/** What the library asks of an engine, whether it runs here (engine.ts), in a worker (client.ts) or in several (pool.ts). */

import type { Frame, SampleRequest } from '../lib/frame';
import type { EngineChoice, EngineDescription, LoadProgress, ModelDescription, Scores } from '../lib/types';
import type { PackageSource, ReadFiles } from './package_files';
import type { CoreStep } from './wasm_module';

export type { ClipFindings } from './wasm_module';

export interface LoadRequest {
  model: PackageSource;
  variant?: string | undefined;
  engine?: EngineChoice | undefined;
  /** Does without relaxed SIMD where the device has it, to be measured so. */
  simd?: 'plain' | undefined;
  /** What another engine has read by the same request: none of it is fetched again. */
  files?: ReadFiles | undefined;
}

/** Who hears how loading goes. */
export interface LoadListener {
  onModel(model: ModelDescription): void;
  onProgress(progress: LoadProgress): void;
}

export interface ClipRequest {
  /** Seconds. */
  duration: number;
  /** Windows that a long clip is limited to; 0 for no limit. */
  mostWindows: number;
}

export interface ClipPlan {
  /** Every sample that the answer or the first look reads, ascending. */
  samples: SampleRequest[];
  firstLook: SampleRequest[];
  /** Those that windows, and so the answer, read. */
  windowSamples: SampleRequest[];
}

/** A frame's feature, and what it took. */
export interface Extraction {
  /** The backbone's output; it belongs to whoever asked. */
  feature: Float32Array<ArrayBuffer>;
  /** Milliseconds spent. */
  preprocess: number;
  inference: number;
}

export interface ClipStep extends CoreStep {
  endedEarly: boolean;
  /** Milliseconds spent on windows. */
  inference: number;
}

export interface ClipRun {
  readonly plan: ClipPlan;
  /**
   * Takes the feature of a sample's frame, which is copied; samples in any order. `timestamp`: the frame's, seconds from the start of
   * the clip. `standsIn`: it is not the sample's own, but near enough for the first look; windows still wait for the sample's own.
   */
  addFeature(sample: number, timestamp: number, feature: Float32Array, standsIn?: boolean): Promise<ClipStep>;
  /** No more features will come, although the duration promised them. */
  endEarly(): Promise<ClipStep>;
  /** Frees the clip, finished or not; what still waits is dropped. */
  close(): Promise<void>;
}

export interface LiveStep {
  /** Null where the frame came sooner than the model's rate asks for, and was dropped. */
  scores: Scores | null;
  filled: number;
}

export interface LiveRun {
  addFrame(timestamp: number, frame: Frame): Promise<LiveStep>;
  close(): Promise<void>;
}

export interface Engine {
  readonly model: ModelDescription;
  readonly engine: EngineDescription;
  /** Engines of equal feature space give the same feature for the same frame, bit for bit. */
  readonly featureSpace: string;
  /** Frames that it works on at once; it may change from call to call. */
  readonly workers: number;
  /** Whether it has died or was closed: nothing more will come of it. */
  readonly ended: boolean;
  /** Computes the feature of a frame, which it takes over and always frees. */
  extract(frame: Frame): Promise<Extraction>;
  openClip(request: ClipRequest): Promise<ClipRun>;
  openStill(): Promise<ClipRun>;
  openLive(): Promise<LiveRun>;
  /** The text of the package's report; null where it has none. */
  readReport(): Promise<string | null>;
  /** Objects in the modules that nobody has freed: 0 when every run is closed, and the engine too. */
  liveHandles(): Promise<number>;
  /**
   * Bytes of memory that the core's module has in each worker: all of our own engine's. ONNX Runtime's module has another beside it,
   * which is not counted.
   */
  memory(): Promise<number[]>;
  close(): Promise<void>;
}
