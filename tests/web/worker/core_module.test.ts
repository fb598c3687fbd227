import { describe, expect, it, vi } from 'vitest';
import { type CoreBuild, hasRelaxedSimd, startCore } from '../../../web/worker/core_module';
import type { WasmModule } from '../../../web/worker/wasm_module';

const read = async () => new Uint8Array(8);

function build(selfTest: boolean, bytes: number): CoreBuild & { importModule: ReturnType<typeof vi.fn> } {
  const module = { selfTest: () => selfTest } as WasmModule;
  return { importModule: vi.fn(async () => async () => module), wasm: { url: new URL('file:///core.wasm'), bytes } };
}

describe('the build of the core', () => {
  it('is the relaxed one where the device has its instructions', async () => {
    const [relaxed, simd] = [build(true, 2), build(true, 1)];
    const core = await startCore({ relaxed, simd }, read, true);
    expect(core).toMatchObject({ simd: 'relaxed', bytes: 2, proved: true, steppedDown: null });
    expect(simd.importModule).not.toHaveBeenCalled();
  });

  it('is the plain one where it has not, which is no step down', async () => {
    const [relaxed, simd] = [build(true, 2), build(true, 1)];
    const core = await startCore({ relaxed, simd }, read, false);
    expect(core).toMatchObject({ simd: 'plain', bytes: 1, proved: true, steppedDown: null });
    expect(relaxed.importModule).not.toHaveBeenCalled();
  });

  it('steps down from relaxed instructions that compute something else, and says so', async () => {
    const core = await startCore({ relaxed: build(false, 2), simd: build(true, 1) }, read, true);
    expect(core).toMatchObject({ simd: 'plain', proved: true, steppedDown: expect.stringContaining('relaxed SIMD') });
  });

  it('proves nothing where both compute something else', async () => {
    const core = await startCore({ relaxed: build(false, 2), simd: build(false, 1) }, read, true);
    expect(core).toMatchObject({ simd: 'plain', proved: false, steppedDown: expect.any(String) });
  });

  it('tells which file could not be read', async () => {
    const refused = () => Promise.reject(new Error('404'));
    const starting = startCore({ relaxed: build(true, 2), simd: build(true, 1) }, refused, false);
    await expect(starting).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('core.wasm'),
    });
  });

  it('tells that its script could not be read', async () => {
    const simd = { ...build(true, 1), importModule: () => Promise.reject(new Error('404')) };
    await expect(startCore({ relaxed: build(true, 2), simd }, read, false)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('script'),
    });
  });

  it('is asked of the device itself: Node 20 has no relaxed SIMD unless told to', () => {
    expect(hasRelaxedSimd()).toBe(process.execArgv.includes('--experimental-wasm-relaxed-simd'));
  });
});
