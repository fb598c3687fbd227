import { describe, expect, it } from 'vitest';
import { EarlyGraphs, graphsNamedIn } from '../../../web/worker/early_graphs';
import type { ModelPackage } from '../../../web/worker/package_files';
import type { GraphFile } from '../../../web/worker/wasm_module';

const graph = (file: string): GraphFile => ({ file, bytes: 3, sha256: 'ab'.repeat(32) });

const modelJson = (variants: unknown, usual: unknown = 'int8') => JSON.stringify({ default_variant: usual, variants });

const shipped = modelJson({
  fp32: { backbone: graph('backbone.onnx'), head: graph('head.onnx') },
  int8: { backbone: graph('backbone-int8.onnx'), head: graph('head-int8.onnx') },
});

class Files implements ModelPackage {
  read: string[] = [];
  tell: (bytes: number) => void = () => undefined;
  failure: Error | undefined;

  readModelJson = async () => shipped;
  readText = async () => '';

  async readGraphFile({ file }: GraphFile, onBytes: (bytes: number) => void) {
    this.read.push(file);
    this.tell = onBytes;
    onBytes(1);
    if (this.failure !== undefined) throw this.failure;
    return new Uint8Array([1, 2, 3]);
  }
}

describe('graphs that are asked for early', () => {
  it('are those of the usual variant, or of the one that is wanted', () => {
    expect(graphsNamedIn(shipped)).toEqual([graph('backbone-int8.onnx'), graph('head-int8.onnx')]);
    expect(graphsNamedIn(shipped, 'fp32')).toEqual([graph('backbone.onnx'), graph('head.onnx')]);
  });

  it('are those that were expected, of which each is read once', () => {
    const files = new Files();
    const graphs = new EarlyGraphs(files);
    graphs.begin([graph('head.onnx'), graph('old.onnx')]);
    graphs.begin([graph('head.onnx'), graph('new.onnx')]);
    expect(files.read).toEqual(['head.onnx', 'old.onnx', 'new.onnx']);
  });

  it('are read once, and whoever asks hears of all bytes', async () => {
    const files = new Files();
    const graphs = new EarlyGraphs(files);
    graphs.begin([graph('head.onnx')]);
    let told = 0;
    const reading = graphs.read(graph('head.onnx'), (bytes) => {
      told += bytes;
    });
    expect(told).toBe(1);
    files.tell(2);
    expect(told).toBe(3);
    expect(await reading).toEqual(new Uint8Array([1, 2, 3]));
    expect(files.read).toEqual(['head.onnx']);
  });

  it('fail where they are asked for, and not before', async () => {
    const files = new Files();
    files.failure = new Error('gone');
    const graphs = new EarlyGraphs(files);
    graphs.begin([graph('head.onnx')]);
    await new Promise((resolve) => setTimeout(resolve));
    await expect(graphs.read(graph('head.onnx'), () => undefined)).rejects.toThrow('gone');
  });

  it('leave those that were not foreseen to be read when they are asked for', async () => {
    const files = new Files();
    const graphs = new EarlyGraphs(files);
    await graphs.read(graph('other.onnx'), () => undefined);
    expect(files.read).toEqual(['other.onnx']);
  });
});

describe('a model.json that cannot be right', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no variants', modelJson(undefined)],
    ['another usual variant', modelJson({ fp32: {} }, 'int8')],
    ['a variant that is nothing', modelJson({ int8: null })],
    ['no graphs', modelJson({ int8: {} })],
    ['a name that is no text', modelJson({ int8: { head: { ...graph('a'), file: 7 } } })],
    ['a hash that is no text', modelJson({ int8: { head: { ...graph('a'), sha256: null } } })],
    ['a name that leads out of the package', modelJson({ int8: { head: graph('../head.onnx') } })],
    ['a name that leads elsewhere', modelJson({ int8: { head: graph('//elsewhere/head.onnx') } })],
    ['an address', modelJson({ int8: { head: graph('https:head.onnx') } })],
  ])('with %s, names none', (_what, json) => {
    expect(graphsNamedIn(json)).toEqual([]);
  });
});
