import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page, Worker } from 'playwright-core';
import { build, type Plugin } from 'vite';
import config from '../../../vite.config';
import type { Called } from '../library/library';
import { type PageServer, servePage } from './server';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The page's own content security policy, on another page. */
function samePolicy(): Plugin {
  const page = readFileSync(join(root, 'web/app/index.html'), 'utf8');
  const [, content] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
  if (content === undefined) throw new Error('the page has no policy');
  return {
    name: 'actionscope-same-policy',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content }, injectTo: 'head-prepend' },
    ],
  };
}

/** Builds the bare page with the library (tests/e2e/library) as the page itself is built, and serves it. */
export async function serveLibrary(): Promise<PageServer> {
  const from = join(root, 'tests/e2e/library');
  const outDir = join(root, 'build/library');
  await build({
    ...config,
    configFile: false,
    root: from,
    publicDir: false,
    logLevel: 'warn',
    plugins: [...(config.plugins ?? []), samePolicy()],
    build: { ...config.build, outDir, rolldownOptions: { input: join(from, 'index.html') } },
  });
  return servePage({ folder: outDir });
}

/** What the page's script makes of a call; where that is an error, it is thrown. */
export function unwrapped<T>({ value, error }: Called<T>): T {
  if (error !== undefined) throw new Error(`${error.code}: ${error.message}`);
  return value as T;
}

/** Opens the library's page, with files chosen that tests can name. */
export async function openLibrary(browser: Browser, url: string, paths: string[]): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByLabel('Videos').setInputFiles(paths);
  return page;
}

interface Watched {
  memories: WebAssembly.Memory[];
}

/** From now on takes note of the memory of each WebAssembly module that a worker starts. */
export async function watchMemory(worker: Worker): Promise<() => Promise<number[]>> {
  await worker.evaluate(() => {
    const memories: WebAssembly.Memory[] = [];
    Object.assign(globalThis, { memories });
    const { instantiate } = WebAssembly;
    const watched = async (bytes: BufferSource, imports?: WebAssembly.Imports) => {
      const started = await instantiate(bytes, imports);
      const exported = Object.values(started.instance.exports);
      memories.push(...exported.filter((value) => value instanceof WebAssembly.Memory));
      return started;
    };
    Object.assign(WebAssembly, { instantiate: watched });
  });
  /** Bytes of each. */
  return () =>
    worker.evaluate(() => (globalThis as unknown as Watched).memories.map(({ buffer }) => buffer.byteLength));
}
