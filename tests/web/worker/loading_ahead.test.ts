import { describe, expect, it } from 'vitest';
import type { LoadProgress, ModelDescription } from '../../../web/lib/types';
import { textOf } from '../../../web/worker/early_worker';
import type { LoadListener, LoadRequest } from '../../../web/worker/engine_contract';
import { LoadingAhead } from '../../../web/worker/loading_ahead';

const request: LoadRequest = { model: 'https://example.com/model/' };
const graphs = [{ file: 'head.onnx', bytes: 3, sha256: 'ab'.repeat(32) }];
const model = { name: 'a' } as ModelDescription;

function listening() {
  const heard: (ModelDescription | LoadProgress)[] = [];
  const listener: LoadListener = { onModel: (each) => heard.push(each), onProgress: (each) => heard.push(each) };
  return { heard, listener };
}

function begun(outcome: Promise<string> = Promise.resolve('loaded')) {
  let inside: LoadListener | undefined;
  const ahead = new LoadingAhead({ request: textOf(request) ?? '', graphs }, (asked, listener, expected) => {
    expect(asked).toEqual(request);
    expect(expected).toEqual(graphs);
    inside = listener;
    return outcome;
  });
  return { ahead, inside: inside as unknown as LoadListener };
}

describe('a loading that begins before it is asked for', () => {
  it('gives what it has loaded to whoever asks for the same, told with other words or not', async () => {
    const { ahead } = begun();
    const same = { model: request.model, variant: undefined, engine: undefined };
    expect(await ahead.take(same, listening().listener)).toBe('loaded');
  });

  it('tells what there was to hear until then, the latest alone, and goes on telling', () => {
    const { ahead, inside } = begun();
    inside.onModel(model);
    inside.onProgress({ loaded: 1, total: 4 });
    inside.onProgress({ loaded: 2, total: 4 });
    const { heard, listener } = listening();
    ahead.take(request, listener);
    inside.onProgress({ loaded: 4, total: 4 });
    expect(heard).toEqual([model, { loaded: 2, total: 4 }, { loaded: 4, total: 4 }]);
  });

  it('fails where it is asked for, and not before', async () => {
    const { ahead } = begun(Promise.reject(new Error('gone')));
    await new Promise((resolve) => setTimeout(resolve));
    await expect(ahead.take(request, listening().listener)).rejects.toThrow('gone');
  });

  it.each([
    ['another model', { model: 'https://example.com/other/' }],
    ['another variant', { ...request, variant: 'fp32' }],
    ['another engine', { ...request, engine: 'onnxruntime' as const }],
    ['files that are here already', { ...request, files: new Map() }],
    ['a package on the device', { model: [] }],
  ])('is nothing to whoever asks for %s', (_what, other) => {
    const { ahead, inside } = begun();
    inside.onModel(model);
    const { heard, listener } = listening();
    expect(ahead.take(other, listener)).toBeUndefined();
    expect(heard).toEqual([]);
  });
});
