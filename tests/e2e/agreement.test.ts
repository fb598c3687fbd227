import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipResult, Scores } from '../../web/lib/types';
import { launchChromium } from './support/chromium';
import { ClassifierPage } from './support/classifier_page';
import { BIKES, clips } from './support/clips';
import { expectSameScores } from './support/same_scores';
import { type PageServer, servePage } from './support/server';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Footage that is there where the project is worked on, and is in no checkout. */
const data = join(root, '..', 'shared', 'data');

/**
 * What PyTorch says, from PyAV's frames, with ONNX Runtime for a backbone in integers: probabilities in the order of the labels.
 */
interface Reference {
  first: number[];
  answer: number[];
}

interface Golden extends Reference {
  path: string;
}

const goldens: { labels: string[]; packaged: Reference[]; clips: Golden[] } = JSON.parse(
  readFileSync(join(root, 'tests/golden/files.json'), 'utf8'),
);

type Said = Pick<Scores, 'answer' | 'probabilities'>;

function said(probabilities: number[]): Said {
  const answer = goldens.labels[probabilities.indexOf(Math.max(...probabilities))] ?? '';
  return {
    answer,
    probabilities: Object.fromEntries(
      goldens.labels.map((label, index) => [label, probabilities[index] ?? Number.NaN]),
    ),
  };
}

/** A file, and a promise of what the reference says of it. */
interface Case {
  title: string;
  path: () => string;
  reference: () => Promise<Reference>;
}

let live: Promise<Reference[]>;

const LIVE = [clips.phone, clips.variableRate];

/** The reference is asked in one go about all clips that are made here. */
async function askReference(): Promise<Reference[]> {
  const files = LIVE.map((path) => path());
  const { stdout } = await run(join(root, 'scripts/train'), ['reference', ...files, '--json'], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout).files;
}

const cases: Case[] = [
  {
    title: 'ten seconds of a street, from a package',
    path: () => BIKES,
    reference: async () => goldens.packaged[0] ?? Promise.reject(new Error('no golden')),
  },
  ...['a clip filmed with the phone upright', 'a clip of variable rate'].map((title, index) => ({
    title,
    path: () => (LIVE[index] ?? clips.phone)(),
    reference: async () => (await live)[index] ?? Promise.reject(new Error('the reference said nothing')),
  })),
  ...goldens.clips.map((golden) => ({
    title: golden.path,
    path: () => join(data, golden.path),
    reference: async () => golden,
  })),
];

const missing = ({ path }: Case) => !existsSync(path());

let server: PageServer;
let browser: Browser;
let opened: ClassifierPage;

/** One call of the command line for all files. It says a line a file, as soon as it knows; so it works on while the page does. */
class CommandLine {
  readonly #lines: AsyncIterator<string>;
  readonly #results = new Map<string, ClipResult>();

  constructor(files: string[]) {
    const { stdout } = spawn(join(root, 'scripts/actionscope'), ['classify', ...files, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#lines = createInterface(stdout)[Symbol.asyncIterator]();
  }

  /** What it says of a file, once it does. */
  async result(file: string): Promise<ClipResult> {
    for (;;) {
      const known = this.#results.get(file);
      if (known !== undefined) return known;
      const line = await this.#lines.next();
      if (line.done) throw new Error(`the command line said nothing of ${file}`);
      const result = JSON.parse(line.value);
      this.#results.set(result.file, result);
    }
  }
}

let commandLine: CommandLine;

beforeAll(async () => {
  live = askReference();
  live.catch(() => undefined);
  commandLine = new CommandLine(cases.filter((each) => !missing(each)).map(({ path }) => path()));
  server = await servePage();
  browser = await launchChromium();
  opened = await ClassifierPage.loaded(await browser.newContext(), server.url);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe('the page, the command line and the reference give one answer, and probabilities within 0.03, for', () => {
  for (const each of cases) {
    const { title, path, reference } = each;
    it.skipIf(missing(each))(`${title}${missing(each) ? ' (not in this checkout)' : ''}`, async () => {
      const page = await opened.classify(path());
      const node = await commandLine.result(path());
      const golden = await reference();
      expectSameScores(page, node, 'page and command line');
      expectSameScores(page.first, node.first, 'first looks of page and command line');
      expect(page.samples.map(({ time }) => time)).toEqual(node.samples.map(({ time }) => time));
      expectSameScores(page, said(golden.answer), 'page and reference');
      expectSameScores(page.first, said(golden.first), 'first looks of page and reference');
      expectSameScores(node, said(golden.answer), 'command line and reference');
      expectSameScores(node.first, said(golden.first), 'first looks of command line and reference');
    });
  }
});
