/** Reads the directory of a .zip file, and single files of it, without ever holding all of it. fflate inflates. */

import { Inflate } from 'fflate';
import { ActionscopeError } from '../lib/errors';

/** A file in an archive, as its directory describes it. Nothing of it is trusted. */
export interface ZipEntry {
  /** With folders, separated by slashes. */
  path: string;
  encrypted: boolean;
  method: number;
  packedBytes: number;
  /** Where its own header begins. */
  offset: number;
}

/** Entries of an archive; a model package has a handful. */
const MOST_ENTRIES = 4096;
/** Bytes of the directory: what that many entries with long names take. */
const MOST_DIRECTORY_BYTES = 4 << 20;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MOST_COMMENT_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED_FLAG = 1;
const STORED = 0;
const DEFLATED = 8;
/** Packed bytes that are inflated at a time: at most about a thousand times that comes out before its size is looked at. */
const PORTION = 16 << 10;

const damaged = (how: string) =>
  new ActionscopeError(
    'package-damaged',
    `This .zip file cannot be read: ${how}.`,
    'Copy or download the model package again completely.',
  );

async function bytesOf(file: Blob, start: number, end: number): Promise<DataView<ArrayBuffer>> {
  try {
    return new DataView(await file.slice(start, end).arrayBuffer());
  } catch {
    throw new ActionscopeError(
      'file-unreadable',
      'The model package cannot be read any more.',
      'It may have been moved, changed or deleted: choose it again.',
    );
  }
}

/** The directory stands at the end, before a record that tells where it begins, and a comment of any length. */
async function directoryOf(zip: Blob): Promise<{ bytes: DataView<ArrayBuffer>; count: number }> {
  const tailStart = Math.max(0, zip.size - END_BYTES - MOST_COMMENT_BYTES);
  const tail = await bytesOf(zip, tailStart, zip.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const start = tail.getUint32(at + 16, true);
    if (count > MOST_ENTRIES || size > MOST_DIRECTORY_BYTES)
      throw damaged('it holds more files than a model package has');
    if (start + size > tailStart + at) throw damaged('it is cut short or damaged');
    return { bytes: await bytesOf(zip, start, start + size), count };
  }
  throw damaged('it is no .zip file, or it is cut short');
}

/** The files of an archive, folders left out. Throws `package-damaged` and `file-unreadable`. */
export async function readZipDirectory(zip: Blob): Promise<ZipEntry[]> {
  const { bytes, count } = await directoryOf(zip);
  const decoder = new TextDecoder();
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; ++index) {
    if (at + ENTRY_BYTES > bytes.byteLength || bytes.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw damaged('its list of files is damaged');
    }
    const nameBytes = bytes.getUint16(at + 28, true);
    const end = at + ENTRY_BYTES + nameBytes + bytes.getUint16(at + 30, true) + bytes.getUint16(at + 32, true);
    if (end > bytes.byteLength) throw damaged('its list of files is damaged');
    const path = decoder.decode(new Uint8Array(bytes.buffer, at + ENTRY_BYTES, nameBytes)).replaceAll('\\', '/');
    if (!path.endsWith('/')) {
      entries.push({
        path,
        encrypted: (bytes.getUint16(at + 8, true) & ENCRYPTED_FLAG) !== 0,
        method: bytes.getUint16(at + 10, true),
        packedBytes: bytes.getUint32(at + 20, true),
        offset: bytes.getUint32(at + 42, true),
      });
    }
    at = end;
  }
  return entries;
}

/** Inflates up to `most` bytes, whatever the archive promises. */
function inflate(packed: Uint8Array, path: string, most: number, tooLarge: () => ActionscopeError) {
  const portions: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const inflater = new Inflate((portion, final) => {
    size += portion.byteLength;
    ended = final;
    if (size <= most) portions.push(portion);
  });
  try {
    for (let at = 0; at < packed.byteLength && size <= most; at += PORTION) {
      inflater.push(packed.subarray(at, at + PORTION), at + PORTION >= packed.byteLength);
    }
  } catch {
    throw damaged(`its file ${path} is damaged`);
  }
  if (size > most) throw tooLarge();
  if (!ended) throw damaged(`its file ${path} is cut short`);
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const portion of portions) {
    bytes.set(portion, offset);
    offset += portion.byteLength;
  }
  return bytes;
}

/**
 * The content of one file. At most `most` bytes of it are unpacked; `tooLarge` is thrown where there are more. Throws
 * `package-damaged` (cut short, altered, encrypted or compressed in a way other than .zip's usual ones) and `file-unreadable`.
 */
export async function readZipEntry(
  zip: Blob,
  entry: ZipEntry,
  most: number,
  tooLarge: () => ActionscopeError,
): Promise<Uint8Array<ArrayBuffer>> {
  const { path, encrypted, method, packedBytes, offset } = entry;
  if (encrypted) {
    throw new ActionscopeError(
      'package-damaged',
      `The file ${path} in this .zip file is encrypted.`,
      'Unpack it with its password, and choose the folder.',
    );
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new ActionscopeError(
      'package-damaged',
      `The file ${path} in this .zip file is compressed in a way that is not known here (method ${method}).`,
      'Unpack it, and choose the folder.',
    );
  }
  // Nothing that holds a model's file is packed to more than the file itself, and a little.
  if (packedBytes > most + PORTION) throw tooLarge();
  const header = await bytesOf(zip, offset, offset + LOCAL_BYTES);
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw damaged(`its file ${path} is damaged`);
  }
  const start = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = new Uint8Array((await bytesOf(zip, start, start + packedBytes)).buffer);
  if (packed.byteLength < packedBytes) throw damaged(`its file ${path} is cut short`);
  if (method === DEFLATED) return inflate(packed, path, most, tooLarge);
  if (packed.byteLength > most) throw tooLarge();
  return packed;
}
