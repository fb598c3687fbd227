import type { ReadableFile } from '../media/reader_module';

/** A file for the FFmpeg modules, read in slices as they ask for them. In workers only: pages cannot wait for bytes. */
export function readableBlob(file: Blob): ReadableFile {
  const reader = new FileReaderSync();
  return {
    size: file.size,
    // It throws where the file was moved, changed or deleted, which the module takes as such.
    read: (offset, length) => new Uint8Array(reader.readAsArrayBuffer(file.slice(offset, offset + length))),
  };
}
