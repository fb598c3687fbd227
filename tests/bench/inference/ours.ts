import createSimd from '../../../build/wasm/tests/bench/engine_bench.mjs';
import simdWasm from '../../../build/wasm/tests/bench/engine_bench.wasm?url';
import createRelaxed from '../../../build/wasm/tests/bench/engine_relaxed_bench.mjs';
import relaxedWasm from '../../../build/wasm/tests/bench/engine_relaxed_bench.wasm?url';
import { MODEL, readModel } from '../browser/model';
import type { Contestant } from './contestant';

type CreateModule = typeof createSimd;
type BenchGraph = Exclude<ReturnType<Awaited<ReturnType<CreateModule>>['open']>, string>;

/** Our own engine on a variant of the model. */
function ours(variantName: string, build: string, createModule: CreateModule, wasm: string): Contestant {
  let graph: BenchGraph;
  return {
    name: `ours ${variantName}${build}`,
    layout: 'NCHW',
    async load() {
      const { input, variant } = await readModel(variantName);
      const wasmBinary = await (await fetch(wasm)).arrayBuffer();
      const file = await (await fetch(`${MODEL}${variant.backbone.file}`)).arrayBuffer();
      const opened = (await createModule({ wasmBinary })).open(new Uint8Array(file), [1, 3, input.height, input.width]);
      if (typeof opened === 'string') throw new Error(`${variant.backbone.file} ${opened}`);
      graph = opened;
    },
    run(frame) {
      graph.input().set(frame);
      graph.run();
      return graph.output().slice();
    },
  };
}

/** Each variant on each build. */
export const ourContestants: Contestant[] = ['fp32', 'int8'].flatMap((variant) => [
  ours(variant, '', createRelaxed, relaxedWasm),
  ours(variant, ' without relaxed SIMD', createSimd, simdWasm),
]);
