/** Whoever runs the backbone, as the benchmark drives them: each loaded afresh, each on one thread. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { root } from '../bench_pages';
import { PYTHON } from '../python';

export interface Entrant {
  name: string;
  /** Of each frame. */
  features(): Promise<number[][]>;
  /** Runs all frames once and gives the mean milliseconds of one. */
  round(): Promise<number>;
  close(): Promise<void>;
}

/** One of the contestants that worker.ts knows, on a page of its own. */
export async function inPage(browser: Browser, url: string, name: string): Promise<Entrant> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate((wanted) => globalThis.contestant.load(wanted), name);
  return {
    name,
    features: () => page.evaluate(() => globalThis.contestant.features()),
    round: () => page.evaluate(() => globalThis.contestant.round()),
    close: () => context.close(),
  };
}

/** Python's ONNX Runtime on a backbone of the package in the folder `model`, in a process of its own. */
export function native(variant: string, model: string, backbone: string, frames: string): Entrant {
  const script = join(root, 'tests/bench/inference/native.py');
  const python = spawn(PYTHON, [script, model, backbone, frames], {
    env: { ...process.env, PYTHONPATH: join(root, 'scripts') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => python.once('close', () => resolve()));
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  async function ask(what: string) {
    python.stdin.write(`${what}\n`);
    const { done, value } = await answers.next();
    if (done) throw new Error('native ONNX Runtime ended; its message stands above');
    return JSON.parse(value);
  }
  return {
    name: `native onnxruntime ${variant}`,
    features: () => ask('features'),
    round: () => ask('round'),
    close: () => {
      python.stdin.end();
      return ended;
    },
  };
}
