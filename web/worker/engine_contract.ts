/** What the library asks of an engine, whether it runs here (engine.ts) or in a worker (client.ts). */

import type { Frame, SampleRequest } from '../lib/frame';
import type { EngineChoice, EngineDescription, LoadProgress, ModelDescription, Scores } from '../lib/types';
import type { PackageSource } from './package_files';
import type { CoreStep } from './wasm_module';

export type { ClipFindings } from './wasm_module';

export interface LoadRequest {
  model: PackageSource;
  variant?: string | undefined;
  engine?: EngineChoice | undefined;
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

export interface ClipStep extends CoreStep {
  endedEarly: boolean;
  /** Milliseconds spent. */
  preprocess: number;
  inference: number;
}

export interface ClipRun {
  readonly plan: ClipPlan;
  /**
   * Takes over the frame. `timestamp`: seconds from the start of the clip. `standsIn`: it is not the sample's own, but near enough
   * for the first look; windows still wait for the sample's own.
   */
  addFrame(sample: number, timestamp: number, frame: Frame, standsIn?: boolean): Promise<ClipStep>;
  /** No more frames will come, although the duration promised them. */
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
  openClip(request: ClipRequest): Promise<ClipRun>;
  openStill(): Promise<ClipRun>;
  openLive(): Promise<LiveRun>;
  /** The text of the package's report; null where it has none. */
  readReport(): Promise<string | null>;
  /** Objects in the module that nobody has freed: 0 when every run is closed, and the engine too. */
  liveHandles(): Promise<number>;
  close(): Promise<void>;
}
