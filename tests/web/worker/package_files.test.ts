import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  FileMissing,
  MOST_PACKAGE_BYTES,
  openPackage,
  type PackageSource,
  type ReadBytes,
} from '../../../web/worker/package_files';
import { zipOf } from './zip_file';

const folder = 'https://example.org/sub/models/a/';
const right = new Uint8Array([1, 2, 3]);
const wrong = new Uint8Array([9, 9, 9]);
const sha256 = createHash('sha256').update(right).digest('hex');
const graph = { file: 'backbone.onnx', bytes: 3, sha256 };
const ignore = () => undefined;

/** A host that gives these answers in turn, and remembers what it was asked. */
function host(...answers: (Uint8Array<ArrayBuffer> | Error)[]) {
  const asked: { url: string; cache: string | undefined }[] = [];
  const read: ReadBytes = async (url, options) => {
    asked.push({ url: url.href, cache: options?.cache });
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer;
    options?.onBytes?.(answer.byteLength);
    return answer;
  };
  return { asked, opened: () => openPackage(folder, read) };
}

/** A package on this device: nothing is asked of any host. */
const onDevice = (source: PackageSource) => openPackage(source, () => Promise.reject(new Error('a host was asked')));

describe('a graph file that a host has', () => {
  it('is fetched once, under an address that names its hash, with progress', async () => {
    const { asked, opened } = host(right);
    const portions: number[] = [];
    expect(await (await opened()).readGraphFile(graph, (bytes) => portions.push(bytes))).toBe(right);
    expect(asked).toEqual([
      { url: `https://example.org/sub/models/a/backbone.onnx?v=${sha256.slice(0, 16)}`, cache: undefined },
    ]);
    expect(portions).toEqual([3]);
  });

  it('is fetched once more past the cache if the hash does not fit', async () => {
    const { asked, opened } = host(wrong, right);
    const portions: number[] = [];
    expect(await (await opened()).readGraphFile(graph, (bytes) => portions.push(bytes))).toBe(right);
    expect(asked.map(({ cache }) => cache)).toEqual([undefined, 'reload']);
    expect(portions, 'progress does not run twice').toEqual([3]);
  });

  it('counts as altered if the hash never fits', async () => {
    const { asked, opened } = host(wrong, wrong, right);
    await expect((await opened()).readGraphFile(graph, ignore)).rejects.toMatchObject({ code: 'model-altered' });
    expect(asked).toHaveLength(2);
  });

  it('counts as missing if the host has none', async () => {
    const { opened } = host(new FileMissing('the host answered 404'));
    await expect((await opened()).readGraphFile(graph, ignore)).rejects.toMatchObject({
      code: 'model-missing',
      message: "The model's file backbone.onnx could not be loaded: the host answered 404.",
    });
  });
});

describe('model.json that a host has', () => {
  it('is checked with the host, whatever lies in the cache', async () => {
    const { asked, opened } = host(new TextEncoder().encode('{"name": "Äpfel"}'));
    expect(await (await opened()).readModelJson()).toBe('{"name": "Äpfel"}');
    expect(asked).toEqual([{ url: 'https://example.org/sub/models/a/model.json', cache: 'check' }]);
  });

  it('counts as missing if the host has none', async () => {
    const { opened } = host(new FileMissing('the host answered 404'));
    await expect((await opened()).readModelJson()).rejects.toMatchObject({ code: 'model-missing' });
  });
});

const ways: [string, (files: Record<string, Uint8Array<ArrayBuffer> | string>) => PackageSource][] = [
  ['a .zip file', zipOf],
  ['a folder', (files) => Object.entries(files).map(([path, content]) => ({ path, content: new Blob([content]) }))],
];

describe.each(ways)('a package on this device: %s', (_, packed) => {
  it.each(['', 'model/'])('is read by name, its files lying in “%s”', async (top) => {
    const files = { [`${top}model.json`]: '{}', [`${top}backbone.onnx`]: right, [`${top}old/backbone.onnx`]: wrong };
    const opened = await onDevice(packed({ ...files, '__MACOSX/model.json': 'x', [`${top}report.json`]: 'Grüße' }));
    const portions: number[] = [];
    expect(await opened.readModelJson()).toBe('{}');
    expect(await opened.readGraphFile(graph, (bytes) => portions.push(bytes))).toEqual(right);
    expect(await opened.readText('report.json')).toBe('Grüße');
    expect(portions).toEqual([3]);
  });

  it('without model.json is none', async () => {
    const error = { code: 'model-missing', message: expect.stringContaining('no model.json') };
    await expect(onDevice(packed({ 'holiday.mp4': 'x' }))).rejects.toMatchObject(error);
    await expect(onDevice(packed({ 'a/b/model.json': '{}' }))).rejects.toMatchObject(error);
  });

  it('with two models in it is not guessed at', async () => {
    await expect(onDevice(packed({ 'a/model.json': '{}', 'b/model.json': '{}' }))).rejects.toMatchObject({
      code: 'model-missing',
      message: 'There is more than one model package in it: a/model.json, b/model.json.',
    });
  });

  it('that lacks a file names it', async () => {
    const opened = await onDevice(packed({ 'model.json': '{}' }));
    await expect(opened.readGraphFile(graph, ignore)).rejects.toMatchObject({
      code: 'model-missing',
      message: "The model's file backbone.onnx is not in the package.",
    });
  });

  it.each([
    ['altered', wrong],
    ['longer than model.json says', new Uint8Array([1, 2, 3, 4])],
    ['shorter', new Uint8Array([1, 2])],
  ])('whose graph file is %s is refused', async (__, content) => {
    const opened = await onDevice(packed({ 'model.json': '{}', 'backbone.onnx': content }));
    await expect(opened.readGraphFile(graph, ignore)).rejects.toMatchObject({ code: 'model-altered' });
  });

  it('of graph files that are too large together is refused before they are read', async () => {
    const opened = await onDevice(packed({ 'model.json': '{}', 'backbone.onnx': right }));
    await opened.readGraphFile(graph, ignore);
    const large = { file: 'head.onnx', bytes: MOST_PACKAGE_BYTES - 2, sha256 };
    await expect(opened.readGraphFile(large, ignore)).rejects.toMatchObject({
      code: 'package-too-large',
      message: expect.stringContaining('256 MB'),
    });
  });

  it('whose model.json is too large is refused', async () => {
    const opened = await onDevice(packed({ 'model.json': new Uint8Array((1 << 20) + 1) }));
    await expect(opened.readModelJson()).rejects.toMatchObject({ code: 'package-too-large' });
  });

  it.each(['/etc/model.json', '../model.json', 'a/../../model.json', 'C:/model.json'])(
    'with a name that leads out of it is refused: %s',
    async (path) => {
      const files = { 'model.json': '{}', [path]: 'x' };
      await expect(onDevice(packed(files))).rejects.toMatchObject({
        code: 'package-damaged',
        message: expect.stringContaining(path),
      });
    },
  );
});

it('a folder whose files have gone says so', async () => {
  const gone = Object.assign(new Blob(['x']), { arrayBuffer: () => Promise.reject(new Error('gone')) });
  const opened = await onDevice([{ path: 'model.json', content: gone }]);
  await expect(opened.readModelJson()).rejects.toMatchObject({ code: 'file-unreadable' });
});
