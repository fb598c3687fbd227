/** A file on the disk from its path to its result. */

import { basename } from 'node:path';
import { classifyClip } from '../lib/classify_clip';
import { ActionscopeError } from '../lib/errors';
import { FileFeatures } from '../lib/feature_cache';
import type { ClipResult, Scores } from '../lib/types';
import type { Engine } from '../worker/engine_contract';
import { DiskFile } from './disk_file';
import type { MediaModules } from './media_modules';
import { openClip } from './open_clip';
import { readStill } from './still';

export async function classifyFile(engine: Engine, modules: MediaModules, path: string): Promise<ClipResult> {
  const started = performance.now();
  const file = DiskFile.open(path);
  try {
    const source = await openClip(file, engine.model.rate, modules);
    try {
      const facts = { name: basename(path), size: file.size };
      return await classifyClip(engine, source, facts, {}, new FileFeatures(), started);
    } finally {
      await source.close();
    }
  } finally {
    file.close();
  }
}

/** A picture: its feature is computed once and fills the window. */
export async function classifyStill(engine: Engine, path: string): Promise<Scores> {
  const frame = await readStill(path);
  const run = await engine.openStill();
  try {
    const { feature } = await engine.extract(frame);
    const { result } = await run.addFeature(0, 0, feature);
    if (result === null) throw new ActionscopeError('engine-failed', 'The engine gave no answer.');
    return result.answer;
  } finally {
    await run.close();
  }
}
