// A classic script, so that it runs where modules do not: names what keeps the page from working. The words are in index.html.
(() => {
  // (module (func (result v128) (i8x16.splat (i32.const 0))))
  const simdModule = new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00,
    0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b,
  ]);
  const obstacle = () => {
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
      WebAssembly.validate(simdModule) &&
      'noModule' in HTMLScriptElement.prototype &&
      'adoptedStyleSheets' in Document.prototype &&
      'any' in AbortSignal;
    return isCurrent ? null : 'old';
  };
  const found = obstacle();
  if (found !== null) {
    document.documentElement.dataset.obstacle = found;
  }
})();
