import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium';
import { ClassifierPage, everythingLoaded, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { type PageServer, servePage } from './support/server';

const camera = () => [
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${clips.cameras.cyclist()}`,
];

/** Their pictures are made up: a recording can only be played by one. */
const TWO_CAMERAS = '--use-fake-device-for-media-stream=device-count=2';

/** The browser's answer to the page's question whether it may use the camera is yes. */
const ALLOWED = '--use-fake-ui-for-media-stream';

let server: PageServer;

beforeAll(async () => {
  server = await servePage();
});

afterAll(() => server?.close());

/** Every track that the page has ever been given by a camera: `live` or `ended`. */
async function watchTracks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { tracks });
    const open = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      const stream = await open.call(this, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
}

const tracks = (page: Page) =>
  page.evaluate(() =>
    (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState),
  );

/** A describe with a browser of its own and one page in it, that its tests share, in order. */
function describeCamera(title: string, switches: () => string[], tests: (opened: () => ClassifierPage) => void) {
  describe(title, () => {
    let browser: Browser;
    let opened: ClassifierPage;

    beforeAll(async () => {
      browser = await launchChromium(...switches());
      const context = await browser.newContext();
      await watchTracks(context);
      opened = await ClassifierPage.loaded(context, server.url);
    });

    afterAll(() => browser?.close());

    tests(() => opened);
  });
}

const now = ({ page }: ClassifierPage) => page.getByText('Now', { exact: true }).waitFor({ timeout: LOADING });

describeCamera(
  'a camera that looks at a cyclist',
  () => [ALLOWED, ...camera()],
  (opened) => {
    it('has biking as its live label, spoken once it has held, and makes no request', async () => {
      const { page } = opened();
      await everythingLoaded(page);
      server.forget();
      await opened().button('Use the webcam').click();
      await now(opened());
      await expect
        .poll(async () => (await opened().headline.textContent())?.trim(), { timeout: LOADING })
        .toBe('Biking');
      expect(await page.locator('answer-readout .confidence').textContent()).toMatch(/^Confidence (9\d|>99)%$/);
      await opened().spoken.filter({ hasText: 'Biking' }).waitFor();
      expect(server.requests).toEqual([]);
      expect(opened().complaints).toEqual([]);
    });

    it('is classified at most ten times a second, and frames do not pile up', async () => {
      const { page } = opened();
      const figure = async (name: string) => {
        const text = (await page.locator('dl > div').filter({ hasText: name }).locator('dd').textContent()) ?? '';
        return Number.parseFloat(text) * (/\d\u202fs$/.test(text) ? 1000 : 1);
      };
      await expect.poll(() => figure('Frames a second'), { timeout: LOADING }).toBeGreaterThan(1);
      for (let look = 0; look < 20; ++look) {
        expect(await figure('Frames a second')).toBeLessThanOrEqual(10.5);
        expect(await figure('Delay')).toBeLessThan(2000);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
    });

    it('is let go by stopping, and taken again by starting', async () => {
      const { page } = opened();
      expect(await tracks(page)).toEqual(['live']);
      await opened().button('Stop the camera').click();
      await page.getByText('The camera is off. Nothing was kept.').waitFor();
      expect(await tracks(page)).toEqual(['ended']);
      await opened().button('Start the camera').click();
      await now(opened());
      expect(await tracks(page)).toEqual(['ended', 'live']);
    });

    it('that is unplugged, is said to be gone, aloud, too; another start finds it again', async () => {
      const { page } = opened();
      // What a browser does when a camera is unplugged: its track is stopped and says so.
      await page.evaluate(() => {
        const track = (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.at(-1);
        track?.stop();
        track?.dispatchEvent(new Event('ended'));
      });
      expect(await opened().error()).toMatchObject({ title: 'The camera is gone.', code: 'camera-unplugged' });
      await opened().spoken.filter({ hasText: 'The camera is gone.' }).waitFor();
      await opened().button('Try again').click();
      await now(opened());
      expect(await tracks(page)).toEqual(['ended', 'ended', 'live']);
    });

    it('is let go by choosing a file, which is then classified', async () => {
      const { answer } = await opened().classify(clips.cyclist());
      expect(answer).toBe('biking');
      expect(await tracks(opened().page)).toEqual(['ended', 'ended', 'ended']);
    });
  },
);

describeCamera(
  'of two cameras',
  () => [ALLOWED, TWO_CAMERAS],
  (opened) => {
    it('one can be chosen, by name; the other is let go', async () => {
      const { page } = opened();
      await opened().button('Use the webcam').click();
      const choice = page.getByRole('combobox', { name: 'Camera' });
      await choice.waitFor();
      const names = await choice.getByRole('option').allTextContents();
      expect(names).toHaveLength(2);
      for (const name of names) expect(name).toMatch(/fake_device_[01]/);
      await now(opened());
      const used = () =>
        page.evaluate(() => {
          const all = (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks;
          return all.map((track) => ({ label: track.label, state: track.readyState }));
        });
      const [first] = await used();
      const other = names.find((name) => name !== first?.label) ?? '';
      await choice.selectOption({ label: other });
      await expect.poll(used).toEqual([
        { label: first?.label, state: 'ended' },
        { label: other, state: 'live' },
      ]);
      await now(opened());
    });
  },
);

describeCamera(
  'a camera that the person refuses',
  () => camera(),
  (opened) => {
    it('is said to be refused, with how to allow it', async () => {
      await opened()
        .page.context()
        .grantPermissions([], { origin: new URL(server.url).origin });
      await opened().button('Use the webcam').click();
      const { title, advice, code } = await opened().error();
      expect(title).toBe('This page may not use the camera.');
      expect(advice).toMatch(/Allow the camera/);
      expect(code).toBe('camera-refused');
      await opened().spoken.filter({ hasText: title }).waitFor();
    });
  },
);

describeCamera(
  'a computer without a camera',
  () => [ALLOWED],
  (opened) => {
    it('is told so, and a file can be chosen instead', async () => {
      await opened().button('Use the webcam').click();
      expect(await opened().error()).toMatchObject({ title: 'No camera was found.', code: 'camera-absent' });
      expect((await opened().classify(clips.cyclist())).answer).toBe('biking');
    });
  },
);

describeCamera(
  'a camera that another program holds',
  () => [ALLOWED, ...camera()],
  (opened) => {
    it('is said to be in use; once it is free, another try takes it', async () => {
      // What a browser answers then; no program here can hold its made-up camera.
      await opened().page.evaluate(() => {
        const { getUserMedia } = MediaDevices.prototype;
        MediaDevices.prototype.getUserMedia = () => {
          MediaDevices.prototype.getUserMedia = getUserMedia;
          return Promise.reject(new DOMException('Device in use', 'NotReadableError'));
        };
      });
      await opened().button('Use the webcam').click();
      const { title, code } = await opened().error();
      expect(code).toBe('camera-busy');
      await opened().spoken.filter({ hasText: title }).waitFor();
      await opened().button('Try again').click();
      await now(opened());
    });
  },
);
