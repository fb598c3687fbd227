import { afterEach, expect, it, vi } from 'vitest';
import { requireWasm } from '../../../web/lib/requirements';

afterEach(() => vi.unstubAllGlobals());

it('lets a browser with WebAssembly and SIMD pass', () => {
  expect(requireWasm).not.toThrow();
});

it('tells of a browser whose WebAssembly has no SIMD', () => {
  vi.stubGlobal('WebAssembly', { validate: () => false });
  expect(requireWasm).toThrow(expect.objectContaining({ code: 'wasm-missing' }));
});

it('tells of a browser without WebAssembly', () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(requireWasm).toThrow(expect.objectContaining({ code: 'wasm-missing' }));
});
