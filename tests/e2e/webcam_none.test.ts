import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { launchChromium } from './support/chromium';
import { ClassifierPage, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { type PageServer, servePage } from './support/server';

let server: PageServer;

beforeAll(async () => {
  server = await servePage();
});

afterAll(() => server?.close());

/** What the camera is pointed at; the screen is one with this very page on it. */
const scenes: [string, () => Promise<string> | string][] = [
  ['a face', clips.cameras.face],
  ['a place without people', clips.cameras.emptySquare],
  ['an empty room', clips.cameras.emptyApartment],
  ['an empty lobby', clips.cameras.emptyLobby],
  ['a screen', filmedPage],
  ['black', clips.cameras.black],
  ['the dark', clips.cameras.dark],
  ['noise', clips.cameras.noise],
];

async function filmedPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'filmed-page-'));
  const browser = await launchChromium();
  try {
    const { page } = await ClassifierPage.loaded(await browser.newContext(), server.url);
    const picture = join(folder, 'page.png');
    await page.screenshot({ path: picture });
    return clips.cameras.picture('page', picture);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/** How many of the labels shown in a row are looked at. */
const LABELS = 10;

// Side by side: nearly all of it is waiting for a camera.
describe.concurrent('a camera that shows none of the actions', () => {
  it.for(scenes)('answers "None of these" to %s', async ([, scene], { expect }) => {
    const browser = await launchChromium(
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${await scene()}`,
    );
    try {
      const opened = await ClassifierPage.loaded(await browser.newContext(), server.url);
      await opened.button('Use the webcam').click();
      await opened.page.getByText('Now', { exact: true }).waitFor({ timeout: LOADING });
      const headline = async () => (await opened.headline.textContent())?.trim();
      await expect.poll(headline, { timeout: LOADING }).toBe('None of these');
      for (let label = 0; label < LABELS; label++) {
        await opened.page.waitForTimeout(300);
        expect(await headline()).toBe('None of these');
      }
    } finally {
      await browser.close();
    }
  });
});
