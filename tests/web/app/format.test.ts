import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatElapsed, formatPercent, formatTime } from '../../../web/app/text/format';

/** The page sets its units with a narrow space that does not break. */
const spaced = (text: string) => text.replaceAll('\u202f', ' ');

describe('formatTime', () => {
  it.each([
    [0, '0:00.0'],
    [7.3, '0:07.3'],
    [7.349, '0:07.3'],
    [59.94, '0:59.9'],
    [59.96, '1:00.0'],
    [600, '10:00.0'],
    [3723.4, '1:02:03.4'],
    [-0.01, '0:00.0'],
  ])('writes %d seconds as %s', (seconds, expected) => {
    expect(formatTime(seconds)).toBe(expected);
  });

  it('says so when a length is not known', () => {
    expect(formatTime(Number.POSITIVE_INFINITY)).toBe('unknown');
    expect(formatTime(Number.NaN)).toBe('unknown');
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [9995, '10.0 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [16_412_334, '16.4 MB'],
    [2_500_000_000_000_000, '2500 TB'],
  ])('writes %d bytes as %s', (bytes, expected) => {
    expect(spaced(formatBytes(bytes))).toBe(expected);
  });
});

describe('formatPercent', () => {
  it.each([
    [0, 0, '0%'],
    [1, 0, '100%'],
    [0.934, 0, '93%'],
    [0.9344, 1, '93.4%'],
    [0.0005, 1, '0.1%'],
    [1.5, 0, '100%'],
    [-0.5, 0, '0%'],
  ])('writes %d with %d digits as %s', (fraction, digits, expected) => {
    expect(formatPercent(fraction, digits)).toBe(expected);
  });

  it('never calls impossible what is only improbable, nor certain what is only probable', () => {
    expect(formatPercent(0.0001)).toBe('<1%');
    expect(formatPercent(0.0001, 1)).toBe('<0.1%');
    expect(formatPercent(0.9999)).toBe('>99%');
    expect(formatPercent(0.9999, 1)).toBe('>99.9%');
  });
});

describe('formatElapsed', () => {
  it.each([
    [4.21, '4.2 ms'],
    [9.96, '10 ms'],
    [38.4, '38 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [1418, '1.42 s'],
    [61_230, '61.2 s'],
  ])('writes %d milliseconds as %s', (milliseconds, expected) => {
    expect(spaced(formatElapsed(milliseconds))).toBe(expected);
  });
});

describe('formatCount', () => {
  it('takes the plural for all but one', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'frame'))).toEqual(['0 frames', '1 frame', '2 frames']);
    expect(formatCount(2, 'axis', 'axes')).toBe('2 axes');
  });
});
