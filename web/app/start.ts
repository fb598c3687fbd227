/**
 * What a page does before its modules are read. Names what keeps it from working; the words are in the HTML. Where nothing does, hides
 * them until the modules have had their chance and, if the script element says which, starts the engine's worker. Built as a classic script, so that it runs where modules do not.
 */

import { startEarly } from '../lib/early';

// (module (func (result v128) (i8x16.splat (i32.const 0))))
const SIMD_MODULE = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00,
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b,
]);

function findObstacle(): string | null {
  if (location.protocol === 'file:') {
    return 'file';
  }
  if (!window.isSecureContext) {
    return 'insecure';
  }
  if (typeof WebAssembly !== 'object') {
    return 'wasm';
  }
  const isCurrent =
    WebAssembly.validate(SIMD_MODULE) &&
    'noModule' in HTMLScriptElement.prototype &&
    'adoptedStyleSheets' in Document.prototype &&
    'any' in AbortSignal;
  return isCurrent ? null : 'old';
}

const obstacle = findObstacle();
const root = document.documentElement.dataset;
const { engine, model, graphs } = (document.currentScript as HTMLScriptElement).dataset;
if (obstacle !== null) {
  root.obstacle = obstacle;
} else {
  // Modules run before this event, and take the place of the needs; only where they did not is a need unmet.
  root.starting = '';
  addEventListener('load', () => {
    delete root.starting;
  });
  if (engine !== undefined && model !== undefined && graphs !== undefined) {
    startEarly(new URL(engine, location.href), new URL(model, location.href), JSON.parse(graphs));
  }
}
