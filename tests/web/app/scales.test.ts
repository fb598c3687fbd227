import { describe, expect, it } from 'vitest';
import { cellBorders, fractionOf, linePath, roundAxis, spreadIndices } from '../../../web/app/state/scales';

describe('roundAxis', () => {
  it.each([
    [
      [0, 2.43],
      [0, 1, 2, 3],
    ],
    [
      [0, 0.9],
      [0, 0.25, 0.5, 0.75, 1],
    ],
    [
      [0, 1.6],
      [0, 0.5, 1, 1.5, 2],
    ],
    [
      [0, 0.0032],
      [0, 0.001, 0.002, 0.003, 0.004],
    ],
    [
      [-3, 3],
      [-4, -2, 0, 2, 4],
    ],
  ])('has for %o the ticks %o', (values, ticks) => {
    expect(roundAxis(values)).toEqual({ domain: [ticks[0], ticks.at(-1)], ticks });
  });

  it('ends with the greatest value where that is round', () => {
    expect(roundAxis([0, 4]).domain).toEqual([0, 4]);
  });

  it('holds a single value, and goes from 0 to 1 without any', () => {
    const { domain } = roundAxis([5]);
    expect(domain[0]).toBeLessThanOrEqual(5);
    expect(domain[1]).toBeGreaterThan(5);
    expect(roundAxis([0]).domain).toEqual([0, 0.25]);
    expect(roundAxis([]).domain).toEqual([0, 1]);
  });

  it('holds large values with few ticks', () => {
    const { domain, ticks } = roundAxis([0, 123_456_789]);
    expect(domain[1]).toBeGreaterThanOrEqual(123_456_789);
    expect(ticks.length).toBeLessThan(8);
  });
});

it('fractionOf is 0 where the domain begins and 1 where it ends', () => {
  expect([2, 3, 4].map((value) => fractionOf(value, [2, 4]))).toEqual([0, 0.5, 1]);
});

describe('spreadIndices', () => {
  it('takes all where there are not too many', () => {
    expect(spreadIndices(3, 5)).toEqual([0, 1, 2]);
  });

  it('else takes as many as it may, evenly, the first and the last among them', () => {
    expect(spreadIndices(101, 5)).toEqual([0, 25, 50, 75, 100]);
  });
});

describe('linePath', () => {
  it('counts from the lower left corner', () => {
    expect(
      linePath([
        { x: 0, y: 0 },
        { x: 0.5, y: 0.25 },
        { x: 1, y: 1 },
      ]),
    ).toBe('M0 100L50 75L100 0');
  });

  it('is interrupted where there is nothing', () => {
    expect(linePath([{ x: 0, y: 0 }, null, { x: 1, y: 1 }])).toBe('M0 100M100 0');
  });
});

describe('cellBorders', () => {
  it('gives each point what is nearer to it than to its neighbours', () => {
    expect(cellBorders([0, 0.5, 1])).toEqual([
      { from: 0, to: 0.25 },
      { from: 0.25, to: 0.75 },
      { from: 0.75, to: 1 },
    ]);
  });

  it('gives a single point everything', () => {
    expect(cellBorders([0.5])).toEqual([{ from: 0, to: 1 }]);
  });
});
