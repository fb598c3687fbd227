/** Where the reading point of a chart can be, and where the arrow keys take it. A chart along one axis has one row or one column. */

import { rovingIndex } from './roving';

export interface GridPosition {
  row: number;
  column: number;
}

export interface GridSize {
  rows: number;
  columns: number;
}

/** The keys that lead along a row, by those that lead along a column. */
const ALONG_COLUMN: Readonly<Record<string, string>> = { ArrowDown: 'ArrowRight', ArrowUp: 'ArrowLeft' };

/**
 * The position that a key leads to; null for keys that lead nowhere. Home and End go to the ends of the row, or of the column where
 * rows hold one point each.
 */
export function rovingPosition(key: string, at: GridPosition, { rows, columns }: GridSize): GridPosition | null {
  const along = ALONG_COLUMN[key];
  const isEnd = key === 'Home' || key === 'End';
  if (along !== undefined || (isEnd && columns === 1)) {
    const row = rovingIndex(along ?? key, at.row, rows);
    return row === null ? null : { row, column: at.column };
  }
  const column = rovingIndex(key, at.column, columns);
  return column === null ? null : { row: at.row, column };
}

/** The nearest position that a chart of that size has. */
export function withinGrid({ row, column }: GridPosition, { rows, columns }: GridSize): GridPosition {
  return {
    row: Math.max(0, Math.min(row, rows - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  };
}
