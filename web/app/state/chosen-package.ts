/** What a person has dropped or chosen: a video, or a model package. */
import { ActionscopeError } from '../../lib/errors';
import type { PackageFile, PackageFiles } from '../../lib/types';

export interface ChosenPackage {
  files: PackageFiles;
  /** Of the .zip file or the folder, to be shown. */
  name: string;
}

const isZip = (file: File) => /\.zip$/i.test(file.name);

/** The files of a folder that was chosen in a dialogue, or a single .zip file; null where nothing was chosen. */
export function packageOf(files: readonly File[]): ChosenPackage | null {
  const [first] = files;
  if (first === undefined) {
    return null;
  }
  if (files.length === 1 && isZip(first)) {
    return { files: first, name: first.name };
  }
  const listed = files.map((file) => ({ path: pathOf(file), content: file }));
  return { files: listed, name: pathOf(first).split('/')[0] ?? '' };
}

/** With its folders where the browser tells them. */
function pathOf(file: File): string {
  return file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
}

/** A package among files dropped without a folder: a .zip file, or a model.json and what lies beside it; else null. */
export function packageAmong(files: readonly File[]): ChosenPackage | null {
  const zip = files.find(isZip);
  if (zip !== undefined) {
    return packageOf([zip]);
  }
  return files.some(({ name }) => name === 'model.json') ? packageOf(files) : null;
}

/** As much of the browser's FileSystemDirectoryEntry as is read here. */
export type Folder = Pick<FileSystemDirectoryEntry, 'name' | 'createReader'>;

/** The files directly in a folder that was dropped; a package has no others. Throws `file-unreadable`. */
export async function packageInFolder(folder: Folder): Promise<PackageFile[]> {
  try {
    return await filesIn(folder);
  } catch {
    throw new ActionscopeError(
      'file-unreadable',
      `The folder ${folder.name} cannot be read.`,
      'It may have been moved, changed or locked: drop it again.',
    );
  }
}

async function filesIn(folder: Folder): Promise<PackageFile[]> {
  const reader = folder.createReader();
  const files: PackageFile[] = [];
  for (;;) {
    // A reader gives a portion at a time, and an empty one at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) {
      return files;
    }
    for (const entry of entries.filter(({ isFile }) => isFile)) {
      const content = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      files.push({ path: `${folder.name}/${entry.name}`, content });
    }
  }
}
