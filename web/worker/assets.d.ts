/// <reference types="vite/client" />

declare module '*/actionscope.mjs' {
  import type { CreateWasmModule } from './wasm_module';

  const create: CreateWasmModule;
  export default create;
}

/** Bytes of the two WebAssembly files, put in by the build: with compression no header tells them. */
declare const __CORE_WASM_BYTES__: number;
declare const __ONNXRUNTIME_WASM_BYTES__: number;
