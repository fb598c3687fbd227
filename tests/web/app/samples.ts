/** Plain data that the tests of the page share. */
import type { ClipDescription, ClipResult, ModelDescription, Scores, WindowScores } from '../../../web/lib/types';

export const model: ModelDescription = {
  name: 'test',
  title: 'Test actions',
  version: '1.2.3',
  license: 'none',
  labels: [
    { id: 'biking', title: 'Biking', description: 'Riding a bicycle.' },
    { id: 'golf_swing', title: 'Golf swing', description: 'Swinging a golf club.' },
    { id: 'none', title: 'None of these', description: 'Anything else.' },
  ],
  noneLabel: 'none',
  rate: 10,
  windowFrames: 20,
  variant: 'fp32',
  variants: [{ name: 'fp32', bytes: 10_000_000 }],
};

export function scores(answer: string, confidence: number, sure = confidence >= 0.4): Scores {
  return { answer, confidence, sure, probabilities: { [answer]: confidence } };
}

export function windowScores(answer: string, start: number, end: number): WindowScores {
  return { ...scores(answer, 0.8), start, end };
}

export const clip: ClipDescription = {
  name: 'ride.mp4',
  size: 4_310_000,
  duration: 10,
  width: 320,
  height: 240,
  source: 'webcodecs',
  container: 'MP4',
  codec: 'H.264',
};

export function result(changes: Partial<ClipResult> = {}): ClipResult {
  return {
    format: 'actionscope-result',
    formatVersion: 1,
    ...scores('biking', 0.93),
    file: clip,
    first: scores('biking', 0.7),
    windows: [windowScores('biking', 0.05, 1.95)],
    samples: [
      { time: 0.05, timestamp: 0 },
      { time: 1.95, timestamp: 1.92 },
    ],
    endedEarly: false,
    partial: false,
    firstLookSnapped: false,
    model: { name: 'test', version: '1.2.3', variant: 'fp32' },
    engine: { name: 'native', version: '0.1.0', simd: 'relaxed', steppedDown: null },
    timings: { first: 200, answer: 900, decode: 300, preprocess: 50, inference: 500 },
    actionscope: '0.1.0',
    ...changes,
  };
}
