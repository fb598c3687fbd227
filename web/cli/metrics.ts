/** How good answers are. All fractions are from 0 to 1; null where there is nothing to count. */

export interface EvaluatedItem {
  path: string;
  label: string;
  /** Absent for an item that failed. */
  answer?: string;
  /** Whether the answer's confidence reaches the threshold of the loaded package; an answer that does not is shown as none of these. */
  sure?: boolean;
  probabilities?: Record<string, number>;
  error?: { code: string; message: string };
}

/** What a person reads, the threshold applied: parts of all items that did not fail, which add up to 1. */
export interface ShownParts {
  /** The right action is shown, or an item of the none label as none of these. */
  right: number;
  /** A wrong action is shown. */
  wrong: number;
  /** An action's item is shown as none of these. */
  none_of_these: number;
}

export interface Metrics {
  /** Items whose label is an action, not "none of these". */
  n: number;
  /** Right answers among them, where only actions are in the running; and where every label is. */
  top1_actions: number | null;
  top1_with_none: number | null;
  none_n: number;
  none_recall: number | null;
  /** Expected calibration error of the top-1 confidence, 15 equal bins, over all items that did not fail. */
  ece: number | null;
  /** Null where every item failed. */
  shown: ShownParts | null;
  per_class: Record<string, { n: number; recall: number | null; precision: number | null }>;
  /** Counts, truth by row and answer by column; a failed item is in no column. */
  confusion: { labels: string[]; rows: number[][] };
  items: EvaluatedItem[];
}

const BINS = 15;

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null);

function best(probabilities: Record<string, number>, among: readonly string[]): string | undefined {
  const of = (label: string) => probabilities[label] ?? 0;
  return among.reduce<string | undefined>(
    (top, label) => (top === undefined || of(label) > of(top) ? label : top),
    undefined,
  );
}

/** |accuracy - confidence| of each bin of confidences ((k - 1) / 15, k / 15], weighted by its share of the items. */
function calibrationError(items: readonly EvaluatedItem[]): number | null {
  const bins = Array.from({ length: BINS }, () => ({ right: 0, confidence: 0 }));
  let judged = 0;
  for (const { label, answer, probabilities } of items) {
    const confidence = probabilities?.[answer ?? ''];
    if (confidence === undefined) continue;
    const bin = bins[Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1))];
    if (bin === undefined) continue;
    bin.right += answer === label ? 1 : 0;
    bin.confidence += confidence;
    judged += 1;
  }
  const gaps = bins.reduce((sum, { right, confidence }) => sum + Math.abs(right - confidence), 0);
  return ratio(gaps, judged);
}

/** Without a `noneLabel` an unsure answer is shown as none of these all the same. */
function shownParts(items: readonly EvaluatedItem[], noneLabel: string | null): ShownParts | null {
  const judged = items.filter(({ answer }) => answer !== undefined);
  if (judged.length === 0) return null;
  const counts = { right: 0, wrong: 0, none_of_these: 0 };
  for (const { label, answer, sure } of judged) {
    const shown = sure ? answer : noneLabel;
    if (shown === label) counts.right += 1;
    else counts[shown === noneLabel ? 'none_of_these' : 'wrong'] += 1;
  }
  const { right, wrong, none_of_these } = counts;
  return {
    right: right / judged.length,
    wrong: wrong / judged.length,
    none_of_these: none_of_these / judged.length,
  };
}

/** `labels`: all that the model knows, in its order; `noneLabel`: the one that means "none of these", or null. */
export function measure(items: readonly EvaluatedItem[], labels: readonly string[], noneLabel: string | null): Metrics {
  const actions = labels.filter((label) => label !== noneLabel);
  const ofActions = items.filter((item) => item.label !== noneLabel);
  const ofNone = items.filter((item) => item.label === noneLabel);
  const right = (item: EvaluatedItem) => item.answer === item.label;
  const rightAmongActions = (item: EvaluatedItem) =>
    item.probabilities !== undefined && best(item.probabilities, actions) === item.label;
  const rows = labels.map((truth) => {
    const ofTruth = items.filter((item) => item.label === truth);
    return labels.map((answer) => ofTruth.filter((item) => item.answer === answer).length);
  });
  const perClass = labels.map((label, index) => {
    const hits = rows[index]?.[index] ?? 0;
    const n = items.filter((item) => item.label === label).length;
    const answered = rows.reduce((sum, row) => sum + (row[index] ?? 0), 0);
    return [label, { n, recall: ratio(hits, n), precision: ratio(hits, answered) }] as const;
  });
  return {
    n: ofActions.length,
    top1_actions: ratio(ofActions.filter(rightAmongActions).length, ofActions.length),
    top1_with_none: ratio(ofActions.filter(right).length, ofActions.length),
    none_n: ofNone.length,
    none_recall: ratio(ofNone.filter(right).length, ofNone.length),
    ece: calibrationError(items),
    shown: shownParts(items, noneLabel),
    per_class: Object.fromEntries(perClass),
    confusion: { labels: [...labels], rows },
    items: [...items],
  };
}
