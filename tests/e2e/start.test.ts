import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium';
import { ClassifierPage, everythingLoaded } from './support/classifier_page';
import { needsHeading } from './support/needs';
import { type PageServer, type Reply, servePage } from './support/server';

let server: PageServer;
let browser: Browser;
let context: BrowserContext;
/** What the host does before, or instead of, answering a path. */
let meddle: (path: string) => Promise<Reply | undefined>;

const answering = async () => undefined;

beforeAll(async () => {
  server = await servePage({ intercept: (path) => meddle(path) });
  browser = await launchChromium();
});

beforeEach(async () => {
  meddle = answering;
  context = await browser.newContext();
});

afterEach(() => context.close());

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe('the start of the page', () => {
  it('does not wait for model.json to ask for the graphs', async () => {
    // A page that waited would never be ready.
    const asked = new Set<string>();
    let bothAsked: (value: undefined) => void;
    const graphs = new Promise<undefined>((resolve) => {
      bothAsked = resolve;
    });
    meddle = (path) => {
      const [graph] = /(backbone|head)-int8\.onnx/.exec(path) ?? [];
      if (graph !== undefined) asked.add(graph);
      if (asked.size === 2) bothAsked(undefined);
      return path.endsWith('/model.json') ? graphs : answering();
    };
    await ClassifierPage.loaded(context, server.url);
    expect(asked.size).toBe(2);
  });

  it('marks the moment at which it says that it is ready, and reads what is not needed for that only then', async () => {
    const { page } = await ClassifierPage.loaded(context, server.url);
    await everythingLoaded(page);
    const { ready, views } = await page.evaluate(() => ({
      ready: performance.getEntriesByName('actionscope-ready').map(({ startTime }) => startTime),
      views: performance.getEntriesByType('resource').find(({ name }) => name.includes('/views-'))?.startTime,
    }));
    expect(ready[0]).toBeGreaterThan(0);
    expect(views).toBeGreaterThan(ready[0] as number);
  });

  it('speaks of no need while its modules are on their way', async () => {
    let arrive: (value: undefined) => void = () => undefined;
    const modules = new Promise<undefined>((resolve) => {
      arrive = resolve;
    });
    meddle = (path) => (/^assets\/(index|shared)-/.test(path) ? modules : answering());
    const page = await context.newPage();
    await page.goto(server.url, { waitUntil: 'commit' });
    await page.getByRole('heading', { level: 1, name: 'Actionscope' }).waitFor();
    expect(await needsHeading(page).isVisible()).toBe(false);
    arrive(undefined);
    await page.getByRole('heading', { name: 'Drop a video anywhere' }).waitFor();
  });

  it('names the needs once it is plain that its modules do not come', async () => {
    meddle = async (path) => (/^assets\/index-/.test(path) ? { status: 404, body: 'Not found' } : undefined);
    const page = await context.newPage();
    await page.goto(server.url);
    await needsHeading(page).waitFor();
  });
});
