/** The tables of a model's report, as rows of words. */

import type { BriefFigures, LabelCounts, MeanAndDeviation, PartFigures, SeedSpread } from '../../lib/report';
import type { ModelDescription } from '../../lib/types';
import type { JudgedSet } from '../state/figure-sets';
import { formatBytes } from './format';
import { intervalWords, percentOrDash } from './model-words';
import { titleOf } from './wording';

/** A cell of two lines: what it says, and below it in small how far that can be trusted; empty for nothing. */
export interface DetailedCell {
  text: string;
  detail: string;
}

export interface DataRow {
  title: string;
  /** As many as the table has columns. */
  cells: readonly (string | DetailedCell)[];
  /** The row sums up the others. */
  isTotal?: boolean;
}

export interface TableContent {
  /** The column that names the rows is not among them. */
  columns: readonly string[];
  rows: readonly DataRow[];
}

/** How good the model is on each set. */
export function setTable(sets: readonly JudgedSet[]): TableContent {
  const hasMacro = sets.some(({ figures }) => figures.macroWithNone !== null);
  return {
    columns: [
      'Of an action',
      'Right among the actions',
      'Right, none in the running',
      ...(hasMacro ? ['The same, every action weighing as much'] : []),
      'Of no action',
      'None recognised',
      'Calibration error',
    ],
    rows: sets.map(({ title, figures }) => {
      const { intervals } = figures;
      const measured = (key: keyof typeof intervals): DetailedCell => ({
        text: percentOrDash(figures[key]),
        detail: intervalWords(intervals[key]),
      });
      return {
        title,
        cells: [
          String(figures.n),
          measured('top1Actions'),
          measured('top1WithNone'),
          ...(hasMacro ? [percentOrDash(figures.macroWithNone)] : []),
          String(figures.noneN),
          measured('noneRecall'),
          measured('calibrationError'),
        ],
      };
    }),
  };
}

/** What each part of the training brings. */
export function partTable(parts: readonly PartFigures[]): TableContent {
  const briefCells = (figures: BriefFigures | null) =>
    [figures?.top1Actions, figures?.top1WithNone, figures?.noneRecall].map((value) => percentOrDash(value ?? null));
  const hasClips = parts.some(({ clips }) => clips !== null);
  const hasStills = parts.some(({ stills }) => stills !== null);
  const columns = (kind: string) => [
    `${kind}: right among the actions`,
    `${kind}: none in the running`,
    `${kind}: none recognised`,
  ];
  return {
    columns: [...(hasClips ? columns('Clips') : []), ...(hasStills ? columns('Stills') : [])],
    rows: parts.map(({ name, clips, stills }) => ({
      title: name,
      cells: [...(hasClips ? briefCells(clips) : []), ...(hasStills ? briefCells(stills) : [])],
    })),
  };
}

/** A mean over runs and how far they lie from it: `81.5 ± 1.2%`. */
export function meanWords(one: MeanAndDeviation | null): string {
  return one === null ? '–' : `${(one.mean * 100).toFixed(1)} ± ${(one.deviation * 100).toFixed(1)}%`;
}

/** How far runs lie apart that differ only in their seed; no rows where there was only one run of each. */
export function spreadTable(spread: { backbone: SeedSpread | null; head: SeedSpread | null }): TableContent {
  const kinds = [
    { title: 'The whole training', one: spread.backbone },
    { title: 'The head alone', one: spread.head },
  ];
  return {
    columns: [
      'Seeds',
      'Clips: right among the actions',
      'Clips: none in the running',
      'Stills: right among the actions',
    ],
    rows: kinds.flatMap(({ title, one }) =>
      one === null || one.runs < 2
        ? []
        : [
            {
              title,
              cells: [
                String(one.runs),
                meanWords(one.clipsTop1Actions),
                meanWords(one.clipsTop1WithNone),
                meanWords(one.stillsTop1Actions),
              ],
            },
          ],
    ),
  };
}

/** Files by label, in the model's order, and how many there are in all. */
export function countTable(counts: readonly LabelCounts[], model: ModelDescription): TableContent {
  const order = new Map(model.labels.map(({ id }, index) => [id, index]));
  const place = ({ label }: LabelCounts) => order.get(label) ?? order.size;
  const cells = (pick: (key: 'trainClips' | 'trainStills' | 'devClips' | 'devStills') => number) =>
    (['trainClips', 'trainStills', 'devClips', 'devStills'] as const).map((key) => String(pick(key)));
  return {
    columns: ['Clips to learn from', 'Stills to learn from', 'Clips to be judged by', 'Stills to be judged by'],
    rows: [
      ...[...counts]
        .sort((a, b) => place(a) - place(b))
        .map((row) => ({ title: titleOf(model, row.label), cells: cells((key) => row[key]) })),
      {
        title: 'All',
        cells: cells((key) => counts.reduce((total, row) => total + row[key], 0)),
        isTotal: true,
      },
    ],
  };
}

/** The forms that a model comes in, how large they are, and which one is at work. */
export function variantTable({ variants, variant }: ModelDescription): TableContent {
  return {
    columns: ['Size', 'At work here'],
    rows: variants.map(({ name, bytes }) => ({
      title: name,
      cells: [formatBytes(bytes), name === variant ? 'Yes' : 'No'],
    })),
  };
}
