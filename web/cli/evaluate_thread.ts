/** One thread of pool.ts. */

import { parentPort, workerData } from 'node:worker_threads';
import { classifyFile, classifyStill } from './classify_file';
import { startEngine } from './engine';
import { failureOf } from './failure';
import { mediaModules } from './media_modules';
import type { Task, TaskOutcome, ThreadSetup } from './pool';

const setup: ThreadSetup = workerData;
const engine = await startEngine(new URL(setup.model), setup.variant, setup.engine);
const modules = mediaModules();

async function outcomeOf({ index, path, still }: Task): Promise<TaskOutcome> {
  try {
    return { index, scores: await (still ? classifyStill(engine, path) : classifyFile(engine, modules, path)) };
  } catch (reason) {
    return { index, error: failureOf(reason) };
  }
}

parentPort?.on('message', async (task: Task) => parentPort?.postMessage(await outcomeOf(task)));
