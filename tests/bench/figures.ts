/** What every benchmark shares: how it times, sums up and writes down. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

export function median(values: number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  const upper = ascending[middle] ?? Number.NaN;
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** What the work gives, and the milliseconds that it took. */
export async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const value = await work();
  return [value, performance.now() - started];
}

/** The machine, as figures name it. */
export function processor(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`;
}

/** What speeds inference up, as Linux names it. */
const FEATURES = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx_vnni', 'asimd', 'asimddp', 'i8mm'];

/** Those of `FEATURES` that the processor has; none where the system is not Linux. */
export function processorFeatures(): string[] {
  const facts = '/proc/cpuinfo';
  const [, flags] = /^(?:flags|Features)\s*: (.*)$/m.exec(existsSync(facts) ? readFileSync(facts, 'utf8') : '') ?? [];
  const found = new Set(flags?.split(' '));
  return FEATURES.filter((feature) => found.has(feature));
}

/** Writes one flat object to the file that --json names, if it does. */
export function writeFigures(figures: Record<string, unknown>): void {
  const { values } = parseArgs({ options: { json: { type: 'string' } } });
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
