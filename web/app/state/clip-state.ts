/** What the page knows of one file, as a value: every event gives a new state, so that a component redraws when it must. */
import type { ClipDescription, ClipProgress, ClipResult, SampledFrame, Scores, WindowScores } from '../../lib/types';

export type ClipPhase =
  /** Waits until engine and model are loaded. */
  'queued' | 'opening' | 'looking' | 'answered' | 'failed' | 'cancelled';

export interface ClipState {
  readonly id: number;
  readonly file: File;
  /** Object URL of the file; whoever drops the state revokes it. */
  readonly url: string;
  readonly phase: ClipPhase;
  readonly description: ClipDescription | null;
  readonly progress: ClipProgress | null;
  readonly first: Scores | null;
  /** The frames of the first look, ascending by time, each once. */
  readonly frames: readonly SampledFrame[];
  /** Those known so far, ascending by start. */
  readonly windows: readonly WindowScores[];
  readonly result: ClipResult | null;
  readonly error: Error | null;
}

export type ClipEvent =
  | { type: 'started' }
  | { type: 'opened'; description: ClipDescription }
  | { type: 'progressed'; progress: ClipProgress }
  | { type: 'first-look'; first: Scores; frames: readonly SampledFrame[] }
  | { type: 'window'; window: WindowScores }
  | { type: 'answered'; result: ClipResult }
  | { type: 'failed'; error: Error }
  | { type: 'cancelled' }
  | { type: 'requeued' };

export function newClip(id: number, file: File, url: string): ClipState {
  return {
    id,
    file,
    url,
    phase: 'queued',
    description: null,
    progress: null,
    first: null,
    frames: [],
    windows: [],
    result: null,
    error: null,
  };
}

export function isRunning({ phase }: ClipState): boolean {
  return phase === 'opening' || phase === 'looking';
}

/** Queued or running: it can still be cancelled. */
export function isPending(clip: ClipState): boolean {
  return clip.phase === 'queued' || isRunning(clip);
}

/** The best that is known of the clip's action: the answer, else the first look, else nothing. */
export function scoresOf(clip: ClipState): Scores | null {
  return clip.result ?? clip.first;
}

export function advanceClip(clip: ClipState, event: ClipEvent): ClipState {
  switch (event.type) {
    case 'requeued':
      return newClip(clip.id, clip.file, clip.url);
    case 'started':
      return { ...clip, phase: 'opening' };
    case 'opened':
      // An engine that died is started again, and the clip with it: what the first attempt had found will come once more.
      return { ...newClip(clip.id, clip.file, clip.url), phase: 'looking', description: event.description };
    case 'progressed':
      return { ...clip, phase: 'looking', progress: event.progress };
    case 'first-look':
      return { ...clip, phase: 'looking', first: event.first, frames: distinctFrames(event.frames) };
    case 'window':
      return { ...clip, windows: [...clip.windows, event.window].sort((a, b) => a.start - b.start) };
    case 'answered':
      return {
        ...clip,
        phase: 'answered',
        description: event.result.file,
        first: event.result.first,
        windows: event.result.windows,
        result: event.result,
      };
    case 'failed':
      return { ...clip, phase: 'failed', error: event.error };
    case 'cancelled':
      return { ...clip, phase: 'cancelled' };
  }
}

/** A first look at a short clip takes the same frame more than once. */
function distinctFrames(frames: readonly SampledFrame[]): SampledFrame[] {
  const ascending = [...frames].sort((a, b) => a.time - b.time);
  return ascending.filter((frame, index) => frame.time !== ascending[index - 1]?.time);
}
