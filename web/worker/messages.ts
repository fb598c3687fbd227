/** What the page and the engine's worker say to each other. */

import type { Frame } from '../lib/frame';
import type { EngineDescription, ModelDescription } from '../lib/types';
import type { Answer } from './answer';
import type {
  ClipPlan,
  ClipRequest,
  ClipStep,
  Extraction,
  LiveStep,
  LoadListener,
  LoadRequest,
} from './engine_contract';
import type { ReadFiles } from './package_files';

/** What loading gives. */
export interface Loaded {
  model: ModelDescription;
  engine: EngineDescription;
  featureSpace: string;
  /** What was read for it, which the worker needs no more: for others to load by the same request. */
  files: ReadFiles;
}

/** A run's number stands for its handle, which stays in the worker. */
export interface WorkerApi {
  load(request: LoadRequest, listener: LoadListener): Promise<Answer<Loaded>>;
  extract(frame: Frame): Promise<Answer<Extraction>>;
  openClip(request: ClipRequest): Promise<Answer<{ run: number; plan: ClipPlan }>>;
  openStill(): Promise<Answer<{ run: number; plan: ClipPlan }>>;
  openLive(): Promise<Answer<{ run: number }>>;
  addFeature(
    run: number,
    sample: number,
    timestamp: number,
    feature: Float32Array,
    standsIn: boolean,
  ): Promise<Answer<ClipStep>>;
  endClipEarly(run: number): Promise<Answer<ClipStep>>;
  addLiveFrame(run: number, timestamp: number, frame: Frame): Promise<Answer<LiveStep>>;
  closeRun(run: number): Promise<Answer<void>>;
  readReport(): Promise<Answer<string | null>>;
  liveHandles(): Promise<Answer<number>>;
  memory(): Promise<Answer<number[]>>;
  close(): Promise<Answer<void>>;
}
