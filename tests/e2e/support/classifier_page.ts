import { readFileSync } from 'node:fs';
import type { BrowserContext, Locator, Page, Worker } from 'playwright-core';
import type { ClipResult } from '../../../web/lib/types';

/** Milliseconds that loading the engine and classifying a clip may take on a slow, busy machine. */
export const LOADING = 60_000;
export const CLASSIFYING = 120_000;

/** Those of a page's workers that have fetched a script of such an address, the oldest first. */
async function workersWith(page: Page, address: RegExp): Promise<Worker[]> {
  const found: Worker[] = [];
  for (const worker of page.workers()) {
    const scripts = await worker
      .evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
      .catch(() => []);
    if (scripts.some((name) => address.test(name))) found.push(worker);
  }
  return found;
}

/** Waits until there are `count` of them. */
async function waitForWorkers(page: Page, address: RegExp, count: number): Promise<Worker[]> {
  for (const until = Date.now() + LOADING; Date.now() < until; await page.waitForTimeout(50)) {
    const workers = await workersWith(page, address);
    if (workers.length >= count) return workers;
  }
  throw new Error(`there are no ${count} workers that have fetched ${address}`);
}

/** `count` workers that run the model, the first of which leads; another reads files. They are waited for. */
export function engineWorkers(page: Page, count: number): Promise<Worker[]> {
  // The core is the last script that each fetches.
  return waitForWorkers(page, /\/actionscope(_relaxed)?-[^/]*\.js$/, count);
}

/** Waits until all that comes in the background is here as well: other workers, the one that reads files, and the other views. */
export async function everythingLoaded(page: Page): Promise<void> {
  await engineWorkers(page, await usualWorkers(page));
  await waitForWorkers(page, /\/media_entry-/, 1);
  await page.evaluate(() => customElements.whenDefined('model-view'));
}

/** The worker that leads, however far it has come. It is waited for. */
export async function engineWorker(page: Page): Promise<Worker> {
  const [lead] = await waitForWorkers(page, /\/entry-/, 1);
  return lead as Worker;
}

/** How many workers run the model where the page does not ask for a number. */
export function usualWorkers(page: Page): Promise<number> {
  return page.evaluate(() => Math.min(4, navigator.hardwareConcurrency));
}

/** The page as a person meets it: by roles, names and words. */
export class ClassifierPage {
  /** What the browser complained about, in the page and its workers: refused by the policy, thrown and not caught. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    // Listening is what makes the browser hand its file dialogue over; begun only before a click, it can come too late.
    page.on('filechooser', () => undefined);
  }

  /** The page in a tab where it is open already. */
  static in(tab: Page): ClassifierPage {
    return new ClassifierPage(tab);
  }

  /** Opens the page without waiting for engine and model. */
  static async opened(context: BrowserContext, url: string): Promise<ClassifierPage> {
    const opened = new ClassifierPage(await context.newPage());
    await opened.page.goto(url);
    return opened;
  }

  static async loaded(context: BrowserContext, url: string): Promise<ClassifierPage> {
    const opened = await ClassifierPage.opened(context, url);
    await opened.ready();
    return opened;
  }

  /** Waits until engine and model are loaded. */
  async ready(): Promise<void> {
    await this.page.getByText('Engine and model are loaded', { exact: true }).waitFor({ timeout: LOADING });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** The one live region, that screen readers speak. */
  get spoken(): Locator {
    return this.page.getByRole('status');
  }

  /** Chooses a file as a person does: with the button and the system's dialogue. */
  async choose(file: string): Promise<void> {
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.button(/^Choose (a|another) video/)
        .first()
        .click(),
    ]);
    await chooser.setFiles(file);
  }

  /** Drags a file from the system's file manager onto the page and lets go. */
  async drop(file: string): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
    }
    await session.detach();
  }

  /** Waits for the answer of the clip on view; its readout says "Answer". */
  async answered(): Promise<void> {
    await this.page.getByText('Answer', { exact: true }).first().waitFor({ timeout: CLASSIFYING });
  }

  /** The action in large, without its confidence. */
  get headline(): Locator {
    return this.page.locator('answer-readout').getByRole('heading');
  }

  /** The JSON that the page shows of its result. */
  async result(): Promise<ClipResult> {
    const show = this.button('Show');
    if (await show.isVisible()) await show.click();
    const text = await this.page.getByRole('region', { name: 'Result as JSON' }).textContent();
    return JSON.parse(text ?? '');
  }

  async classify(file: string): Promise<ClipResult> {
    await this.choose(file);
    await this.answered();
    return this.result();
  }

  /** Presses "Save" and reads what was saved. */
  async save(): Promise<{ name: string; content: ClipResult }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.button('Save').click()]);
    return { name: download.suggestedFilename(), content: JSON.parse(readFileSync(await download.path(), 'utf8')) };
  }

  /** What is wrong, what to do, and the code to quote. */
  async error(): Promise<{ title: string; advice: string; code: string }> {
    const notice = this.page.locator('error-notice');
    await notice.waitFor({ timeout: LOADING });
    const title = await notice.getByRole('heading').textContent();
    const [advice, code] = await notice.locator('p').allTextContents();
    return {
      title: (title ?? '').trim(),
      advice: (advice ?? '').trim(),
      code: (code ?? '').replace('Code:', '').trim(),
    };
  }
}
