/** The engine in Node: the same module, ONNX Runtime and model package as in the browser, read from the disk. */

import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import createSimd from '../../build/wasm/src/wasm/actionscope.mjs';
import createRelaxed from '../../build/wasm/src/wasm/actionscope_relaxed.mjs';
import type { EngineChoice } from '../lib/types';
import { type EngineParts, loadEngine } from '../worker/engine';
import type { Engine } from '../worker/engine_contract';
import { readBytes } from './read_bytes';
import { ROOT } from './root';

export const DEFAULT_MODEL = new URL('models/ucf11/', ROOT);

async function wasmFile(url: URL) {
  return { url, bytes: (await stat(url)).size };
}

/** What the engine is made of in Node. */
export async function nodeParts(): Promise<EngineParts> {
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  return {
    core: {
      relaxed: {
        importModule: async () => createRelaxed,
        wasm: await wasmFile(new URL('build/wasm/src/wasm/actionscope_relaxed.wasm', ROOT)),
      },
      simd: {
        importModule: async () => createSimd,
        wasm: await wasmFile(new URL('build/wasm/src/wasm/actionscope.wasm', ROOT)),
      },
    },
    importOnnxRuntime: () => import('onnxruntime-web/wasm'),
    onnxRuntimeWasm: await wasmFile(pathToFileURL(runtime)),
    read: readBytes,
  };
}

/** Throws ActionscopeErrors. `model`: folder of the model package. */
export async function startEngine(model: URL, variant?: string, engine?: EngineChoice): Promise<Engine> {
  return loadEngine(await nodeParts(), { model: model.href, variant, engine });
}
