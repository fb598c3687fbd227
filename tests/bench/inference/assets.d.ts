/** tests/bench/engine_bench.cpp. */
declare module '*_bench.mjs' {
  interface BenchGraph {
    input(): Float32Array;
    output(): Float32Array;
    run(): void;
  }

  interface BenchModule {
    /** A sentence where there is no graph. */
    open(file: Uint8Array, shape: number[]): BenchGraph | string;
  }

  const create: (options: { wasmBinary: ArrayBuffer }) => Promise<BenchModule>;
  export default create;
}
