/** Classifies many files at once: a few threads, each with an engine of its own. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { EngineChoice, Scores } from '../lib/types';
import type { Failure } from './failure';

export interface Task {
  /** Where the answer belongs. */
  index: number;
  path: string;
  still: boolean;
}

export type TaskOutcome = { index: number } & ({ scores: Scores; error?: undefined } | { error: Failure });

export interface ThreadSetup {
  model: string;
  variant: string | undefined;
  engine: EngineChoice;
}

/** Each engine takes some 100 MB; more than this many gain little, since ffmpeg works beside them. */
const MOST_THREADS = 8;

/**
 * Runs all tasks; `onDone` is called for each, in any order. Rejects if a thread cannot be started or ends. `script`: the thread's
 * program (evaluate_thread.ts).
 */
export async function runTasks(
  script: URL,
  setup: ThreadSetup,
  tasks: readonly Task[],
  onDone: (outcome: TaskOutcome) => void,
): Promise<void> {
  const waiting = [...tasks];
  const threads = Math.min(MOST_THREADS, availableParallelism(), tasks.length);
  const workThrough = async () => {
    const worker = new Worker(script, { workerData: setup });
    try {
      await new Promise<void>((resolve, reject) => {
        const next = () => {
          const task = waiting.shift();
          if (task === undefined) resolve();
          else worker.postMessage(task);
        };
        worker.on('message', (outcome: TaskOutcome) => {
          onDone(outcome);
          next();
        });
        worker.on('error', reject);
        worker.on('exit', () => reject(new Error('a thread ended unexpectedly')));
        next();
      });
    } finally {
      worker.removeAllListeners('exit');
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, workThrough));
}
