import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleReport } from '../web/lib/sample_report';
import { faults, focused, tabTo } from './support/accessibility';
import { launchChromium } from './support/chromium';
import { ClassifierPage } from './support/classifier_page';
import { type PageServer, servePage } from './support/server';

let browser: Browser;
let server: PageServer;
/** What the host sends in the place of the shipped report; null for that itself. */
let report: string | null;
let context: BrowserContext;

beforeAll(async () => {
  server = await servePage({
    intercept: (path) =>
      report !== null && path.startsWith('models/ucf11/report.json') ? { status: 200, body: report } : undefined,
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

afterEach(() => context?.close());

/** In the page: says on its console what the policy refuses. */
const reportViolations = () =>
  globalThis.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`policy: ${violatedDirective} ${blockedURI}`),
  );

async function openModel(sent: unknown): Promise<ClassifierPage> {
  report = sent === null ? null : typeof sent === 'string' ? sent : JSON.stringify(sent);
  context = await browser.newContext();
  await context.addInitScript(reportViolations);
  const opened = await ClassifierPage.loaded(context, server.url);
  await opened.page.getByRole('button', { name: 'Model', exact: true }).click();
  return opened;
}

const headings = (page: Page) => page.locator('model-view').getByRole('heading', { level: 2 }).allTextContents();

/** The line below a chart that says what is pointed at. */
const readingOf = (chart: Locator) => chart.locator('.reading');

describe('the view of the model', () => {
  it('shows of the shipped report all that this tells, and neither fails nor breaks the policy', async () => {
    const opened = await openModel(null);
    const { page } = opened;
    await page.getByRole('heading', { name: 'How good it is', exact: true }).waitFor();
    expect((await headings(page)).map((heading) => heading.trim())).toEqual(
      expect.arrayContaining([
        'It knows 11 actions',
        'How good it is',
        'Every class by itself',
        'What is taken for what',
        'How the training went',
        'How far its confidence can be trusted',
        'What it was trained on',
        'Licence',
      ]),
    );
    expect(await page.getByRole('gridcell', { name: /, called / }).count()).toBe(12 * 12);
    expect(opened.complaints).toEqual([]);
  });

  it('shows all that a report can tell', async () => {
    const { page } = await openModel(sampleReport());
    for (const heading of [
      'What each part brings',
      'Recorded worse, or otherwise',
      'How far trainings lie apart',
      'What it cannot do',
      'How it was made',
    ]) {
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    }
    await page.getByText('It leans on the place.').waitFor();
    await page.getByText('Footage that belongs to its makers.').waitFor();
    await page.getByText('of 13 clips; interval 60 to 95%').waitFor();
    await page.getByText('3 clips: says little').waitFor();
  });

  it('leaves out what a report does not tell', async () => {
    const { page } = await openModel({ format: 'actionscope-report', format_version: 1, model: 'ucf11' });
    await page.getByRole('heading', { name: 'Licence' }).waitFor();
    expect((await headings(page)).map((heading) => heading.trim())).not.toContain('How good it is');
  });

  it('says what is wrong with a damaged report, and reads it again', async () => {
    const opened = await openModel({ ...sampleReport(), clips: 'good' });
    expect(await opened.error()).toMatchObject({
      title: 'report.json of this model cannot be read: “clips” is not an object.',
      code: 'report-damaged',
    });
    await opened.spoken.filter({ hasText: 'report.json of this model cannot be read' }).waitFor();
    report = JSON.stringify(sampleReport());
    await opened.button('Read the report again').click();
    await opened.page.getByRole('heading', { name: 'How good it is', exact: true }).waitFor();
  });

  it('is reached from what the model knows, and left for the start', async () => {
    report = null;
    context = await browser.newContext();
    const opened = await ClassifierPage.loaded(context, server.url);
    await opened.button('How good it is at that').click();
    await opened.page.getByRole('heading', { name: 'UCF11 actions', level: 1 }).waitFor();
    expect(await opened.page.title()).toBe('Model – Actionscope');
    await opened.button('Actionscope, to the start').click();
    await opened.page.getByRole('heading', { name: 'Drop a video anywhere' }).waitFor();
  });
});

describe('its charts', () => {
  let opened: ClassifierPage;
  let page: Page;

  beforeEach(async () => {
    opened = await openModel(sampleReport());
    page = opened.page;
    await page.locator('confusion-matrix').waitFor();
  });

  it('are one stop each, walked with the arrows; what is read is shown and named alike', async () => {
    const read = async (chart: string, words: string) => {
      expect(await focused(page)).toBe(words);
      expect((await readingOf(page.locator(chart).last()).textContent())?.trim()).toBe(words);
    };
    await tabTo(page, 'Clips: 75%, the right action is shown, or none of these where there is none');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await read('shown-bars', 'Clips, the first look: 15%, an action is there, but none of these is shown');

    await tabTo(page, /^Biking: 8 of 10 clips found, 80%, interval 49 to 94%/);
    await page.keyboard.press('ArrowDown');
    await read(
      'class-table',
      'Golf swing: 2 of 3 clips found, 67%, interval 20 to 93%. So few say little. Of what was called that, 67% was.',
    );

    await tabTo(page, 'Biking, called that: 8 of 10 clips, 80%');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await read('confusion-matrix', 'None of these, called golf swing: 1 of 7 clips, 14%');

    await tabTo(page, 'As it is: 77% right, nothing lost');
    await page.keyboard.press('End');
    await read('robustness-chart', 'Dark: 60% right, 17.0 points lost');

    await tabTo(page, 'Epoch 1: clips 50.0%, clips with none in the running 40.0%, stills 60.0%');
    await page.keyboard.press('ArrowRight');
    await read('line-chart', 'Epoch 2: clips 80.0%, clips with none in the running 70.0%, stills 70.0%');

    await tabTo(page, 'Confidence about 35%: right in 50% of 2 items: says little');
    await page.keyboard.press('ArrowRight');
    await read('reliability-diagram', 'Confidence about 90%: right in 85% of 18 items');
    expect(opened.complaints).toEqual([]);
  });

  it('are read by pointing at them, until the pointer leaves', async () => {
    const matrix = page.locator('confusion-matrix');
    await matrix.getByRole('gridcell', { name: 'Golf swing, called biking: 1 of 3 clips, 33%' }).hover();
    await expect.poll(() => readingOf(matrix).textContent()).toContain('Golf swing, called biking: 1 of 3 clips, 33%');
    await page.mouse.move(0, 0);
    await expect.poll(() => readingOf(matrix).textContent()).toContain('Point at a cell');
  });

  it('show stills in the place of clips', async () => {
    const classes = page.locator('class-table');
    await classes.getByRole('button', { name: 'Stills', exact: true }).press('Enter');
    await expect.poll(() => classes.getByRole('table').textContent()).toContain('3 stills: says little');
  });
});

describe('narrow and wide, light and dark, axe finds nothing and nothing is cut off at the side in', () => {
  it.each([
    ['the shipped report', null],
    ['a report that tells everything', sampleReport()],
    ['a damaged report', '{'],
  ])('%s', async (_, sent) => {
    const { page } = await openModel(sent);
    await page.getByRole('heading', { name: sent === '{' ? /report\.json/ : 'How good it is', exact: true }).waitFor();
    expect(await faults(page)).toEqual([]);
  });
});
