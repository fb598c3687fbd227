/** What a model's report says, in words. */

import type { ClassFigures, Interval, RobustnessRow } from '../../lib/report';
import type { ConfusionCell } from '../state/confusion-layout';
import type { ItemWords } from '../state/figure-sets';
import { formatCount, formatPercent } from './format';

/** Fewer items than this say little of a class. */
export const FEW = 5;

/** A part of something, or a dash where there was nothing to take a part of. */
export function percentOrDash(fraction: number | null, digits = 0): string {
  return fraction === null ? '–' : formatPercent(fraction, digits);
}

/** `71 to 90%`; empty where there is no interval. */
export function intervalWords(interval: Interval | null): string {
  return interval === null ? '' : `${Math.round(interval[0] * 100)} to ${Math.round(interval[1] * 100)}%`;
}

/** A difference of two parts, in points of a hundred with its sign: `+1.5`, `−12.3`, `0.0`. */
export function pointsWords(difference: number): string {
  const points = (Math.abs(difference) * 100).toFixed(1);
  const sign = points === '0.0' ? '' : difference < 0 ? '−' : '+';
  return `${sign}${points}`;
}

/** How many items of a class there are; said to be few where they are: `3 clips: says little`. */
export function countWords(n: number, [one, many]: ItemWords): string {
  const count = formatCount(n, one, many);
  return n >= FEW ? count : n === 0 ? `no ${many}` : `${count}: says little`;
}

/** One class in a sentence: what was found of it, and how far to trust its name. */
export function classWords(title: string, one: ClassFigures, items: ItemWords): string {
  if (one.recall === null) {
    return `${title}: ${countWords(one.n, items)}.`;
  }
  const found = Math.round(one.recall * one.n);
  const interval = one.recallInterval === null ? '' : `, interval ${intervalWords(one.recallInterval)}`;
  const few = one.n < FEW ? ' So few say little.' : '';
  const named =
    one.precision === null
      ? 'Nothing was called that.'
      : `Of what was called that, ${formatPercent(one.precision)} was.`;
  return `${title}: ${found} of ${formatCount(one.n, ...items)} found, ${formatPercent(one.recall)}${interval}.${few} ${named}`;
}

/** A cell of the confusion matrix in a sentence. */
export function confusionWords(
  { count, total, share, isRight }: ConfusionCell,
  titles: { truth: string; said: string },
  items: ItemWords,
): string {
  const part = total === 0 ? '' : `, ${formatPercent(share)}`;
  const taken = isRight ? 'called that' : `called ${titles.said.toLowerCase()}`;
  return `${titles.truth}, ${taken}: ${count} of ${formatCount(total, ...items)}${part}`;
}

/** A way in which the clips were recorded otherwise, in a sentence. */
export function robustnessWords({ name, top1WithNone, drop }: RobustnessRow): string {
  const right = `${name}: ${percentOrDash(top1WithNone)} right`;
  if (Math.abs(drop) < 0.0005) {
    return `${right}, nothing lost`;
  }
  return `${right}, ${(Math.abs(drop) * 100).toFixed(1)} points ${drop > 0 ? 'lost' : 'gained'}`;
}
