import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FileMissing, type ReadBytes, readGraphFile, readModelJson } from '../../../web/worker/package_files';

const folder = new URL('https://example.org/sub/models/a/');
const right = new Uint8Array([1, 2, 3]);
const wrong = new Uint8Array([9, 9, 9]);
const sha256 = createHash('sha256').update(right).digest('hex');
const graph = { file: 'backbone.onnx', bytes: 3, sha256 };

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
  return { asked, read };
}

describe('a graph file of a model package', () => {
  it('is fetched once, under an address that names its hash, with progress', async () => {
    const { asked, read } = host(right);
    const portions: number[] = [];
    expect(await readGraphFile(folder, graph, read, (bytes) => portions.push(bytes))).toBe(right);
    expect(asked).toEqual([
      { url: `https://example.org/sub/models/a/backbone.onnx?v=${sha256.slice(0, 16)}`, cache: undefined },
    ]);
    expect(portions).toEqual([3]);
  });

  it('is fetched once more past the cache if the hash does not fit', async () => {
    const { asked, read } = host(wrong, right);
    const portions: number[] = [];
    expect(await readGraphFile(folder, graph, read, (bytes) => portions.push(bytes))).toBe(right);
    expect(asked.map(({ cache }) => cache)).toEqual([undefined, 'reload']);
    expect(portions, 'progress does not run twice').toEqual([3]);
  });

  it('counts as altered if the hash never fits', async () => {
    const { asked, read } = host(wrong, wrong, right);
    await expect(readGraphFile(folder, graph, read, () => undefined)).rejects.toMatchObject({ code: 'model-altered' });
    expect(asked).toHaveLength(2);
  });

  it('counts as missing if the host has none', async () => {
    const { read } = host(new FileMissing('the host answered 404'));
    await expect(readGraphFile(folder, graph, read, () => undefined)).rejects.toMatchObject({
      code: 'model-missing',
      message: "The model's file backbone.onnx could not be loaded: the host answered 404.",
    });
  });
});

describe('model.json', () => {
  it('is checked with the host, whatever lies in the cache', async () => {
    const { asked, read } = host(new TextEncoder().encode('{"name": "Äpfel"}'));
    expect(await readModelJson(folder, read)).toBe('{"name": "Äpfel"}');
    expect(asked).toEqual([{ url: 'https://example.org/sub/models/a/model.json', cache: 'check' }]);
  });

  it('counts as missing if the host has none', async () => {
    const { read } = host(new FileMissing('the host answered 404'));
    await expect(readModelJson(folder, read)).rejects.toMatchObject({ code: 'model-missing' });
  });
});
