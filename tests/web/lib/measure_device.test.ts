import { describe, expect, it, vi } from 'vitest';
import { isVideoFrame } from '../../../web/lib/frame';
import {
  type Contender,
  contendersOf,
  type MeasuredEngine,
  type MeasuringParts,
  measureEngines,
  measuringFrame,
  type Speed,
} from '../../../web/lib/measure_device';
import type { Engine, Extraction, LoadRequest } from '../../../web/worker/engine_contract';
import { FakeEngine } from './fakes';

/** Takes 4, 6, 8, 4, 6, 8, ... milliseconds a frame, as it says. */
class Contestant extends FakeEngine {
  readonly filled = Promise.resolve();
  computed = 0;
  beforeFrame: () => void = () => undefined;

  override async extract(): Promise<Extraction> {
    this.beforeFrame();
    const inference = 3 + 2 * (this.computed % 3);
    this.computed += 1;
    return { feature: new Float32Array(1), preprocess: 1, inference };
  }
}

/** Engines that were started, and what was asked of them. */
function partsWith(change: (engine: Contestant, request: Omit<LoadRequest, 'model'>) => void = () => undefined) {
  const engines: Contestant[] = [];
  const requests: Omit<LoadRequest, 'model'>[] = [];
  const parts: MeasuringParts = {
    relaxed: true,
    workers: 2,
    start: async (request, workers): Promise<MeasuredEngine> => {
      const engine = new Contestant();
      engine.workers = workers;
      requests.push(request);
      engines.push(engine);
      change(engine, request);
      return engine as Engine & Contestant;
    },
  };
  return { parts, engines, requests };
}

function heard() {
  const speeds = new Map<Contender, Speed>();
  const errors = new Map<Contender, Error>();
  let contenders: readonly Contender[] = [];
  const started: Contender[] = [];
  return {
    speeds,
    errors,
    started,
    contenders: () => contenders,
    listener: {
      onContenders: (all: readonly Contender[]) => {
        contenders = all;
      },
      onStart: (contender: Contender) => void started.push(contender),
      onSpeed: (contender: Contender, speed: Speed) => void speeds.set(contender, speed),
      onError: (contender: Contender, error: Error) => void errors.set(contender, error),
    },
  };
}

const { signal } = new AbortController();

describe('who is measured', () => {
  const model = {
    variant: 'int8',
    variants: [
      { name: 'fp32', bytes: 9 },
      { name: 'int8', bytes: 3 },
    ],
  };
  const words = ({ variant, engine, simd, workers }: Contender) => `${variant} ${engine} ${simd} ${workers}`;

  it('is each engine with each form, the default first, and all workers at last', () => {
    expect(contendersOf(model, { relaxed: true, workers: 4 }).map(words)).toEqual([
      'int8 native relaxed 1',
      'int8 native plain 1',
      'int8 onnxruntime null 1',
      'fp32 native relaxed 1',
      'fp32 native plain 1',
      'fp32 onnxruntime null 1',
      'int8 native relaxed 4',
    ]);
  });

  it('is nobody whose instructions or cores the device does not have', () => {
    expect(contendersOf(model, { relaxed: false, workers: 1 }).map(words)).toEqual([
      'int8 native plain 1',
      'int8 onnxruntime null 1',
      'fp32 native plain 1',
      'fp32 onnxruntime null 1',
    ]);
  });
});

describe('a measurement', () => {
  it('is of 40 frames a worker, after five that warm up: median, quartiles, memory', async () => {
    const { parts, engines } = partsWith();
    const { listener, speeds, contenders } = heard();
    await measureEngines(parts, listener, signal);
    const [alone] = contenders();
    const pair = contenders().at(-1);
    expect(speeds.get(alone as Contender)).toMatchObject({
      frames: 40,
      workers: 1,
      milliseconds: 6,
      quartiles: [4, 8],
      memory: [1e6],
    });
    expect(speeds.get(pair as Contender)).toMatchObject({ frames: 80, workers: 2, memory: [1e6, 1e6] });
    expect(engines[1]?.computed).toBe(45);
  });

  it('tells frames a second by the clock on the wall', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { parts } = partsWith((engine) => {
      engine.beforeFrame = () => vi.advanceTimersByTime(20);
    });
    const { listener, speeds, contenders } = heard();
    await measureEngines(parts, listener, signal);
    vi.useRealTimers();
    expect(speeds.get(contenders()[0] as Contender)?.rate).toBeCloseTo(50);
  });

  it('asks for plain SIMD where the device has more, and for nothing else of the kind', async () => {
    const { parts, requests } = partsWith();
    await measureEngines(parts, heard().listener, signal);
    expect(requests.slice(1, 4)).toEqual([
      { variant: 'fp32', engine: 'native' },
      { variant: 'fp32', engine: 'native', simd: 'plain' },
      { variant: 'fp32', engine: 'onnxruntime' },
    ]);
  });

  it('that fails leaves the others to be measured, and every engine is closed', async () => {
    const { parts, engines } = partsWith((engine, { engine: choice }) => {
      engine.beforeFrame = () => {
        if (choice === 'onnxruntime') throw new Error('it does not run');
      };
    });
    const { listener, speeds, errors, contenders } = heard();
    await measureEngines(parts, listener, signal);
    const [relaxed, plain, theirs, pair] = contenders() as [Contender, Contender, Contender, Contender];
    expect([...errors.keys()]).toEqual([theirs]);
    expect([...speeds.keys()]).toEqual([relaxed, plain, pair]);
    expect(engines.every(({ closed }) => closed)).toBe(true);
  });

  it('ends with the signal, within a frame, and starts nobody else', async () => {
    const stopping = new AbortController();
    const { parts, engines } = partsWith((engine) => {
      engine.beforeFrame = () => {
        if (engine.computed === 7) stopping.abort();
      };
    });
    const { listener, started, speeds } = heard();
    const measuring = measureEngines(parts, listener, stopping.signal);
    await expect(measuring).rejects.toMatchObject({ code: 'cancelled' });
    expect(started).toHaveLength(1);
    expect(speeds.size).toBe(0);
    expect(engines[1]?.computed).toBeLessThan(10);
    expect(engines.every(({ closed }) => closed)).toBe(true);
  });

  it('does not begin where the model cannot be loaded', async () => {
    const { parts } = partsWith();
    const failing = { ...parts, start: () => Promise.reject(new Error('no model')) };
    const { listener, started } = heard();
    await expect(measureEngines(failing, listener, signal)).rejects.toThrow('no model');
    expect(started).toEqual([]);
  });
});

describe('a frame that is measured with', () => {
  const pixels = (index: number) => {
    const frame = measuringFrame(index);
    if (isVideoFrame(frame)) throw new Error('it is none of the browser');
    return new Uint8Array(frame.buffer);
  };

  it('is the same each time, and another than the next', () => {
    expect(pixels(3)).toEqual(pixels(3));
    expect(pixels(3)).not.toEqual(pixels(4));
    expect(pixels(3)).toHaveLength(320 * 240 * 4);
  });
});
