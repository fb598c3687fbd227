/// <reference types="vite/client" />

declare module '*/actionscope.mjs' {
  import type { CreateWasmModule } from './wasm_module';

  const create: CreateWasmModule;
  export default create;
}

declare module '*/actionscope_relaxed.mjs' {
  import type { CreateWasmModule } from './wasm_module';

  const create: CreateWasmModule;
  export default create;
}

declare module '*/actionscope_media.mjs' {
  import type { CreateMediaModule } from '../media/reader_module';

  const create: CreateMediaModule;
  export default create;
}

declare module '*/actionscope_media_hevc.mjs' {
  import type { CreateMediaModule } from '../media/reader_module';

  const create: CreateMediaModule;
  export default create;
}

/** Bytes of the WebAssembly files, put in by the build: with compression no header tells them. */
declare const __SIMD_WASM_BYTES__: number;
declare const __RELAXED_WASM_BYTES__: number;
declare const __ONNXRUNTIME_WASM_BYTES__: number;

/** Of workers; the compiler is told of pages only. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
