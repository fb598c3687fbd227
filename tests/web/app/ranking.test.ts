import { describe, expect, it } from 'vitest';
import { inModelOrder, rankLabels } from '../../../web/app/state/ranking';
import { model } from './samples';

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

describe('rankLabels', () => {
  it('puts the most probable first', () => {
    const rows = rankLabels(model.labels, { biking: 0.2, golf_swing: 0.7, none: 0.1 });
    expect(ids(rows)).toEqual(['golf_swing', 'biking', 'none']);
    expect(rows[0]).toEqual({ id: 'golf_swing', title: 'Golf swing', probability: 0.7 });
  });

  it('keeps the order of the model among equals', () => {
    expect(ids(rankLabels(model.labels, { biking: 0.25, golf_swing: 0.25, none: 0.5 }))).toEqual([
      'none',
      'biking',
      'golf_swing',
    ]);
  });

  it('has a row for every label before anything is known', () => {
    const rows = rankLabels(model.labels, null);
    expect(ids(rows)).toEqual(['biking', 'golf_swing', 'none']);
    expect(rows.every(({ probability }) => probability === null)).toBe(true);
  });
});

describe('inModelOrder', () => {
  it('never moves a row', () => {
    expect(ids(inModelOrder(model.labels, { biking: 0, golf_swing: 0.3, none: 0.7 }))).toEqual([
      'biking',
      'golf_swing',
      'none',
    ]);
  });
});
