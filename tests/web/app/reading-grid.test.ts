import { describe, expect, it } from 'vitest';
import { rovingPosition, withinGrid } from '../../../web/app/state/reading-grid';

const at = (row: number, column: number) => ({ row, column });

describe('rovingPosition', () => {
  it.each([
    ['ArrowRight', at(1, 1), at(1, 2)],
    ['ArrowRight', at(1, 2), at(1, 2)],
    ['ArrowLeft', at(1, 1), at(1, 0)],
    ['ArrowDown', at(0, 1), at(1, 1)],
    ['ArrowDown', at(3, 1), at(3, 1)],
    ['ArrowUp', at(2, 2), at(1, 2)],
    ['ArrowUp', at(0, 2), at(0, 2)],
    ['Home', at(2, 2), at(2, 0)],
    ['End', at(2, 0), at(2, 2)],
  ])('leads with %s from %o to %o of four rows and three columns', (key, from, to) => {
    expect(rovingPosition(key, from, { rows: 4, columns: 3 })).toEqual(to);
  });

  it('leads with Home and End through a single column', () => {
    const column = { rows: 5, columns: 1 };
    expect(rovingPosition('End', at(1, 0), column)).toEqual(at(4, 0));
    expect(rovingPosition('Home', at(3, 0), column)).toEqual(at(0, 0));
  });

  it('leaves all other keys alone', () => {
    expect(rovingPosition('Enter', at(0, 0), { rows: 4, columns: 3 })).toBeNull();
    expect(rovingPosition('Tab', at(0, 0), { rows: 4, columns: 1 })).toBeNull();
  });
});

describe('withinGrid', () => {
  it('keeps what is within, and takes what is not to the nearest end', () => {
    expect(withinGrid(at(1, 2), { rows: 4, columns: 3 })).toEqual(at(1, 2));
    expect(withinGrid(at(9, 5), { rows: 4, columns: 3 })).toEqual(at(3, 2));
    expect(withinGrid(at(2, 2), { rows: 0, columns: 0 })).toEqual(at(0, 0));
  });
});
