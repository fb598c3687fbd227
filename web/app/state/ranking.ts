import type { LabelDescription } from '../../lib/types';

export interface RankedLabel {
  id: string;
  title: string;
  /** From 0 to 1; null as long as nothing is known. */
  probability: number | null;
}

/** The labels by falling probability; equal ones, and all of them while nothing is known, stay in the order of the model. */
export function rankLabels(
  labels: readonly LabelDescription[],
  probabilities: Readonly<Record<string, number>> | null,
): RankedLabel[] {
  return inModelOrder(labels, probabilities).sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0));
}

export function inModelOrder(
  labels: readonly LabelDescription[],
  probabilities: Readonly<Record<string, number>> | null,
): RankedLabel[] {
  return labels.map(({ id, title }) => ({ id, title, probability: probabilities?.[id] ?? null }));
}
