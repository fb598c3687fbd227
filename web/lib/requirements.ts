import { ActionscopeError } from './errors';

/** The smallest module with a SIMD instruction: a function that makes a v128 and drops it. */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11,
]);

/** Throws `wasm-missing` where the browser cannot run the engine. */
export function requireWasm(): void {
  const hint = 'Update the browser, or use another one; some switch WebAssembly off in a strict mode.';
  if (typeof WebAssembly === 'undefined') {
    throw new ActionscopeError('wasm-missing', 'This browser has no WebAssembly, or has it switched off.', hint);
  }
  if (!WebAssembly.validate(SIMD_MODULE)) {
    throw new ActionscopeError('wasm-missing', 'The WebAssembly of this browser has no SIMD instructions.', hint);
  }
}
