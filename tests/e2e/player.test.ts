import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium';
import { ClassifierPage } from './support/classifier_page';
import { clips } from './support/clips';
import { type PageServer, type Reply, servePage } from './support/server';

let server: PageServer;
let browser: Browser;
let context: BrowserContext;

/** Paths of files that the host does not give. */
let held: RegExp | undefined;
const never = new Promise<Reply>(() => undefined);

beforeAll(async () => {
  server = await servePage({ intercept: (path) => (held?.test(path) ? never : undefined) });
  browser = await launchChromium();
});

afterEach(async () => {
  held = undefined;
  await context?.close();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const hasControls = (page: Page) =>
  page.locator('clip-player video').evaluate((video) => (video as HTMLVideoElement).controls);

interface Moment {
  controls: boolean;
  reading: boolean;
}

/** Watches every picture of the screen from now on, until the player has controls. */
function watchPlayer(page: Page): Promise<Moment[]> {
  // One function, so that nothing of this module is missed in the page.
  return page.evaluate(
    () =>
      new Promise<Moment[]>((resolve) => {
        const moments: Moment[] = [];
        requestAnimationFrame(function look() {
          const view = document.querySelector('actionscope-app')?.shadowRoot?.querySelector('clip-view')?.shadowRoot;
          const video = view?.querySelector('clip-player')?.shadowRoot?.querySelector('video');
          const readout = view?.querySelector('answer-readout')?.shadowRoot?.textContent ?? '';
          if (video) moments.push({ controls: video.controls, reading: !readout.includes('No reading yet') });
          if (moments.at(-1)?.controls) resolve(moments);
          else requestAnimationFrame(look);
        });
      }),
  );
}

describe("the browser's own controls of the player", () => {
  it('come with the first look, which drawing them would hold up', async () => {
    context = await browser.newContext();
    const opened = await ClassifierPage.loaded(context, server.url);
    const watching = watchPlayer(opened.page);
    await opened.choose(clips.cyclist());
    const moments = await watching;
    expect(moments[0]).toEqual({ controls: false, reading: false });
    expect(moments.at(-1)).toEqual({ controls: true, reading: true });
    await opened.answered();
    expect(await hasControls(opened.page)).toBe(true);
  });

  it('do not wait for long where the first look does', async () => {
    context = await browser.newContext();
    held = /media_entry-/;
    const opened = await ClassifierPage.loaded(context, server.url);
    await opened.choose(clips.cyclist());
    await expect.poll(() => hasControls(opened.page), { timeout: 5000 }).toBe(true);
    await opened.page.getByText('No reading yet').waitFor();
  });

  it('are there at once while a file waits for engine and model', async () => {
    context = await browser.newContext();
    held = /^models\/ucf11\/backbone/;
    const opened = await ClassifierPage.opened(context, server.url);
    await opened.choose(clips.cyclist());
    expect(await hasControls(opened.page)).toBe(true);
  });
});
