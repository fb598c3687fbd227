/** What a confusion matrix shows, worked out from its counts. */

import type { Confusion } from '../../lib/report';

export interface ConfusionCell {
  /** Ids of what the items are, and of what was said. */
  truth: string;
  said: string;
  count: number;
  /** Items of `truth`. */
  total: number;
  /** Part of these; 0 where there are none. */
  share: number;
  isRight: boolean;
}

export interface ConfusionRow {
  truth: string;
  cells: ConfusionCell[];
}

/** More labels than this make more cells than a page can hold and a person can read. */
const MOST_DRAWN = 48;

/** Whether a matrix is small enough to be drawn; the most frequent confusions can be told of any. */
export function isDrawable({ labels }: Confusion): boolean {
  return labels.length <= MOST_DRAWN;
}

export function confusionRows({ labels, rows }: Confusion): ConfusionRow[] {
  return labels.map((truth, index) => {
    const counts = rows[index] ?? [];
    const total = counts.reduce((sum, count) => sum + count, 0);
    return {
      truth,
      cells: labels.map((said, column) => {
        const count = counts[column] ?? 0;
        return { truth, said, count, total, share: total === 0 ? 0 : count / total, isRight: truth === said };
      }),
    };
  });
}

/** What is most often taken for something else, by falling count, at most so many. */
export function frequentConfusions(confusion: Confusion, most: number): ConfusionCell[] {
  return confusionRows(confusion)
    .flatMap(({ cells }) => cells.filter(({ isRight, count }) => !isRight && count > 0))
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}
