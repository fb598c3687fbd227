/** `actionscope evaluate`: how good the model is on files whose labels are known. */

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ModelDescription } from '../lib/types';
import { readCsv } from './csv';
import { type EvaluatedItem, type Metrics, measure } from './metrics';
import { runTasks, type Task, type ThreadSetup } from './pool';
import { UsageError } from './usage_error';

export interface EvaluateOptions {
  manifest: string;
  /** Folder that the manifest's paths start from; default: where it lies. */
  root: string | undefined;
  /** Only rows of this split. */
  split: string | undefined;
  setup: ThreadSetup;
}

export interface Evaluation {
  model: { name: string; version: string; variant: string };
  clips: Metrics;
  stills: Metrics;
}

export interface ManifestRow {
  path: string;
  label: string;
  kind: 'clip' | 'still';
}

/** Reads the rows to evaluate. Throws a UsageError that names the row at fault. */
export function selectRows(csv: string, split: string | undefined, labels: readonly string[]): ManifestRow[] {
  const rows: ManifestRow[] = [];
  for (const [index, row] of readCsv(csv).entries()) {
    const { path = '', label = '', kind = 'clip' } = row;
    const fault = (words: string) => new UsageError(`The manifest's row ${index + 2} ${words}.`);
    if (split !== undefined && row.split !== split) continue;
    if (path === '') throw fault('has no path');
    if (!labels.includes(label)) throw fault(`has the label “${label}”, which the model does not know`);
    if (kind !== 'clip' && kind !== 'still') throw fault(`is of the kind “${kind}”: clip or still is wanted`);
    rows.push({ path, label, kind });
  }
  return rows;
}

/** Tells on standard error how far it is: on a terminal always, in a log now and then. */
function progress(total: number): () => void {
  const every = process.stderr.isTTY ? 1 : Math.max(1, Math.ceil(total / 20));
  let done = 0;
  return () => {
    done += 1;
    if (done % every !== 0 && done !== total) return;
    process.stderr.write(process.stderr.isTTY ? `\r${done} of ${total} files` : `${done} of ${total} files\n`);
    if (process.stderr.isTTY && done === total) process.stderr.write('\n');
  };
}

export async function evaluate(script: URL, model: ModelDescription, options: EvaluateOptions): Promise<Evaluation> {
  const labels = model.labels.map((label) => label.id);
  const root = options.root ?? dirname(options.manifest);
  const rows = selectRows(await readFile(options.manifest, 'utf8'), options.split, labels);
  const items: EvaluatedItem[] = rows.map(({ path, label }) => ({ path, label }));
  const tasks: Task[] = rows.map(({ path, kind }, index) => ({
    index,
    path: resolve(root, path),
    still: kind === 'still',
  }));
  const tell = progress(tasks.length);
  await runTasks(script, options.setup, tasks, (outcome) => {
    const item = items[outcome.index] as EvaluatedItem;
    if (outcome.error !== undefined) item.error = outcome.error;
    else {
      const { answer, sure, probabilities } = outcome.scores;
      Object.assign(item, { answer, sure, probabilities });
    }
    tell();
  });
  const ofKind = (kind: ManifestRow['kind']) =>
    measure(
      items.filter((_, index) => rows[index]?.kind === kind),
      labels,
      model.noneLabel,
    );
  const { name, version, variant } = model;
  return { model: { name, version, variant }, clips: ofKind('clip'), stills: ofKind('still') };
}

const percent = (fraction: number | null) =>
  fraction === null ? 'nothing to count' : `${(fraction * 100).toFixed(1)} %`;

/** The figures in words, a few lines. */
export function summary({ clips, stills }: Evaluation): string {
  const lines = (
    [
      ['clips', clips],
      ['stills', stills],
    ] as const
  ).flatMap(([kind, metrics]) => {
    if (metrics.items.length === 0) return [];
    const failed = metrics.items.filter((item) => item.error !== undefined).length;
    return [
      `${kind}: ${metrics.n} of the actions, ${metrics.none_n} of none of them${failed > 0 ? `, ${failed} failed` : ''}`,
      `  right, actions only      ${percent(metrics.top1_actions)}`,
      `  right, with “none”       ${percent(metrics.top1_with_none)}`,
      `  “none” found             ${percent(metrics.none_recall)}`,
      `  calibration error        ${percent(metrics.ece)}`,
      `  shown right              ${percent(metrics.shown?.right ?? null)}`,
      `  shown wrong              ${percent(metrics.shown?.wrong ?? null)}`,
      `  shown “none of these”    ${percent(metrics.shown?.none_of_these ?? null)}`,
    ];
  });
  return lines.join('\n');
}

export async function writeEvaluation(evaluation: Evaluation, path: string): Promise<void> {
  await writeFile(path, `${JSON.stringify(evaluation, null, 1)}\n`);
}
