import { describe, expect, it } from 'vitest';
import { workerCount } from '../../../web/lib/worker_count';

describe('workers, unless a number is asked for,', () => {
  it.each([
    ['as many as there are cores', { hardwareConcurrency: 2 }, 2],
    ['four at most', { hardwareConcurrency: 16 }, 4],
    ['two where there is little memory', { hardwareConcurrency: 8, deviceMemory: 2 }, 2],
    ['four where there is enough', { hardwareConcurrency: 8, deviceMemory: 8 }, 4],
    ['one where the browser tells of no core', { hardwareConcurrency: 0 }, 1],
  ])('are %s', (_, device, expected) => {
    expect(workerCount(undefined, device)).toBe(expected);
  });
});

describe('a number of workers', () => {
  it.each([
    [3, 3],
    [0, 1],
    [100, 8],
    [2.9, 2],
    [Number.NaN, 1],
  ])('asked for as %d is %d', (wanted, expected) => {
    expect(workerCount(wanted, { hardwareConcurrency: 2 })).toBe(expected);
  });
});
