import { expect } from 'vitest';
import type { Scores } from '../../../web/lib/types';

/** How far two ways from a file to its probabilities may be apart: decoders and converters of colour differ a little. */
export const APART = 0.03;

type Said = Pick<Scores, 'answer' | 'probabilities'>;

/** The largest distance between probabilities of one label. */
export function distance(one: Said, other: Said): number {
  const labels = Object.keys({ ...one.probabilities, ...other.probabilities });
  return Math.max(
    ...labels.map((label) =>
      Math.abs((one.probabilities[label] ?? Number.NaN) - (other.probabilities[label] ?? Number.NaN)),
    ),
  );
}

/** The same label, and probabilities no further apart than that. `who` is named where they are not. */
export function expectSameScores(one: Said, other: Said, who: string): void {
  expect(distance(one, other), `${who}: largest distance of probabilities`).toBeLessThan(APART);
  expect(one.answer, `${who}: answer`).toBe(other.answer);
}
