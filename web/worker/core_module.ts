/** Which build of the core runs on this device. */

import type { ReadBytes } from './package_files';
import { partNotLoaded } from './part_not_loaded';
import type { CreateWasmModule, WasmModule } from './wasm_module';

/** A WebAssembly file that the engine needs. */
export interface WasmFile {
  url: URL;
  bytes: number;
}

/** One build of the core, however page and command line come by it. */
export interface CoreBuild {
  importModule: () => Promise<CreateWasmModule>;
  wasm: WasmFile;
}

/** The core for devices with relaxed SIMD instructions, which is faster, and for all others. */
export interface CoreBuilds {
  relaxed: CoreBuild;
  simd: CoreBuild;
}

export interface CoreModule {
  module: WasmModule;
  /** Bytes that were fetched for it. */
  bytes: number;
  simd: 'relaxed' | 'plain';
  /** Whether our own engine has proved right on this device. */
  proved: boolean;
  /** What proved wrong, in words; null where nothing did. */
  steppedDown: string | null;
}

/** The smallest module with a relaxed SIMD instruction: a function that multiplies and adds zeros and drops the sum. */
const RELAXED_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 20, 1, 18, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0,
  253, 15, 253, 133, 2, 26, 11,
]);

/** Whether this device has relaxed SIMD instructions. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_MODULE);
}

/** Reads a file of the program. Throws `engine-failed`. */
export async function readWasm(
  file: WasmFile,
  read: ReadBytes,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await read(file.url, onBytes === undefined ? {} : { onBytes });
  } catch (reason) {
    throw partNotLoaded(`file ${file.url.pathname.split('/').pop()}`, reason);
  }
}

async function start(build: CoreBuild, read: ReadBytes): Promise<WasmModule> {
  const [createModule, wasmBinary] = await Promise.all([
    build.importModule().catch((reason) => {
      throw partNotLoaded("engine's script", reason);
    }),
    readWasm(build.wasm, read),
  ]);
  return createModule({ wasmBinary });
}

/**
 * Starts the fastest build that this device has the instructions for. Each computes a few sums first; one that does not get them
 * right gives way to the next. `relaxed`: whether the device has relaxed SIMD, and it is to be used. Throws `engine-failed`.
 */
export async function startCore(builds: CoreBuilds, read: ReadBytes, relaxed: boolean): Promise<CoreModule> {
  let steppedDown: string | null = null;
  if (relaxed) {
    const module = await start(builds.relaxed, read);
    const { bytes } = builds.relaxed.wasm;
    if (module.selfTest()) return { module, bytes, simd: 'relaxed', proved: true, steppedDown };
    steppedDown = 'its relaxed SIMD instructions compute something else on this device';
  }
  const module = await start(builds.simd, read);
  const proved = module.selfTest();
  if (!proved) steppedDown = 'it computes something else on this device than it should';
  return { module, bytes: builds.simd.wasm.bytes, simd: 'plain', proved, steppedDown };
}
