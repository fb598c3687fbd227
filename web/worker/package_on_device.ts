/** The files of a model package that a person has chosen: a .zip file, or the files of a folder. */

import { ActionscopeError } from '../lib/errors';
import type { PackageFiles } from '../lib/types';
import { readZipDirectory, readZipEntry } from './zip';

/** The folder that model.json lies in, by names without a path. */
export interface FilesOnDevice {
  /**
   * A file's content: at most `most` bytes; `tooLarge` is thrown where it has more. Throws `model-missing`, `package-damaged` and
   * `file-unreadable`.
   */
  read(name: string, most: number, tooLarge: () => ActionscopeError): Promise<Uint8Array<ArrayBuffer>>;
}

type ReadFile = (most: number, tooLarge: () => ActionscopeError) => Promise<Uint8Array<ArrayBuffer>>;

interface Listed {
  path: string;
  read: ReadFile;
}

/** What file managers add by themselves: no part of a package. */
const ADDED_BY_SYSTEM = /^__MACOSX\//;

function checkPath(path: string): void {
  if (!/^(\/|[A-Za-z]:)/.test(path) && !path.split('/').includes('..')) return;
  throw new ActionscopeError(
    'package-damaged',
    `This model package has a file whose name leads out of it: ${path.slice(0, 60)}.`,
    'Do not use it: packages of Actionscope have no such names.',
  );
}

/** The files beside model.json, which lies at the top or in one folder. */
function besideModelJson(files: Listed[]): Map<string, ReadFile> {
  for (const { path } of files) checkPath(path);
  const own = files.filter(({ path }) => !ADDED_BY_SYSTEM.test(path));
  const depth = (path: string) => path.split('/').length;
  const found = own
    .filter(({ path }) => /^([^/]+\/)?model\.json$/.test(path))
    .sort((a, b) => depth(a.path) - depth(b.path));
  const [first, second] = found;
  if (first === undefined) {
    throw new ActionscopeError(
      'model-missing',
      'There is no model.json in it: this is no model package.',
      'Choose the folder that model.json lies in, or a .zip file of it.',
    );
  }
  if (second !== undefined && depth(first.path) === depth(second.path)) {
    throw new ActionscopeError(
      'model-missing',
      `There is more than one model package in it: ${first.path}, ${second.path}.`,
      'Choose the folder of one of them.',
    );
  }
  const folder = first.path.slice(0, -'model.json'.length);
  const beside = new Map<string, ReadFile>();
  for (const { path, read } of own) {
    const name = path.slice(folder.length);
    if (path.startsWith(folder) && !name.includes('/')) beside.set(name, read);
  }
  return beside;
}

async function zipped(zip: Blob): Promise<Listed[]> {
  const entries = await readZipDirectory(zip);
  return entries.map((entry) => ({
    path: entry.path,
    read: (most, tooLarge) => readZipEntry(zip, entry, most, tooLarge),
  }));
}

const plain =
  (content: Blob): ReadFile =>
  async (most, tooLarge) => {
    if (content.size > most) throw tooLarge();
    try {
      return new Uint8Array(await content.arrayBuffer());
    } catch {
      throw new ActionscopeError(
        'file-unreadable',
        'The model package cannot be read any more.',
        'It may have been moved, changed or deleted: choose it again.',
      );
    }
  };

/** Lists what was chosen. Throws `model-missing`, `package-damaged` and `file-unreadable`. */
export async function filesOnDevice(source: PackageFiles): Promise<FilesOnDevice> {
  const listed =
    source instanceof Blob ? await zipped(source) : source.map(({ path, content }) => ({ path, read: plain(content) }));
  const files = besideModelJson(listed);
  return {
    read: async (name, most, tooLarge) => {
      const read = files.get(name);
      if (read !== undefined) return read(most, tooLarge);
      throw new ActionscopeError(
        'model-missing',
        `The model's file ${name} is not in the package.`,
        'Copy or download the model package again completely.',
      );
    },
  };
}
