/** What a page may do before it reads the library itself; a file of its own, so that little has to be read for it. */

import { startEarlyWorker } from '../worker/early_worker';
import type { GraphFile } from '../worker/wasm_module';

/**
 * Starts the engine's worker and has it load a model. The next createClassifier that asks for that model, and for no variant or engine,
 * goes on from there. Needs a secure context.
 * @param worker address of the worker's script, as it was built
 * @param model address of the model's folder, ending in a slash
 * @param graphs graphs that its model.json is expected to name; what it does not name is read in vain
 */
export function startEarly(worker: URL, model: URL, graphs: GraphFile[]): void {
  startEarlyWorker(worker.href, { model: model.href }, graphs);
}
