/** Runs ffmpeg and ffprobe. */

import { spawn } from 'node:child_process';
import { ActionscopeError } from '../lib/errors';

export const ffmpegMissing = () =>
  new ActionscopeError(
    'ffmpeg-missing',
    'The command line reads this kind of file with ffmpeg, which is not installed.',
    'Install it (on Debian: apt-get install ffmpeg) and try again.',
  );

export function isNotFound(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && reason.code === 'ENOENT';
}

export interface Output {
  stdout: Buffer;
  stderr: string;
  status: number;
}

/** Runs a program to its end. Rejects with `ffmpeg-missing` where there is no such program. */
export function run(program: 'ffmpeg' | 'ffprobe', args: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (reason) => reject(isNotFound(reason) ? ffmpegMissing() : reason));
    child.on('close', (status) =>
      resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString(), status: status ?? -1 }),
    );
  });
}
