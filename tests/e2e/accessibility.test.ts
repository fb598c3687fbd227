import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faults, focused, tabTo } from './support/accessibility';
import { launchChromium } from './support/chromium';
import { ClassifierPage, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { needsHeading } from './support/needs';
import { type PageServer, servePage } from './support/server';

let server: PageServer;
/** The host keeps the backbone back until this is called. */
let release: () => void;
let holding = false;
let held: Promise<undefined>;
let browser: Browser;
let context: BrowserContext;

function hold() {
  holding = true;
  held = new Promise((resolve) => {
    release = () => {
      holding = false;
      resolve(undefined);
    };
  });
}

beforeAll(async () => {
  server = await servePage({
    intercept: (path) => (holding && path.startsWith('models/ucf11/backbone') ? held : undefined),
  });
  browser = await launchChromium(
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${clips.cameras.cyclist()}`,
  );
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

afterEach(() => context?.close());

const position = (page: Page) =>
  page.locator('clip-player video').evaluate((video) => (video as HTMLVideoElement).currentTime);

describe('with the keyboard alone', () => {
  let opened: ClassifierPage;
  let page: Page;

  beforeEach(async () => {
    context = await browser.newContext();
    opened = await ClassifierPage.loaded(context, server.url);
    page = opened.page;
  });

  async function chooseWithKeys(file: string) {
    await tabTo(page, 'Choose a video');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await chooser.setFiles(file);
  }

  it('a file is chosen, a run cancelled and started again', async () => {
    await chooseWithKeys(clips.bikes());
    await page.getByText(/^[1-9]\d* of 100 frames$/).waitFor();
    await tabTo(page, 'Cancel');
    await page.keyboard.press('Enter');
    await page.getByText('Cancelled before the answer.').waitFor();
    await tabTo(page, 'Start again');
    await page.keyboard.press('Space');
    await page.getByText(/^[1-9]\d* of 100 frames$/).waitFor();
  });

  it('the windows and the frames are one stop each, walked with the arrows; Enter goes there in the player', async () => {
    await chooseWithKeys(clips.cyclist());
    await opened.answered();
    await tabTo(page, /^0:00\.1 to 0:02\.0: Biking/);
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toMatch(/^0:01\.1 to 0:03\.0: Biking/);
    await page.keyboard.press('Enter');
    await page.locator('window-strip [aria-current]:focus').waitFor();
    expect(await position(page)).toBeGreaterThan(1.05);
    expect(await position(page)).toBeLessThan(2.95);
    await page.keyboard.press('End');
    expect(await focused(page)).toMatch(/^0:02\.1 to 0:04\.0: Biking/);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(/^Frame at 0:00/);
    await page.keyboard.press('End');
    expect(await focused(page)).toBe('Frame at 0:04.0');
    await page.keyboard.press('Enter');
    await expect.poll(() => position(page)).toBeCloseTo(3.95, 2);
  });

  it('the JSON is shown and read, and the start is returned to', async () => {
    await chooseWithKeys(clips.short());
    await opened.answered();
    await tabTo(page, 'Show');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Result as JSON' }).waitFor();
    await tabTo(page, 'Actionscope, to the start');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Drop a video anywhere' }).waitFor();
  });

  it('the webcam is turned on and off', async () => {
    await tabTo(page, 'Use the webcam');
    await page.keyboard.press('Enter');
    await page.getByText('Now', { exact: true }).waitFor({ timeout: LOADING });
    await tabTo(page, 'Stop the camera');
    await page.keyboard.press('Enter');
    await page.getByText('The camera is off. Nothing was kept.').waitFor();
  });

  it('the focus can be seen wherever it is', async () => {
    await chooseWithKeys(clips.short());
    await opened.answered();
    for (let presses = 0; presses < 20; ++presses) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        // The player's controls are the browser's own, with their own ring.
        if (element === null || element === document.body || element.tagName === 'VIDEO') return 'own';
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle === 'none' ? `none on ${element.outerHTML}` : outlineWidth;
      });
      expect(outline).toMatch(/^(own|[2-9]px)$/);
    }
  });
});

/** Every sentence that the live region has held. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.getByRole('status').evaluate((region) => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    new MutationObserver(() => {
      const sentence = region.textContent?.trim() ?? '';
      if (sentence !== '' && heard.at(-1) !== sentence) heard.push(sentence);
    }).observe(region, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}

describe('those who hear the page', () => {
  it('are told the first look and the answer, each as one sentence', async () => {
    context = await browser.newContext();
    const opened = await ClassifierPage.loaded(context, server.url);
    const heard = await listen(opened.page);
    await opened.choose(clips.cyclist());
    await opened.answered();
    await expect.poll(heard).toContainEqual(expect.stringMatching(/^Answer: Biking, (9\d|>99)%$/));
    expect(await heard()).toContainEqual(expect.stringMatching(/^First look: Biking, (9\d|>99)%$/));
  });

  it('are told that a file waits, and when a run is cancelled', async () => {
    hold();
    context = await browser.newContext();
    const opened = await ClassifierPage.opened(context, server.url);
    await opened.button('Choose a video').waitFor();
    const heard = await listen(opened.page);
    await opened.choose(clips.cyclist());
    await expect.poll(heard).toContain('cyclist.mp4 is queued until engine and model are loaded.');
    await opened.button('Cancel').click();
    await expect.poll(heard).toContain('Cancelled.');
    release();
  });
});

/** Every state of the page, and how one gets there. */
const STATES: Record<string, (opened: ClassifierPage) => Promise<unknown>> = {
  'the start': (opened) => opened.page.getByText('It knows 11 actions').waitFor(),
  'a clip at work': async (opened) => {
    await opened.choose(clips.long());
    await opened.page.getByText(/^[2-9]\d of 6\d\d frames$/).waitFor();
  },
  'a cancelled clip': async (opened) => {
    await opened.button('Cancel').click();
    await opened.page.getByText('Cancelled before the answer.').waitFor();
  },
  'an error': async (opened) => {
    await opened.choose(clips.text());
    await opened.error();
  },
  'an answer, its JSON shown': async (opened) => {
    await opened.classify(clips.cyclist());
  },
  'an unsure answer of a file with a long name': async (opened) => {
    await opened.classify(clips.named(`${'x'.repeat(200)}.mp4`));
  },
  'the live webcam': async (opened) => {
    await opened.button('Use the webcam').click();
    await opened.page.getByText('Now', { exact: true }).waitFor({ timeout: LOADING });
  },
  'the stopped webcam': async (opened) => {
    await opened.button('Stop the camera').click();
    await opened.page.getByText('The camera is off. Nothing was kept.').waitFor();
  },
  'the start with clips of this visit': async (opened) => {
    await opened.button('Actionscope, to the start').click();
    await opened.page.getByRole('heading', { name: 'Other clips of this visit' }).waitFor();
  },
};

describe('narrow and wide, light and dark, axe finds nothing and nothing is cut off at the side in', () => {
  let shared: BrowserContext;
  let opened: ClassifierPage;

  beforeAll(async () => {
    hold();
    shared = await browser.newContext();
    opened = await ClassifierPage.opened(shared, server.url);
  });

  afterAll(() => shared?.close());

  it('the start while engine and model are being loaded', async () => {
    await opened.page.getByText(/^Loading engine and model/).waitFor();
    expect(await faults(opened.page)).toEqual([]);
    release();
    await opened.page.getByText('Engine and model are loaded', { exact: true }).waitFor({ timeout: LOADING });
  });

  it.each(Object.keys(STATES))('%s', async (state) => {
    await STATES[state]?.(opened);
    expect(await faults(opened.page)).toEqual([]);
  });
});

describe('before any script runs', () => {
  it('axe finds nothing in the words that tell what is needed', async () => {
    context = await browser.newContext();
    await context.addInitScript(() => {
      WebAssembly.validate = () => false;
    });
    const page = await context.newPage();
    await page.goto(server.url);
    await needsHeading(page).waitFor();
    expect(await faults(page)).toEqual([]);
  });
});
