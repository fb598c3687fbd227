import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium';
import { ClassifierPage } from './support/classifier_page';
import { needsHeading } from './support/needs';
import { DIST, type PageServer, PREFIX, servePage } from './support/server';

/** A name that is not this computer's own, so that plain http to it counts as insecure. */
const HOST = 'actionscope.example';

let server: PageServer;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  server = await servePage();
  browser = await launchChromium(`--host-resolver-rules=MAP ${HOST} 127.0.0.1`);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The needs that the page names, as far as they can be read. */
async function needs(page: Page): Promise<string[]> {
  await needsHeading(page).waitFor();
  const items = await page.getByRole('listitem').all();
  const seen: string[] = [];
  for (const item of items) {
    if (await item.isVisible()) seen.push(((await item.textContent()) ?? '').replace(/\s+/g, ' ').trim());
  }
  return seen;
}

describe('what is needed stands in the page in words, without a script,', () => {
  it('when it is opened from disk', async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(DIST, 'index.html')).href);
    const seen = await needs(page);
    expect(seen.join('\n')).toMatch(/A web address\..*[Oo]pened from disk/);
  });

  it('when JavaScript is switched off: all needs, and the name of the page', async () => {
    context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.url);
    const seen = await needs(page);
    expect(seen).toHaveLength(5);
    expect(seen.join('\n')).toMatch(/JavaScript\. Allow it for this page/);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Actionscope');
  });
});

describe('the one need that is not met is named alone', () => {
  it('over plain http: a safe connection', async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://${HOST}:${server.port}${PREFIX}`);
    expect(await needs(page)).toEqual([expect.stringMatching(/^A safe connection\..*https/)]);
  });

  it('in a browser without WebAssembly', async () => {
    context = await browser.newContext();
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    const page = await context.newPage();
    await page.goto(server.url);
    expect(await needs(page)).toEqual([expect.stringMatching(/^WebAssembly\./)]);
  });

  it('in a browser that is too old: whose WebAssembly has no SIMD instructions', async () => {
    context = await browser.newContext();
    await context.addInitScript(() => {
      WebAssembly.validate = () => false;
    });
    const page = await context.newPage();
    await page.goto(server.url);
    expect(await needs(page)).toEqual([expect.stringMatching(/^A current browser\..*Chrome.*Firefox.*Safari/)]);
  });

  it('and nothing is loaded in vain then', async () => {
    context = await browser.newContext();
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    const page = await context.newPage();
    server.forget();
    await page.goto(server.url);
    await needs(page);
    expect(server.requests.filter((path) => /\.(wasm|onnx)/.test(path))).toEqual([]);
  });
});

describe('where all needs are met', () => {
  it('nobody reads of them', async () => {
    context = await browser.newContext();
    const { page } = await ClassifierPage.loaded(context, server.url);
    expect(await page.getByText('one of its needs is not met').count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Drop a video anywhere' }).isVisible()).toBe(true);
  });
});
