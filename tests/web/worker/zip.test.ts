import { describe, expect, it } from 'vitest';
import { ActionscopeError } from '../../../web/lib/errors';
import { readZipDirectory, readZipEntry } from '../../../web/worker/zip';
import { changedDirectory, zipOf } from './zip_file';

const text = 'A file that is packed well. '.repeat(200);
const tooLarge = () => new ActionscopeError('package-too-large', 'Too large.');

/** The first file of an archive, as text. */
async function firstOf(zip: Blob, most = 1 << 20): Promise<string> {
  const [entry] = await readZipDirectory(zip);
  if (entry === undefined) throw new Error('there is no file in it');
  return new TextDecoder().decode(await readZipEntry(zip, entry, most, tooLarge));
}

describe('a .zip file', () => {
  it.each([0, 6] as const)('gives its files as they were, packed at level %d', async (level) => {
    expect(await firstOf(zipOf({ 'a.txt': text }, level))).toBe(text);
  });

  it('lists its files with their folders, and no folder by itself', async () => {
    const zip = zipOf({ 'ü/': '', 'ü/a.txt': text, 'b.txt': '' });
    expect((await readZipDirectory(zip)).map(({ path }) => path)).toEqual(['ü/a.txt', 'b.txt']);
  });

  it('may end with a comment', async () => {
    const bytes = new Uint8Array(await zipOf({ 'a.txt': text }).arrayBuffer());
    new DataView(bytes.buffer).setUint16(bytes.length - 2, 7, true);
    expect(await firstOf(new Blob([bytes, 'comment']))).toBe(text);
  });

  it.each([0, 6] as const)('whose file is larger than it may be is stopped at that, at level %d', async (level) => {
    const zip = zipOf({ 'bomb.json': new Uint8Array(50e6) }, level);
    await expect(firstOf(zip, 1e6)).rejects.toMatchObject({ code: 'package-too-large' });
  });

  it('that promises less than it holds is stopped all the same', async () => {
    const bomb = await changedDirectory(zipOf({ 'bomb.json': new Uint8Array(50e6) }), (entry) => {
      entry.setUint32(24, 10, true);
    });
    await expect(firstOf(bomb, 1e6)).rejects.toMatchObject({ code: 'package-too-large' });
  });

  it('that is encrypted is called encrypted', async () => {
    const zip = await changedDirectory(zipOf({ 'a.txt': text }), (entry) => entry.setUint16(8, 1, true));
    await expect(firstOf(zip)).rejects.toMatchObject({
      code: 'package-damaged',
      message: 'The file a.txt in this .zip file is encrypted.',
    });
  });

  it('that is compressed in another way is called that', async () => {
    const zip = await changedDirectory(zipOf({ 'a.txt': text }), (entry) => entry.setUint16(10, 93, true));
    await expect(firstOf(zip)).rejects.toMatchObject({
      code: 'package-damaged',
      message: expect.stringContaining('method 93'),
    });
  });

  it('that is cut short anywhere is refused', async () => {
    const zip = zipOf({ 'a.txt': text, 'b.txt': text });
    for (let size = 0; size < zip.size; size += 7) {
      await expect(firstOf(zip.slice(0, size)), `${size} bytes`).rejects.toMatchObject({ code: 'package-damaged' });
    }
  });

  it('that tells of a file behind its end is refused', async () => {
    const zip = await changedDirectory(zipOf({ 'a.txt': text }), (entry) => entry.setUint32(42, 1e6, true));
    await expect(firstOf(zip)).rejects.toMatchObject({ code: 'package-damaged' });
  });

  it('whose packed file is shorter than it says is refused', async () => {
    const zip = await changedDirectory(zipOf({ 'a.txt': text }), (entry) => entry.setUint32(20, 20, true));
    await expect(firstOf(zip)).rejects.toMatchObject({
      code: 'package-damaged',
      message: 'This .zip file cannot be read: its file a.txt is damaged.',
    });
  });

  it('of other content is none', async () => {
    await expect(firstOf(new Blob([text]))).rejects.toMatchObject({ code: 'package-damaged' });
    await expect(firstOf(new Blob([]))).rejects.toMatchObject({ code: 'package-damaged' });
  });

  it('of more files than any package has is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 4097 }, (_, index) => [`${index}`, '']));
    await expect(firstOf(zipOf(many))).rejects.toMatchObject({ code: 'package-damaged' });
  });

  it('whose file has gone says so', async () => {
    const gone = Object.assign(zipOf({ 'a.txt': text }), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    });
    await expect(readZipDirectory(gone as unknown as Blob)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
