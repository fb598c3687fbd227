/** Scales of charts: from values to fractions of the plot, and the ticks of an axis. */

/** Least and greatest value of an axis; the second is the greater one. */
export type Domain = readonly [from: number, to: number];

export interface Axis {
  domain: Domain;
  /** Round values, ascending, the first and the last being the ends of the domain. */
  ticks: number[];
}

/** Where a value lies in a domain: 0 at its start, 1 at its end. */
export function fractionOf(value: number, [from, to]: Domain): number {
  return (value - from) / (to - from);
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is no smaller than a step. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10) * power;
}

/**
 * An axis with round ends and ticks that holds all of the values.
 * @param values finite; without any, the axis goes from 0 to 1
 * @param intervals about how many spaces between ticks there should be
 */
export function roundAxis(values: readonly number[], intervals = 4): Axis {
  const low = values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
  const high = values.reduce((greatest, value) => Math.max(greatest, value), values[0] ?? 1);
  const span = high - low || Math.abs(high) || 1;
  const step = roundStep(span / intervals);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Multiples of the step, freed of what is left over from dividing by it.
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks };
}

/** The axis of parts of something. */
export const PERCENT_AXIS: Axis = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] };

/** Indices of at most so many of `count` points, evenly spread, the first and the last among them. */
export function spreadIndices(count: number, most: number): number[] {
  if (count <= most) {
    return Array.from({ length: count }, (_, index) => index);
  }
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}

/**
 * The `d` of an SVG path through points of a plot of 100 by 100 units, from fractions that count from the lower left corner; null
 * interrupts the line.
 */
export function linePath(points: readonly ({ x: number; y: number } | null)[]): string {
  const unit = (fraction: number) => Number((fraction * 100).toFixed(3));
  return points
    .map((point, index) => {
      if (point === null) {
        return '';
      }
      const command = (points[index - 1] ?? null) === null ? 'M' : 'L';
      return `${command}${unit(point.x)} ${unit(1 - point.y)}`;
    })
    .join('');
}

/** Borders between points, as fractions from 0 to 1: what is nearer to a point than to its neighbours belongs to it. */
export function cellBorders(positions: readonly number[]): { from: number; to: number }[] {
  const middles = positions.slice(1).map((position, index) => (position + (positions[index] ?? position)) / 2);
  return positions.map((_, index) => ({ from: middles[index - 1] ?? 0, to: middles[index] ?? 1 }));
}
