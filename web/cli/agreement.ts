/** Two evaluations of the same files: whether they say the same. */

import type { Evaluation } from './evaluate';

export interface Agreement {
  /** Files that both have an answer for. */
  files: number;
  /** Paths of those whose top label is another, or that failed in one evaluation alone. */
  differing: string[];
  /** The largest difference of a probability; 0 where nothing was compared. */
  largest: number;
}

/** `other`: of the same manifest, so that files come in the same order. */
export function agreementOf(evaluation: Evaluation, other: Evaluation): Agreement {
  const agreement: Agreement = { files: 0, differing: [], largest: 0 };
  for (const kind of ['clips', 'stills'] as const) {
    for (const [index, item] of evaluation[kind].items.entries()) {
      const { answer, probabilities } = other[kind].items[index] ?? {};
      if (item.answer !== answer) agreement.differing.push(item.path);
      if (item.probabilities === undefined || probabilities === undefined) continue;
      agreement.files += 1;
      for (const [id, probability] of Object.entries(item.probabilities)) {
        agreement.largest = Math.max(agreement.largest, Math.abs(probability - (probabilities[id] ?? Number.NaN)));
      }
    }
  }
  return agreement;
}

/** In words, two lines or more. */
export function agreementWords(engine: string, { files, differing, largest }: Agreement): string {
  return [
    `against ${engine}: ${files} files, the top label of ${differing.length} is another`,
    `  largest difference       ${(largest * 100).toPrecision(2)} % in a probability`,
    ...differing.map((path) => `  another top label        ${path}`),
  ].join('\n');
}
