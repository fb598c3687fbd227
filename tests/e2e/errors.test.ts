import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pathOf } from '../web/corpus/corpus_files';
import { launchChromium } from './support/chromium';
import { ClassifierPage, engineWorker, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { DIST, type PageServer, type Reply, servePage } from './support/server';
import { BACKBONE, HEAD, VARIANT } from './support/shipped_model';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

describe('a file that cannot be classified', () => {
  let server: PageServer;
  let context: BrowserContext;
  let opened: ClassifierPage;

  beforeAll(async () => {
    server = await servePage();
    context = await browser.newContext();
    opened = await ClassifierPage.loaded(context, server.url);
  });

  afterAll(async () => {
    await context?.close();
    await server?.close();
  });

  async function refused(file: string) {
    await opened.choose(file);
    await opened.page.getByRole('heading', { level: 1, name: basename(file) }).waitFor();
    const error = await opened.error();
    expect(error.advice).not.toBe('');
    await opened.spoken.filter({ hasText: error.title }).waitFor();
    return error;
  }

  it('because it is empty, is called empty', async () => {
    expect(await refused(clips.empty())).toMatchObject({ title: 'This file is empty.', code: 'file-empty' });
  });

  it('because it is no video, whatever its name, is called that', async () => {
    expect(await refused(clips.text())).toMatchObject({ title: 'This file is not a video.', code: 'not-a-video' });
  });

  it('because nothing here reads its codec, is called by the names of container and codec, with what to do', async () => {
    const { title, advice, code } = await refused(pathOf({ name: 'zmbv.avi' }));
    expect(title).toMatch(/AVI.*Zip Motion/);
    expect(advice).toMatch(/Convert it to MP4 with H\.264/);
    expect(code).toBe('codec-unsupported');
  });

  it('because nothing here reads its container, is called by the name of the container, with what to do', async () => {
    const { title, advice, code } = await refused(pathOf({ name: 'rv10.rm' }));
    expect(title).toContain('RealMedia');
    expect(advice).toMatch(/Convert it to MP4 with H\.264/);
    expect(code).toBe('codec-unsupported');
  });

  it('because its picture is larger than 8192 a side, is told its size', async () => {
    const { title, advice, code } = await refused(pathOf({ name: 'wide.avi' }));
    expect(title).toMatch(/8208.*16.*8192/);
    expect(advice).toMatch(/smaller/);
    expect(code).toBe('frame-too-large');
  });

  it('because it has only sound, is told to have no picture', async () => {
    expect(await refused(clips.soundOnly())).toMatchObject({
      title: 'This file has sound but no picture.',
      code: 'no-video-track',
    });
  });

  it('because it is encrypted, is called encrypted', async () => {
    expect(await refused(clips.encrypted())).toMatchObject({
      title: 'This video is encrypted.',
      code: 'file-encrypted',
    });
  });

  it('because its index is missing, is called damaged', async () => {
    expect(await refused(clips.withoutIndex())).toMatchObject({
      title: expect.stringMatching(/incomplete.*index.*missing/),
      code: 'file-corrupt',
    });
  });

  it('leaves the page as it was: the next file is classified', async () => {
    expect((await opened.classify(clips.cyclist())).answer).toBe('biking');
  });
});

describe('a file that is cut off', () => {
  it('is classified as far as it can be read, and the page says where it ends', async () => {
    const server = await servePage();
    const context = await browser.newContext();
    const opened = await ClassifierPage.loaded(context, server.url);
    const { endedEarly, samples, windows, file } = await opened.classify(clips.truncated());
    expect(endedEarly).toBe(true);
    expect(file.duration).toBeCloseTo(10, 1);
    const last = samples.at(-1)?.time ?? Number.NaN;
    expect(last).toBeGreaterThan(3);
    expect(last).toBeLessThan(9);
    expect(samples).toHaveLength(Math.round(last * 10 + 0.5));
    expect(windows.length).toBeGreaterThan(2);
    expect(windows.at(-1)?.end).toBeCloseTo(last, 3);
    const note = opened.page.getByText('The file ends early: it announces 0:10.0, but nothing could be read after');
    expect(await note.isVisible()).toBe(true);
    await context.close();
    await server.close();
  });
});

describe('a file whose name is hard to show', () => {
  const names = [
    `<img src=x onerror=document.body.remove()>&amp;.mp4`,
    `${'x'.repeat(200)}.mp4`,
    'ما هذا‮4pm.mp4',
    '🚴 ‏100 % "quoted" \'name\'.mp4',
  ];

  let server: PageServer;
  let context: BrowserContext;
  let opened: ClassifierPage;

  beforeAll(async () => {
    server = await servePage();
    context = await browser.newContext({ viewport: { width: 320, height: 640 } });
    opened = await ClassifierPage.loaded(context, server.url);
  });

  afterAll(async () => {
    await context?.close();
    await server?.close();
  });

  it.each(names)('is classified and called exactly by it: %s', async (name) => {
    const { file } = await opened.classify(clips.named(name));
    expect(file.name).toBe(name);
    expect(await opened.page.getByRole('heading', { level: 1 }).textContent()).toBe(name);
    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});

describe('a host that does not have what the page needs', () => {
  const MODEL = 'models/ucf11/';
  const stored = (path: string) => readFileSync(join(DIST, path));
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const altered = (path: string) => {
    const bytes = stored(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    return bytes;
  };

  /** What the host answers instead of the file that begins with the path, from now on. */
  let replies: [path: string, reply: () => Reply | undefined][] = [];
  let server: PageServer;
  let context: BrowserContext;
  /** Of requests for the backbone, the cache-control header. */
  let cacheControls: (string | undefined)[] = [];

  beforeAll(async () => {
    server = await servePage({
      intercept: (path, { headers }) => {
        if (path.startsWith(`${MODEL}${BACKBONE}`)) cacheControls.push(headers['cache-control']);
        return replies.find(([start]) => path.startsWith(start))?.[1]();
      },
    });
  });

  afterAll(() => server?.close());

  beforeEach(async () => {
    replies = [];
    cacheControls = [];
    context = await browser.newContext();
  });

  afterEach(() => context.close());

  const missing = (): Reply => ({ status: 404, body: 'Not found' });
  const ok = (body: Uint8Array | string): Reply => ({ status: 200, body });

  /** A package whose model.json is changed. */
  // biome-ignore lint/suspicious/noExplicitAny: model.json as it is, before anything is known of it.
  const modelJson = (change: (json: any) => void) => {
    const json = JSON.parse(stored(`${MODEL}model.json`).toString());
    change(json);
    return () => ok(JSON.stringify(json));
  };

  async function failed() {
    const opened = await ClassifierPage.opened(context, server.url);
    return { opened, error: await opened.error() };
  }

  async function worksAfterTryingAgain(opened: ClassifierPage) {
    replies = [];
    await opened.button('Try again').click();
    await opened.page.getByText('Engine and model are loaded', { exact: true }).waitFor({ timeout: LOADING });
    expect((await opened.classify(clips.short())).samples).toHaveLength(5);
  }

  it('lacks model.json: says so, and works once the host has it', async () => {
    replies = [[`${MODEL}model.json`, missing]];
    const { opened, error } = await failed();
    expect(error).toMatchObject({
      title: "The model's file model.json could not be loaded: the host answered 404.",
      code: 'model-missing',
    });
    expect(error.advice).toMatch(/connection/);
    await worksAfterTryingAgain(opened);
  });

  it('lacks a graph: says which', async () => {
    replies = [[`${MODEL}${HEAD}`, missing]];
    const { error } = await failed();
    expect(error).toMatchObject({ code: 'model-missing', title: expect.stringContaining(HEAD) });
  });

  it('has a graph of which one bit is altered: says so, and works once it is right', async () => {
    replies = [[`${MODEL}${BACKBONE}`, () => ok(altered(`${MODEL}${BACKBONE}`))]];
    const { opened, error } = await failed();
    expect(error).toMatchObject({ code: 'model-altered', title: expect.stringContaining(BACKBONE) });
    await worksAfterTryingAgain(opened);
  });

  it('has a stale graph in a cache on the way: it is asked for once more, past every cache', async () => {
    let first = true;
    const stale = () => {
      if (!first) return undefined;
      first = false;
      return ok(altered(`${MODEL}${BACKBONE}`));
    };
    replies = [[`${MODEL}${BACKBONE}`, stale]];
    await ClassifierPage.loaded(context, server.url);
    expect(cacheControls).toEqual([undefined, 'no-cache']);
  });

  it('has a package of a newer format: says that the page is too old for it', async () => {
    replies = [[`${MODEL}model.json`, modelJson((json) => Object.assign(json, { format_version: 2 }))]];
    const { error } = await failed();
    expect(error).toMatchObject({ code: 'model-too-new' });
    expect(error.title).toContain('format version 2');
    expect(error.advice).toMatch(/Reload the page/);
  });

  it('has a model.json that is no JSON: says that the package is not valid', async () => {
    replies = [[`${MODEL}model.json`, () => ok('<!doctype html><title>Welcome</title>')]];
    const { error } = await failed();
    expect(error).toMatchObject({ code: 'model-invalid', title: expect.stringContaining('model.json') });
  });

  it('has a graph that is no ONNX file, although its hash fits: says so', async () => {
    const garbage = Buffer.from('This is a letter, not a network. '.repeat(100));
    replies = [
      [
        `${MODEL}model.json`,
        modelJson(({ variants }) => {
          Object.assign(variants[VARIANT].backbone, { bytes: garbage.byteLength, sha256: sha256(garbage) });
        }),
      ],
      [`${MODEL}${BACKBONE}`, () => ok(garbage)],
    ];
    const { error } = await failed();
    expect(error).toMatchObject({ code: 'onnx-invalid', title: expect.stringContaining(BACKBONE) });
  });

  it('has graphs whose shapes do not fit the contract: says so', async () => {
    replies = [
      [
        `${MODEL}model.json`,
        modelJson((json) => {
          json.labels.pop();
          json.none_label = null;
        }),
      ],
    ];
    const { error } = await failed();
    expect(error).toMatchObject({ code: 'model-shape' });
  });

  it('lacks the WebAssembly file of the engine: says which', async () => {
    replies = [['assets/actionscope', missing]];
    const { error } = await failed();
    expect(error).toMatchObject({ code: 'engine-failed', title: expect.stringContaining('actionscope') });
  });

  it('lacks ONNX Runtime: does without, since the model does not need it', async () => {
    replies = [['assets/ort', missing]];
    const opened = await ClassifierPage.opened(context, server.url);
    await opened.page.getByText('Engine and model are loaded', { exact: true }).waitFor({ timeout: LOADING });
  });

  it('lacks what draws answers: says so, aloud as well, and that a new page helps', async () => {
    replies = [['assets/views', missing]];
    const { opened, error } = await failed();
    expect(error).toEqual({
      title: 'A part of this page could not be loaded.',
      advice: 'Check the connection and reload the page.',
      code: 'engine-failed',
    });
    await opened.spoken.filter({ hasText: error.title }).waitFor();
    replies = [];
    await opened.page.reload();
    await opened.page.getByText('Engine and model are loaded', { exact: true }).waitFor({ timeout: LOADING });
    expect((await opened.classify(clips.short())).samples).toHaveLength(5);
  });

  it('lacks the program of the worker: says that the part that computes is not there, and works once it is', async () => {
    replies = [['assets/entry', missing]];
    const { opened, error } = await failed();
    expect(error).toMatchObject({ code: 'worker-died' });
    await worksAfterTryingAgain(opened);
  });
});

/** A clip that takes long enough for something to happen meanwhile: over a minute, of which 30 windows are looked at. */
const lasting = () => clips.long();
const working = (page: Page) => page.getByText(/^[1-9]\d* of \d{3} frames$/).waitFor();
const WINDOWS = 30;

describe('a worker that dies', () => {
  let server: PageServer;
  let context: BrowserContext;
  let opened: ClassifierPage;

  beforeAll(async () => {
    server = await servePage();
    context = await browser.newContext();
    opened = await ClassifierPage.loaded(context, server.url);
  });

  afterAll(async () => {
    await context?.close();
    await server?.close();
  });

  /** Ends the worker from inside, as a crash does: nobody is told. */
  async function kill() {
    const worker = await engineWorker(opened.page);
    const closed = worker.waitForEvent('close');
    await worker.evaluate(() => {
      setTimeout(() => self.close());
    });
    await closed;
  }

  it('in the middle of a run, is started again, and the run has its answer', async () => {
    await opened.choose(lasting());
    await working(opened.page);
    await kill();
    await opened.answered();
    expect((await opened.result()).windows).toHaveLength(WINDOWS);
  });

  it('twice in one run, is told; the next run starts it anew', async () => {
    await opened.choose(lasting());
    await working(opened.page);
    server.forget();
    await kill();
    // The new worker is at work as soon as it asks for the model.
    await expect.poll(() => server.requests.join(), { timeout: LOADING }).toContain(HEAD);
    await kill();
    const { code, advice } = await opened.error();
    expect(code).toBe('worker-died');
    expect(advice).toMatch(/try again/);
    await opened.button('Try again').click();
    await opened.answered();
    expect((await opened.result()).windows).toHaveLength(WINDOWS);
  });

  it('while nothing runs, is not missed by the next run', async () => {
    await kill();
    expect((await opened.classify(clips.cyclist())).answer).toBe('biking');
  });
});

describe('a file that is dropped', () => {
  let server: PageServer;
  let context: BrowserContext;
  let release: () => void;

  beforeAll(async () => {
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    server = await servePage({ intercept: (path) => (path.startsWith('models/ucf11/backbone') ? held : undefined) });
    context = await browser.newContext();
  });

  afterAll(async () => {
    await context?.close();
    await server?.close();
  });

  it('while engine and model are being loaded, waits for them and is then classified', async () => {
    const opened = await ClassifierPage.opened(context, server.url);
    await opened.button('Choose a video').waitFor();
    await opened.drop(clips.cyclist());
    await opened.page.getByText('Queued. It starts as soon as engine and model are loaded.').waitFor();
    release();
    await opened.answered();
    expect((await opened.result()).answer).toBe('biking');
    await opened.page.close();
  });

  it('in the middle of a run, takes its place: the first is dropped without a trace', async () => {
    const opened = await ClassifierPage.loaded(context, server.url);
    await opened.drop(lasting());
    await working(opened.page);
    await opened.drop(clips.cyclist());
    await opened.answered();
    const result = await opened.result();
    expect(result).toMatchObject({ answer: 'biking', file: { name: 'cyclist.mp4' } });
    expect(result.samples).toHaveLength(40);
    expect(await opened.page.getByText('long.mp4').count()).toBe(0);
    expect(opened.complaints).toEqual([]);
    await opened.page.close();
  });

  it('can be cancelled and started again', async () => {
    const opened = await ClassifierPage.loaded(context, server.url);
    await opened.drop(lasting());
    await working(opened.page);
    await opened.button('Cancel').click();
    await opened.page.getByText('Cancelled before the answer.').waitFor();
    await opened.spoken.filter({ hasText: 'Cancelled.' }).waitFor();
    await opened.button('Start again').click();
    await opened.answered();
    expect((await opened.result()).windows).toHaveLength(WINDOWS);
    await opened.page.close();
  });
});
