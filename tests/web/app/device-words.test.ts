import { describe, expect, it } from 'vitest';
import {
  contenderDetail,
  contenderTitle,
  memoryWords,
  rateWords,
  spokenSpeed,
  spreadWords,
} from '../../../web/app/text/device-words';
import type { Contender, Speed } from '../../../web/lib/measure_device';

const contender: Contender = { variant: 'int8', engine: 'native', simd: 'relaxed', workers: 1 };
const speed: Speed = {
  engine: { name: 'native', version: '9', simd: 'relaxed', steppedDown: null },
  workers: 1,
  frames: 40,
  milliseconds: 14,
  quartiles: [13.6, 120],
  rate: 70.6,
  memory: [16.9e6],
};
/** Narrow spaces as spaces. */
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('the words for an engine', () => {
  it('say what it is, with which instructions, form of the model and workers', () => {
    expect(contenderTitle(contender)).toBe('Own engine, relaxed SIMD');
    expect(contenderTitle({ ...contender, simd: 'plain' })).toBe('Own engine, SIMD');
    expect(contenderTitle({ ...contender, engine: 'onnxruntime', simd: null })).toBe('ONNX Runtime Web');
    expect(contenderDetail(contender)).toBe('int8, one thread');
    expect(contenderDetail({ ...contender, workers: 4 })).toBe('int8, 4 workers');
  });
});

describe('the words for a measurement', () => {
  it('say how far frames are apart', () => {
    expect(plain(spreadWords(speed))).toBe('half of them 14–120 ms');
    expect(plain(spreadWords({ ...speed, quartiles: [900, 1200] }))).toBe('half of them 900 ms–1.20 s');
  });

  it('round frames a second where tenths mean nothing', () => {
    expect(rateWords(70.6)).toBe('71');
    expect(rateWords(9.44)).toBe('9.4');
  });

  it('give the memory of each worker, and a dash where nobody can tell', () => {
    expect(plain(memoryWords([16.9e6]))).toBe('16.9 MB');
    expect(plain(memoryWords([16.9e6, 17e6]))).toBe('2 × 17.0 MB');
    expect(memoryWords(null)).toBe('–');
  });

  it('can be said in one sentence', () => {
    expect(plain(spokenSpeed(contender, speed))).toBe(
      'Own engine, relaxed SIMD, int8, one thread: 14 ms a frame, 71 frames a second.',
    );
  });
});
