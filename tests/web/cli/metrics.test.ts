import { describe, expect, it } from 'vitest';
import { type EvaluatedItem, measure } from '../../../web/cli/metrics';

const LABELS = ['run', 'swim', 'none'];

const item = (label: string, run: number, swim: number, none: number): EvaluatedItem => {
  const probabilities = { run, swim, none };
  const confidence = Math.max(run, swim, none);
  const answer = LABELS[[run, swim, none].indexOf(confidence)] as string;
  return { path: 'x', label, answer, sure: confidence >= 0.65, probabilities };
};
const failed = (label: string): EvaluatedItem => ({
  path: 'x',
  label,
  error: { code: 'file-empty', message: 'Empty.' },
});

const items = [
  item('run', 0.8, 0.1, 0.1), // right
  item('run', 0.3, 0.2, 0.5), // right among the actions, but "none" is ahead
  item('swim', 0.6, 0.3, 0.1), // wrong
  failed('swim'),
  item('none', 0.1, 0.1, 0.8), // right
  item('none', 0.1, 0.7, 0.2), // wrong
];

describe('the measures of an evaluation', () => {
  const metrics = measure(items, LABELS, 'none');

  it('count the right answers among actions only, and among all labels; a failed file is wrong', () => {
    expect(metrics.n).toBe(4);
    expect(metrics.top1_actions).toBe(2 / 4);
    expect(metrics.top1_with_none).toBe(1 / 4);
  });

  it('count how often "none" is found', () => {
    expect(metrics.none_n).toBe(2);
    expect(metrics.none_recall).toBe(1 / 2);
  });

  it('have each class', () => {
    expect(metrics.per_class).toEqual({
      run: { n: 2, recall: 1 / 2, precision: 1 / 2 },
      swim: { n: 2, recall: 0, precision: 0 },
      none: { n: 2, recall: 1 / 2, precision: 1 / 2 },
    });
  });

  it('have the confusion, truth by row, failed files in no column', () => {
    expect(metrics.confusion).toEqual({
      labels: LABELS,
      rows: [
        [1, 0, 1],
        [1, 0, 0],
        [0, 1, 1],
      ],
    });
  });

  it('have the calibration error over what did not fail', () => {
    // Bins of 1/15: the two at 0.8 lie in one, both right: |2 - 1.6|. 0.5, 0.6 and 0.7 lie alone, all wrong.
    expect(metrics.ece).toBeCloseTo((0.4 + 0.5 + 0.6 + 0.7) / 5, 10);
  });

  it('tell what a person reads: unsure answers are none of these, and files that failed are left out', () => {
    // "run" at 0.8 and "none" at 0.8 are right; "none" at 0.5 and "swim" as "run" at 0.6 are shown as none; "none" as "swim" is wrong.
    expect(metrics.shown).toEqual({ right: 2 / 5, wrong: 1 / 5, none_of_these: 2 / 5 });
  });

  it('keep the items as they are', () => {
    expect(metrics.items).toEqual(items);
  });
});

it('a confidence of 1 and one of 0 have a bin', () => {
  const sure = measure(
    [item('run', 1, 0, 0), { path: 'x', label: 'run', answer: 'run', probabilities: { run: 0 } }],
    LABELS,
    'none',
  );
  expect(sure.ece).toBeCloseTo(1 / 2, 10);
});

it('two confidences that lie in one bin make up for each other', () => {
  const metrics = measure([item('run', 0.62, 0.38, 0), item('swim', 0.64, 0.36, 0)], LABELS, 'none');
  expect(metrics.ece).toBeCloseTo(Math.abs(1 - 1.26) / 2, 10);
});

it('nothing to count is null', () => {
  const metrics = measure([], LABELS, 'none');
  expect(metrics).toMatchObject({
    n: 0,
    top1_actions: null,
    top1_with_none: null,
    none_n: 0,
    none_recall: null,
    ece: null,
    shown: null,
  });
  expect(metrics.per_class.run).toEqual({ n: 0, recall: null, precision: null });
});

it('an item of none that is called an action, unsurely, is shown right', () => {
  expect(measure([item('none', 0.6, 0.2, 0.2)], LABELS, 'none').shown).toEqual({
    right: 1,
    wrong: 0,
    none_of_these: 0,
  });
});

it('without a "none" an unsure answer is shown as none of these all the same', () => {
  const shown = measure([item('run', 0.6, 0.4, 0), item('run', 0.9, 0.1, 0)], ['run', 'swim'], null).shown;
  expect(shown).toEqual({ right: 1 / 2, wrong: 0, none_of_these: 1 / 2 });
});

it('without a "none" every item is one of the actions', () => {
  const metrics = measure([item('run', 0.8, 0.1, 0.1)], ['run', 'swim'], null);
  expect(metrics).toMatchObject({ n: 1, top1_actions: 1, top1_with_none: 1, none_n: 0 });
});
