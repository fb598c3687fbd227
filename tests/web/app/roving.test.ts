import { describe, expect, it } from 'vitest';
import { rovingIndex } from '../../../web/app/state/roving';

describe('rovingIndex', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 4, 4],
    ['ArrowLeft', 3, 2],
    ['ArrowLeft', 0, 0],
    ['Home', 3, 0],
    ['End', 1, 4],
  ])('leads with %s from %d to %d of five', (key, from, to) => {
    expect(rovingIndex(key, from, 5)).toBe(to);
  });

  it('leaves all other keys alone', () => {
    expect(rovingIndex('Enter', 2, 5)).toBeNull();
    expect(rovingIndex('Tab', 2, 5)).toBeNull();
  });
});
