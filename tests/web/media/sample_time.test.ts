import { expect, it } from 'vitest';
import { ascendingRows, brokeOff } from '../../../web/media/sample_time';

it('requests are cut into rows where their times descend', () => {
  const requests = [1, 5, 5, 2, Number.NaN, Number.NaN, 9, 0].map((time, sample) => ({ sample, time }));
  const rows = ascendingRows(requests).map((row) => row.map(({ sample }) => sample));
  expect(rows).toEqual([[0, 1, 2], [3, 4, 5, 6], [7]]);
  expect(ascendingRows([])).toEqual([]);
});

it.each([
  ['as announced', 10, 10, false],
  ['half a second early', 9.5, 10, false],
  ['more than half a second early', 9.4, 10, true],
  ['late', 11, 10, false],
])('a track that ends %s', (_, end, announced, broken) => {
  expect(brokeOff(end, announced)).toBe(broken);
});
