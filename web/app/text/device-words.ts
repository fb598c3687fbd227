/** Engines and what was measured of them, in words. */
import type { Contender, Speed } from '../../lib/index';
import { formatBytes, formatCount, formatElapsed, NARROW_SPACE } from './format';

/** `Own engine, relaxed SIMD`. */
export function contenderTitle({ engine, simd }: Contender): string {
  if (engine === 'onnxruntime') {
    return 'ONNX Runtime Web';
  }
  return simd === 'relaxed' ? 'Own engine, relaxed SIMD' : 'Own engine, SIMD';
}

/** `int8, one thread`, `int8, 2 workers`. */
export function contenderDetail({ variant, workers }: Pick<Contender, 'variant' | 'workers'>): string {
  return `${variant}, ${workers === 1 ? 'one thread' : formatCount(workers, 'worker')}`;
}

/** `half of them 14–17 ms`. */
export function spreadWords({ quartiles: [lower, upper] }: Speed): string {
  const [from = '', unit] = formatElapsed(lower).split(NARROW_SPACE);
  const to = formatElapsed(upper);
  return `half of them ${to.endsWith(`${NARROW_SPACE}${unit}`) ? from : formatElapsed(lower)}–${to}`;
}

/** `16.9 MB`, `2 × 16.9 MB`: of each worker as much as the one that has most; a dash where nobody can tell. */
export function memoryWords(memory: readonly number[] | null): string {
  if (memory === null || memory.length === 0) {
    return '–';
  }
  const most = formatBytes(Math.max(...memory));
  return memory.length === 1 ? most : `${memory.length} × ${most}`;
}

/** Frames a second: `71`, `9.4`. */
export function rateWords(rate: number): string {
  return rate.toFixed(rate < 9.95 ? 1 : 0);
}

/** What those who hear the page are told of a measurement. */
export function spokenSpeed(contender: Contender, speed: Speed): string {
  const each = formatElapsed(speed.milliseconds);
  return `${contenderTitle(contender)}, ${contenderDetail(contender)}: ${each} a frame, ${rateWords(speed.rate)} frames a second.`;
}
