/** What the page and the engine's worker say to each other. */

import type { Frame } from '../lib/frame';
import type { EngineDescription, ModelDescription } from '../lib/types';
import type { Answer } from './answer';
import type { ClipPlan, ClipRequest, ClipStep, LiveStep, LoadListener, LoadRequest } from './engine_contract';

/** A run's number stands for its handle, which stays in the worker. */
export interface WorkerApi {
  load(
    request: LoadRequest,
    listener: LoadListener,
  ): Promise<Answer<{ model: ModelDescription; engine: EngineDescription }>>;
  openClip(request: ClipRequest): Promise<Answer<{ run: number; plan: ClipPlan }>>;
  openStill(): Promise<Answer<{ run: number; plan: ClipPlan }>>;
  openLive(): Promise<Answer<{ run: number }>>;
  addClipFrame(
    run: number,
    sample: number,
    timestamp: number,
    frame: Frame,
    standsIn?: boolean,
  ): Promise<Answer<ClipStep>>;
  endClipEarly(run: number): Promise<Answer<ClipStep>>;
  addLiveFrame(run: number, timestamp: number, frame: Frame): Promise<Answer<LiveStep>>;
  closeRun(run: number): Promise<Answer<void>>;
  readReport(): Promise<Answer<string | null>>;
  liveHandles(): Promise<Answer<number>>;
  close(): Promise<Answer<void>>;
}
