/** The command line: actionscope classify, actionscope evaluate. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { ClipResult, EngineChoice, ModelDescription } from '../lib/types';
import { agreementOf, agreementWords } from './agreement';
import { classifyFile } from './classify_file';
import { DEFAULT_MODEL, startEngine } from './engine';
import { evaluate, summary, writeEvaluation } from './evaluate';
import { failureOf } from './failure';
import { mediaModules } from './media_modules';
import { UsageError } from './usage_error';

const USAGE = `Usage:
  actionscope classify FILE... [--json]
      Tells the action in each video: a line a file, or with --json an object a line.
  actionscope evaluate MANIFEST.csv [--root DIR] [--split SPLIT] [--json OUT] [--against ENGINE]
      Measures the model on files whose labels are known. The manifest's columns: path, label, kind (clip or
      still) and split. Paths start from --root, or from where the manifest lies. “Shown” is what a person reads:
      answers that do not reach the model's threshold count as none of these; parts of the files that did not fail.
      With --against every file is looked at by that engine as well, and files with another top label are named.
Both take --model DIR (default: the model that comes with Actionscope), --variant NAME and --engine auto, native or
onnxruntime (default: auto, which is native for every model that it can run).
Exit code: 0 if all went well, 1 if any file failed or has another top label, 2 if the command was called wrongly or
could not start.
`;

const MODEL_OPTIONS = { model: { type: 'string' }, variant: { type: 'string' }, engine: { type: 'string' } } as const;

const ENGINES: readonly string[] = ['auto', 'native', 'onnxruntime'] satisfies EngineChoice[];

function isEngine(name: string): name is EngineChoice {
  return ENGINES.includes(name);
}

function engineChoice(name = 'auto'): EngineChoice {
  if (!isEngine(name)) throw new UsageError(`--engine is one of ${ENGINES.join(', ')}, not “${name}”.`);
  return name;
}

function modelUrl(folder: string | undefined): URL {
  return folder === undefined ? DEFAULT_MODEL : pathToFileURL(`${resolve(folder)}/`);
}

/** "bikes.mp4: Biking, 93 %"; below the threshold, as on the page: "bikes.mp4: None of these (closest: Biking, 24 %)". */
function readable(path: string, result: ClipResult, model: ModelDescription): string {
  const title = model.labels.find((label) => label.id === result.answer)?.title ?? result.answer;
  const answer = `${title}, ${Math.round(result.confidence * 100)} %`;
  const isShown = result.sure || result.answer === model.noneLabel;
  const early = result.endedEarly ? ' (the file breaks off; this is from what could be read)' : '';
  return `${path}: ${isShown ? answer : `None of these (closest: ${answer})`}${early}`;
}

async function classifyCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...MODEL_OPTIONS, json: { type: 'boolean', default: false } },
  });
  if (positionals.length === 0) throw new UsageError('classify wants at least one file.');
  const engine = await startEngine(modelUrl(values.model), values.variant, engineChoice(values.engine));
  const modules = mediaModules();
  let failed = 0;
  try {
    for (const path of positionals) {
      try {
        const result = await classifyFile(engine, modules, path);
        const line = values.json
          ? JSON.stringify({ ...result, clip: result.file, file: path })
          : readable(path, result, engine.model);
        process.stdout.write(`${line}\n`);
      } catch (reason) {
        failed += 1;
        const error = failureOf(reason);
        if (values.json) process.stdout.write(`${JSON.stringify({ file: path, error })}\n`);
        else process.stderr.write(`${path}: ${error.message} [${error.code}]\n`);
      }
    }
  } finally {
    await engine.close();
  }
  return failed > 0 ? 1 : 0;
}

async function evaluateCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...MODEL_OPTIONS,
      root: { type: 'string' },
      split: { type: 'string' },
      json: { type: 'string' },
      against: { type: 'string' },
    },
  });
  const [manifest] = positionals;
  if (manifest === undefined || positionals.length > 1) throw new UsageError('evaluate wants one manifest.');
  const model = modelUrl(values.model);
  const choice = engineChoice(values.engine);
  const against = values.against === undefined ? null : engineChoice(values.against);
  const engine = await startEngine(model, values.variant, choice);
  const description = engine.model;
  await engine.close();
  const evaluateWith = (chosen: EngineChoice) =>
    evaluate(new URL('./evaluate_thread.js', import.meta.url), description, {
      manifest,
      root: values.root,
      split: values.split,
      setup: { model: model.href, variant: values.variant, engine: chosen },
    });
  const evaluation = await evaluateWith(choice);
  if (values.json !== undefined) await writeEvaluation(evaluation, values.json);
  process.stdout.write(`${summary(evaluation)}\n`);
  const items = [...evaluation.clips.items, ...evaluation.stills.items];
  for (const { path, error } of items) {
    if (error !== undefined) process.stderr.write(`${path}: ${error.message} [${error.code}]\n`);
  }
  const failed = items.some((item) => item.error !== undefined);
  if (against === null) return failed ? 1 : 0;
  const agreement = agreementOf(evaluation, await evaluateWith(against));
  process.stdout.write(`${agreementWords(against, agreement)}\n`);
  return failed || agreement.differing.length > 0 ? 1 : 0;
}

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  classify: classifyCommand,
  evaluate: evaluateCommand,
};

async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = COMMANDS[name];
  try {
    if (command === undefined)
      throw new UsageError(name === '' ? 'A command is missing.' : `There is no command “${name}”.`);
    return await command(args);
  } catch (reason) {
    const isUsage = reason instanceof UsageError || (reason as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    const { code, message } = failureOf(reason);
    process.stderr.write(isUsage ? `${(reason as Error).message}\n\n${USAGE}` : `${message} [${code}]\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
