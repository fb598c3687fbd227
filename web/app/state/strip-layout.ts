/**
 * Geometry of the strip that shows a clip's answer window by window. Windows overlap, buttons must not: each window gets the
 * stretch of time that is nearer to its middle than to its neighbours'. Positions are fractions of the clip's length.
 */
import type { WindowScores } from '../../lib/types';

export interface StripCell {
  window: WindowScores;
  from: number;
  to: number;
  /** The part of the cell that the window really covers; on long clips windows lie far apart. */
  markFrom: number;
  markTo: number;
}

/** Neighbouring windows of one answer. */
export interface StripRun {
  answer: string;
  from: number;
  to: number;
  /** Number of windows. */
  count: number;
}

/** How the windows of a label are drawn: told apart by pattern as well as by colour. */
export type StripPattern = 'answer' | 'none' | 'other-1' | 'other-2' | 'other-3';

/** Seconds that the strip stands for: the length of the clip, or up to its last window if that is later or the length unknown. */
export function stripLength(windows: readonly WindowScores[], duration: number): number {
  return Math.max(Number.isFinite(duration) ? duration : 0, windows.at(-1)?.end ?? 0, Number.EPSILON);
}

/**
 * @param windows ascending by start; those still to come may be missing
 * @param length of the strip in seconds, from stripLength
 */
export function stripCells(windows: readonly WindowScores[], length: number): StripCell[] {
  const start = flush(windows[0]?.start ?? 0, 0);
  const end = flush(windows.at(-1)?.end ?? 0, length);
  const middles = windows.map(({ start, end }) => (start + end) / 2);
  const borders = middles.slice(1).map((middle, index) => (middle + (middles[index] ?? middle)) / 2);
  return windows.map((window, index) => {
    const from = borders[index - 1] ?? start;
    const to = borders[index] ?? end;
    return {
      window,
      from: from / length,
      to: to / length,
      markFrom: (index === 0 ? from : Math.max(window.start, from)) / length,
      markTo: (index === windows.length - 1 ? to : Math.min(window.end, to)) / length,
    };
  });
}

/** The first and the last sample lie half a sampling step off the ends of the clip: what is that near reaches the end. */
function flush(time: number, end: number): number {
  return Math.abs(time - end) < 1 ? end : time;
}

export function stripRuns(cells: readonly StripCell[]): StripRun[] {
  const runs: StripRun[] = [];
  for (const { window, from, to } of cells) {
    const last = runs.at(-1);
    if (last?.answer === window.answer) {
      last.to = to;
      last.count += 1;
    } else {
      runs.push({ answer: window.answer, from, to, count: 1 });
    }
  }
  return runs;
}

/** The label of the clip is solid, "none of these" hollow; others take the remaining patterns in the order they turn up. */
export function stripPatterns(
  windows: readonly WindowScores[],
  answer: string | null,
  noneLabel: string | null,
): Map<string, StripPattern> {
  const others: StripPattern[] = ['other-1', 'other-2', 'other-3'];
  const patterns = new Map<string, StripPattern>();
  let next = 0;
  for (const window of windows) {
    if (patterns.has(window.answer)) {
      continue;
    }
    if (window.answer === noneLabel) {
      patterns.set(window.answer, 'none');
    } else if (window.answer === answer) {
      patterns.set(window.answer, 'answer');
    } else {
      patterns.set(window.answer, others[next % others.length] ?? 'other-1');
      next += 1;
    }
  }
  return patterns;
}

/** Index of the cell that holds a moment, given as a fraction of the clip's length; -1 if none does. */
export function cellAt(cells: readonly StripCell[], fraction: number): number {
  return cells.findIndex(({ from, to }, index) => fraction >= from && (fraction < to || index === cells.length - 1));
}
