import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, recordRequests } from './support/chromium';
import { ClassifierPage, engineWorkers, everythingLoaded, usualWorkers } from './support/classifier_page';
import { clips } from './support/clips';
import { DIST, type PageServer, PREFIX, serveForeignHost, servePage } from './support/server';

/** The policy that the built page carries in its meta element. */
function policyOfPage(): string {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error('the page carries no policy');
  return policy;
}

let foreign: PageServer;
let browser: Browser;

beforeAll(async () => {
  foreign = await serveForeignHost();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await foreign?.close();
});

/** What came of something tried in a worker or in the page: its value, or the name of what it threw. */
type Attempt = { value: string } | { threw: string };

/** In a page or a worker: says on its console what the policy refuses; browsers say it themselves for pages only. */
const reportViolations = () =>
  globalThis.addEventListener('securitypolicyviolation', (event) => {
    const { violatedDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    console.error(`policy: ${violatedDirective} ${blockedURI}`);
  });

/** From a timer, so that it runs as the worker's own code does and not under the debugger's exemption. */
const evalInside = (): Promise<Attempt> =>
  new Promise((resolve) => {
    setTimeout(() => {
      try {
        // biome-ignore lint/security/noGlobalEval: that it is refused is what is tested.
        resolve({ value: String(globalThis.eval('6 * 7')) });
      } catch (reason) {
        resolve({ threw: (reason as Error).name });
      }
    });
  });

const fetchInside = (url: string): Promise<Attempt> =>
  fetch(url).then(
    (response) => ({ value: String(response.status) }),
    (reason: Error) => ({ threw: reason.name }),
  );

/** As text, since the test runner rewrites what it sees of import(). */
const importInside = (url: string) =>
  `import(${JSON.stringify(url)}).then(() => ({ value: 'imported' }), (reason) => ({ threw: reason.name }))`;

const socketInside = (url: string): Promise<Attempt> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve({ value: 'open' });
    socket.onerror = () => resolve({ threw: 'error' });
  });

describe('the policy', () => {
  it('allows nothing by default, no foreign host, no inline script or style and no eval', () => {
    const directives = new Map(
      policyOfPage()
        .split(';')
        .map((part) => part.trim().split(/\s+/))
        .map(([name, ...sources]) => [name, sources]),
    );
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('worker-src')).toEqual(['blob:']);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    expect(
      [...directives.values()]
        .flat()
        .filter((source) => !["'none'", "'self'", "'wasm-unsafe-eval'", 'blob:', 'data:'].includes(source)),
    ).toEqual([]);
  });
});

for (const [given, header] of [
  ['in its meta element alone', () => undefined],
  ['in its meta element and, the same, as a header', policyOfPage],
] as const) {
  describe(`the page with the policy ${given}`, () => {
    let server: PageServer;
    let context: BrowserContext;
    let opened: ClassifierPage;
    let worker: Worker;
    let usual: number;
    let addresses: string[];

    beforeAll(async () => {
      const policy = header();
      server = await servePage(policy === undefined ? {} : { policy });
      context = await browser.newContext();
      addresses = recordRequests(context);
      await context.addInitScript(reportViolations);
      context.on('page', (page) => page.on('worker', (started) => started.evaluate(reportViolations)));
      opened = await ClassifierPage.loaded(context, server.url);
      await everythingLoaded(opened.page);
      usual = await usualWorkers(opened.page);
      [worker] = (await engineWorkers(opened.page, usual)) as [Worker];
    });

    afterAll(async () => {
      await context?.close();
      await server?.close();
    });

    it('makes no request at all while it classifies', async () => {
      server.forget();
      addresses.splice(0);
      const { answer } = await opened.classify(clips.cyclist());
      expect(answer).toBe('biking');
      expect(server.requests).toEqual([]);
      expect(addresses).toEqual([]);
    });

    it('violates the policy nowhere, in the page or in the worker', () => {
      expect(opened.complaints).toEqual([]);
    });

    it('does its work in workers that came from blobs: one reads files, the others run the model', () => {
      const protocols = opened.page.workers().map((each) => new URL(each.url()).protocol);
      expect(protocols).toEqual(Array.from({ length: 1 + usual }, () => 'blob:'));
    });

    it('lets the module that reads AVI be fetched from its own origin, and violates the policy nowhere', async () => {
      server.forget();
      expect((await opened.classify(clips.avi())).file.source).toBe('ffmpeg-module');
      expect(server.requests.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
      expect(opened.complaints).toEqual([]);
    });

    it('lets its worker fetch from its own origin', async () => {
      expect(await worker.evaluate(fetchInside, `${server.url}models/ucf11/model.json`)).toEqual({ value: '200' });
    });

    it('refuses its worker every foreign host', async () => {
      foreign.forget();
      expect(await worker.evaluate(fetchInside, foreign.url)).toEqual({ threw: 'TypeError' });
      expect(await worker.evaluate(importInside(`${foreign.url}module.js`))).toEqual({ threw: 'TypeError' });
      expect(await worker.evaluate(socketInside, foreign.url.replace('http', 'ws'))).toEqual({ threw: 'error' });
      expect(foreign.requests).toEqual([]);
      // It is told of, so that the absence of complaints above means something.
      await expect.poll(() => opened.complaints).toContain(`policy: connect-src ${foreign.url}`);
    });

    it('refuses its worker eval', async () => {
      expect(await worker.evaluate(evalInside)).toEqual({ threw: 'EvalError' });
    });

    it('refuses itself foreign hosts and eval, too', async () => {
      foreign.forget();
      expect(await opened.page.evaluate(fetchInside, foreign.url)).toEqual({ threw: 'TypeError' });
      expect(await opened.page.evaluate(evalInside)).toEqual({ threw: 'EvalError' });
      expect(foreign.requests).toEqual([]);
    });
  });
}

describe('a page without a policy, to show that these checks can fail', () => {
  it('reaches the foreign host and evaluates text', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(foreign.url);
    foreign.forget();
    const other = await serveForeignHost();
    expect(await page.evaluate(fetchInside, other.url)).toEqual({ value: '200' });
    expect(await page.evaluate(evalInside)).toEqual({ value: '42' });
    expect(other.requests).toEqual(['/']);
    await other.close();
    await context.close();
  });
});

describe('from the first byte to the answer', () => {
  it("nothing is asked of any origin but the page's own, and nothing outside the page's own folder", async () => {
    const server = await servePage();
    const context = await browser.newContext();
    const addresses = recordRequests(context);
    const opened = await ClassifierPage.loaded(context, server.url);
    await opened.classify(clips.short());
    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter((address) => !address.startsWith(server.url))).toEqual([]);
    expect(server.requests.filter((path) => !path.startsWith(PREFIX))).toEqual([]);
    await context.close();
    await server.close();
  });
});
