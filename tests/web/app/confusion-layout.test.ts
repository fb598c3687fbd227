import { describe, expect, it } from 'vitest';
import { confusionRows, frequentConfusions, isDrawable } from '../../../web/app/state/confusion-layout';

const confusion = {
  labels: ['biking', 'diving', 'none'],
  rows: [
    [6, 0, 2],
    [0, 0, 0],
    [1, 3, 4],
  ],
};

describe('confusionRows', () => {
  it('tells of each cell its part of the row, and whether it is right', () => {
    const [biking] = confusionRows(confusion);
    expect(biking?.cells).toEqual([
      { truth: 'biking', said: 'biking', count: 6, total: 8, share: 0.75, isRight: true },
      { truth: 'biking', said: 'diving', count: 0, total: 8, share: 0, isRight: false },
      { truth: 'biking', said: 'none', count: 2, total: 8, share: 0.25, isRight: false },
    ]);
  });

  it('has no part of a row of nothing', () => {
    expect(confusionRows(confusion)[1]?.cells.map(({ share }) => share)).toEqual([0, 0, 0]);
  });
});

describe('frequentConfusions', () => {
  const told = (most: number) =>
    frequentConfusions(confusion, most).map(({ truth, said, count }) => `${truth} as ${said}: ${count}`);

  it('falls by count and leaves out what is right or never happened', () => {
    expect(told(9)).toEqual(['none as diving: 3', 'biking as none: 2', 'none as biking: 1']);
  });

  it('tells no more than it is asked for', () => {
    expect(told(1)).toEqual(['none as diving: 3']);
  });
});

it('isDrawable refuses a matrix of more labels than a page can hold', () => {
  const large = Array.from({ length: 400 }, (_, index) => String(index));
  expect(isDrawable(confusion)).toBe(true);
  expect(isDrawable({ labels: large, rows: [] })).toBe(false);
});
