import { describe, expect, it } from 'vitest';
import { cellAt, stripCells, stripLength, stripPatterns, stripRuns } from '../../../web/app/state/strip-layout';
import { windowScores } from './samples';

/** A clip of four seconds: windows of two seconds, one second apart, with samples at the middle of each tenth. */
const windows = [
  windowScores('biking', 0.05, 1.95),
  windowScores('biking', 1.05, 2.95),
  windowScores('none', 2.05, 3.95),
];

describe('stripCells', () => {
  it('divides the clip without gap or overlap, at the middle between neighbouring windows', () => {
    const cells = stripCells(windows, 4);
    expect(cells.map(({ from }) => from)).toEqual([0, 0.375, 0.625]);
    expect(cells.map(({ to }) => to)).toEqual([0.375, 0.625, 1]);
  });

  it('marks overlapping windows over the whole of their cells', () => {
    for (const { from, to, markFrom, markTo } of stripCells(windows, 4)) {
      expect([markFrom, markTo]).toEqual([from, to]);
    }
  });

  it('marks only what a window covers where windows lie far apart', () => {
    const far = [
      windowScores('biking', 0.05, 1.95),
      windowScores('biking', 49.05, 50.95),
      windowScores('biking', 98.05, 99.95),
    ];
    const percent = (fraction: number) => Number((fraction * 100).toFixed(6));
    const shown = stripCells(far, 100).map(({ from, to, markFrom, markTo }) =>
      [from, to, markFrom, markTo].map(percent),
    );
    expect(shown).toEqual([
      [0, 25.5, 0, 1.95],
      [25.5, 74.5, 49.05, 50.95],
      [74.5, 100, 98.05, 100],
    ]);
  });

  it('leaves room for the windows that are still to come', () => {
    expect(stripCells(windows.slice(0, 1), 4)).toMatchObject([{ from: 0, to: 1.95 / 4 }]);
  });

  it('gives a clip of one frame one cell', () => {
    const single = [windowScores('biking', 0, 0)];
    expect(stripCells(single, stripLength(single, 0))).toMatchObject([{ from: 0, to: 1, markFrom: 0, markTo: 1 }]);
  });

  it('has no cells without windows', () => {
    expect(stripCells([], 4)).toEqual([]);
  });
});

describe('stripLength', () => {
  it('is that of the clip', () => {
    expect(stripLength(windows, 4)).toBe(4);
  });

  it('reaches the last window of a clip of unknown, or understated, length', () => {
    expect(stripLength(windows, Number.POSITIVE_INFINITY)).toBe(3.95);
    expect(stripLength(windows, 3)).toBe(3.95);
  });

  it('is never nought, so that positions can be divided by it', () => {
    expect(stripLength([], 0)).toBeGreaterThan(0);
  });
});

describe('stripRuns', () => {
  it('joins neighbours of one answer', () => {
    expect(stripRuns(stripCells(windows, 4))).toEqual([
      { answer: 'biking', from: 0, to: 0.625, count: 2 },
      { answer: 'none', from: 0.625, to: 1, count: 1 },
    ]);
  });
});

describe('stripPatterns', () => {
  const of = (...answers: string[]) => answers.map((answer, index) => windowScores(answer, index, index + 1));

  it('keeps the solid one for the answer and the hollow one for none', () => {
    expect([...stripPatterns(of('diving', 'none', 'biking'), 'biking', 'none')]).toEqual([
      ['diving', 'other-1'],
      ['none', 'none'],
      ['biking', 'answer'],
    ]);
  });

  it('stays hollow when none is the answer itself', () => {
    expect(stripPatterns(of('none'), 'none', 'none').get('none')).toBe('none');
  });

  it('gives each further label its own pattern, as long as there are any', () => {
    const patterns = stripPatterns(of('a', 'b', 'a', 'c', 'd'), null, null);
    expect([...patterns.values()]).toEqual(['other-1', 'other-2', 'other-3', 'other-1']);
  });
});

describe('cellAt', () => {
  const cells = stripCells(windows, 4);

  it.each([
    [0, 0],
    [0.374, 0],
    [0.375, 1],
    [1, 2],
  ])('finds the cell at %d', (fraction, index) => {
    expect(cellAt(cells, fraction)).toBe(index);
  });

  it('finds none where there are no cells', () => {
    expect(cellAt([], 0.5)).toBe(-1);
  });
});
