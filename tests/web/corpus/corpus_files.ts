/** The files that tests/corpus/make_corpus.py has made. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CorpusFile, ReadableFile, RefusedFile } from './corpus_truth';

const FOLDER = fileURLToPath(new URL('../../../build/corpus', import.meta.url));

const all: CorpusFile[] = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')).files;

export const readable = all.filter((file): file is ReadableFile => file.error === null);
export const refused = all.filter((file): file is RefusedFile => file.error !== null);

export const pathOf = ({ name }: { name: string }) => join(FOLDER, name);

export function named(name: string): ReadableFile {
  const found = readable.find((file) => file.name === name);
  if (found === undefined) throw new Error(`the corpus has no ${name}`);
  return found;
}
