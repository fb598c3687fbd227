// The command line as it was built: scripts/build cli.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { countedClip, ffmpeg, temporaryFolder } from './media';

const program = fileURLToPath(new URL('../../../build/cli/main.js', import.meta.url));
const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const clip = countedClip(file('clip.mp4'), 10, 0.4);
writeFileSync(file('empty.mp4'), '');

function actionscope(...args: string[]): Promise<{ stdout: string; stderr: string; status: number | null }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args]);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    child.on('close', (status) => resolve({ ...output, status }));
  });
}

describe('actionscope classify', () => {
  it('writes a readable line a file', async () => {
    const { stdout, stderr, status } = await actionscope('classify', clip);
    expect(stdout).toMatch(new RegExp(`^${clip}: (None of these \\(closest: )?[A-Z][a-z ]+, \\d+ %\\)?\n$`));
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('writes an object a line with --json, goes on after a file that fails, and then exits with 1', async () => {
    const { stdout, status } = await actionscope('classify', '--json', file('empty.mp4'), clip);
    const [failed, done] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failed).toEqual({ file: file('empty.mp4'), error: { code: 'file-empty', message: 'This file is empty.' } });
    expect(done).toMatchObject({
      file: clip,
      first: { answer: expect.any(String), probabilities: expect.any(Object) },
      answer: expect.any(String),
      confidence: expect.any(Number),
      windows: [{ start: 0.05, end: expect.closeTo(0.35, 5) }],
      clip: { name: 'clip.mp4', width: 32, height: 16, source: 'ffmpeg', container: 'MP4', codec: 'H.264' },
    });
    expect(done.probabilities[done.answer]).toBe(done.confidence);
    expect(status).toBe(1);
  });

  it('tells which files our own module has read', async () => {
    ffmpeg('-i', clip, '-c:v', 'mpeg4', '-q:v', '2', file('clip.avi'));
    const { stdout } = await actionscope('classify', '--json', file('clip.avi'));
    const { source, container, codec } = JSON.parse(stdout).clip;
    expect([source, container, codec]).toEqual(['ffmpeg-module', 'AVI', 'MPEG-4 Part 2']);
  });

  it('tells a failed file on standard error, with its code', async () => {
    const { stdout, stderr, status } = await actionscope('classify', file('empty.mp4'));
    expect(stdout).toBe('');
    expect(stderr).toBe(`${file('empty.mp4')}: This file is empty. [file-empty]\n`);
    expect(status).toBe(1);
  });

  it('says so when there is no model', async () => {
    const { stderr, status } = await actionscope('classify', clip, '--model', file('nowhere'));
    expect(stderr).toContain('[model-missing]');
    expect(status).toBe(2);
  });
});

describe('actionscope evaluate', () => {
  it('measures clips and stills of a split', async () => {
    ffmpeg('-i', clip, '-frames:v', '1', file('still.jpg'));
    const rows = [
      'clip.mp4,biking,clip,dev',
      'empty.mp4,none,clip,dev',
      'still.jpg,none,still,dev',
      'x.mp4,none,clip,train',
    ];
    writeFileSync(file('manifest.csv'), `path,label,kind,split\n${rows.join('\n')}\n`);
    const out = file('out.json');
    const { stdout, stderr, status } = await actionscope(
      'evaluate',
      file('manifest.csv'),
      '--split',
      'dev',
      '--json',
      out,
    );
    expect(status, 'one file failed').toBe(1);
    expect(stdout).toContain('clips: 1 of the actions, 1 of none of them, 1 failed');
    expect(stderr).toContain('empty.mp4: This file is empty. [file-empty]');
    const { clips, stills } = JSON.parse(readFileSync(out, 'utf8'));
    expect(clips).toMatchObject({ n: 1, none_n: 1, none_recall: 0 });
    const { right, wrong, none_of_these } = clips.shown;
    expect([right, wrong, none_of_these].toSorted(), 'of the one file that did not fail').toEqual([0, 0, 1]);
    expect(stdout).toMatch(/shown right +(0|100)\.0 %/);
    expect(clips.items[0].sure).toEqual(expect.any(Boolean));
    expect(clips.items[0]).toMatchObject({ path: 'clip.mp4', label: 'biking', probabilities: expect.any(Object) });
    expect(clips.items[1]).toMatchObject({ path: 'empty.mp4', error: { code: 'file-empty' } });
    expect(stills).toMatchObject({ n: 0, none_n: 1, top1_actions: null });
    expect(stills.items[0].answer).toEqual(expect.any(String));
  });

  it('compares engines file by file', async () => {
    writeFileSync(file('one.csv'), 'path,label\nclip.mp4,biking\n');
    const { stdout, status } = await actionscope('evaluate', file('one.csv'), '--against', 'onnxruntime');
    expect(stdout).toContain('against onnxruntime: 1 files, the top label of 0 is another');
    expect(Number(/difference +(\S+) % in/.exec(stdout)?.[1])).toBeLessThan(0.01);
    expect(status).toBe(0);
  });
});

describe('actionscope called wrongly', () => {
  it.each([
    [[], 'A command is missing.'],
    [['dance'], 'There is no command “dance”.'],
    [['classify'], 'classify wants at least one file.'],
    [['classify', '--loud', 'x'], "Unknown option '--loud'"],
    [['evaluate'], 'evaluate wants one manifest.'],
  ])('%j says how it is called', async (args, words) => {
    const { stderr, status } = await actionscope(...args);
    expect(stderr).toContain(words);
    expect(stderr).toContain('Usage:');
    expect(status).toBe(2);
  });

  it('tells how it is called when it is asked', async () => {
    const { stdout, status } = await actionscope('--help');
    expect(stdout).toContain('actionscope evaluate MANIFEST.csv');
    expect(status).toBe(0);
  });
});
