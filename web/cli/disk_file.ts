import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ActionscopeError } from '../lib/errors';
import { emptyFile } from '../media/file_errors';
import type { ReadableFile } from '../media/reader_module';

/** A file on the disk, open until it is closed. */
export class DiskFile implements ReadableFile {
  private constructor(
    readonly path: string,
    readonly size: number,
    private readonly descriptor: number,
  ) {}

  /** Throws `file-unreadable`, also for folders, and `file-empty`. */
  static open(path: string): DiskFile {
    try {
      const descriptor = openSync(path, 'r');
      const found = fstatSync(descriptor);
      if (found.isFile() && found.size > 0) return new DiskFile(path, found.size, descriptor);
      closeSync(descriptor);
      if (found.isFile()) throw emptyFile();
    } catch (reason) {
      if (reason instanceof ActionscopeError) throw reason;
    }
    throw new ActionscopeError('file-unreadable', 'There is no such file, or it may not be read.');
  }

  read(offset: number, length: number): Uint8Array | null {
    try {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(this.descriptor, bytes, 0, length, offset));
    } catch {
      return null;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
