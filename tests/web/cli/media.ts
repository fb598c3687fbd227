/** Clips made for a test, in a folder that goes with it. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the files of this test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'actionscope-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
}

/** The luma that frame `index` of a counted clip has everywhere. */
export const lumaOf = (index: number) => 20 + 2 * index;

/** A lossless clip whose pictures tell their number. `filters`: what is done to them before they are written. */
export function countedClip(path: string, rate: number, seconds: number, ...args: string[]): string {
  const source = `nullsrc=s=32x16:r=${rate}:d=${seconds},geq=lum='20+2*N':cb=128:cr=128,format=yuv420p`;
  ffmpeg('-f', 'lavfi', '-i', source, ...args, '-c:v', 'libx264', '-qp', '0', '-g', '12', path);
  return path;
}

export function cut(path: string, bytes: number): void {
  truncateSync(path, Math.floor(bytes));
}
