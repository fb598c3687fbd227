import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faults, tabTo } from './support/accessibility';
import { launchChromium, recordRequests } from './support/chromium';
import { ClassifierPage, LOADING } from './support/classifier_page';
import { clips } from './support/clips';
import { DIST, type PageServer, servePage } from './support/server';
import { BACKBONE, HEAD } from './support/shipped_model';

/** The model package that the page comes with. */
const SHIPPED = join(DIST, 'models/ucf11');

let packages: string;
let browser: Browser;
let server: PageServer;
let context: BrowserContext;
let opened: ClassifierPage;

/** A copy of the shipped model under another title, with other changes. */
function copied(name: string, change: (folder: string) => void = () => undefined): string {
  const folder = join(packages, name);
  cpSync(SHIPPED, folder, { recursive: true });
  const json = join(folder, 'model.json');
  writeFileSync(json, readFileSync(json, 'utf8').replace('"title": "UCF11 actions"', `"title": "Model ${name}"`));
  change(folder);
  return folder;
}

function zipped(folder: string, top = ''): string {
  const files = readdirSync(folder).map((name) => [`${top}${name}`, readFileSync(join(folder, name))] as const);
  writeFileSync(`${folder}.zip`, zipSync(Object.fromEntries(files)));
  return `${folder}.zip`;
}

/** The last byte of a graph file is another. */
function alter(folder: string): void {
  const file = join(folder, HEAD);
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.at(-1) === 0 ? 1 : 0, bytes.length - 1);
  writeFileSync(file, bytes);
}

beforeAll(async () => {
  packages = mkdtempSync(join(tmpdir(), 'actionscope-packages-'));
  browser = await launchChromium();
  server = await servePage();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(packages, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext();
  opened = await ClassifierPage.loaded(context, server.url);
});

afterEach(() => context?.close());

const openModelView = () => opened.page.getByRole('button', { name: 'Model', exact: true }).click();

/** Chooses a package with the button of the model's view and the system's dialogue. */
async function choosePackage(kind: 'zip' | 'folder', path: string): Promise<void> {
  await openModelView();
  const [chooser] = await Promise.all([
    opened.page.waitForEvent('filechooser'),
    opened.button(`Load another model (${kind === 'zip' ? '.zip' : 'folder'})`).click(),
  ]);
  await chooser.setFiles(path);
}

const inUse = (name: string) =>
  opened.page.getByText(`The model in use comes from ${name} on this device.`).waitFor({ timeout: LOADING });

describe('another model package', () => {
  it('is loaded from a .zip file, and the open clip is classified anew', async () => {
    const before = await opened.classify(clips.cyclist());
    const zip = zipped(
      copied('zipped', (folder) => {
        const json = join(folder, 'model.json');
        writeFileSync(json, readFileSync(json, 'utf8').replace('"version": "1.', '"version": "7.'));
      }),
      'some folder/',
    );
    await choosePackage('zip', zip);
    await inUse('zipped.zip');
    await opened.page.getByRole('heading', { level: 1, name: 'Model zipped' }).waitFor();
    await opened.button(/cyclist/).click();
    await opened.answered();
    const after = await opened.result();
    expect(after.model.version).toMatch(/^7\./);
    expect(after.probabilities).toEqual(before.probabilities);
  });

  it('is loaded from a folder without a word to any host, and can be gone back from', async () => {
    const requests = recordRequests(context);
    await choosePackage('folder', copied('folder'));
    await inUse('folder');
    await opened.page.getByRole('heading', { level: 1, name: 'Model folder' }).waitFor();
    expect(requests.filter((url) => url.includes('/models/') && !url.endsWith('/report.json'))).toEqual([]);
    await opened.button("Go back to this page's model").click();
    await opened.page.getByRole('heading', { level: 1, name: 'UCF11 actions' }).waitFor({ timeout: LOADING });
    expect(await opened.page.getByText('The model in use comes from').count()).toBe(0);
  });

  it.each([
    ['a .zip file', () => zipped(copied('dropped-zip')), 'dropped-zip.zip'],
    ['a folder', () => copied('dropped'), 'dropped'],
  ])('is loaded when %s is dropped on the page', async (_, make, name) => {
    await opened.drop(make());
    await inUse(name);
    expect((await opened.classify(clips.cyclist())).answer).toBe('biking');
  });

  it.each<[string, string, () => string, string]>([
    ['with an altered file', 'zip', () => zipped(copied('altered', alter)), 'model-altered'],
    ['with an altered file', 'folder', () => copied('altered-folder', alter), 'model-altered'],
    ['with a file too few', 'folder', () => copied('lacking', (folder) => rmSync(join(folder, HEAD))), 'model-missing'],
    [
      'that is cut short',
      'zip',
      () => {
        const zip = zipped(copied('short'));
        truncateSync(zip, 1_000_000);
        return zip;
      },
      'package-damaged',
    ],
    [
      'whose model.json is damaged',
      'folder',
      () => copied('no-json', (folder) => writeFileSync(join(folder, 'model.json'), 'Not found')),
      'model-invalid',
    ],
    [
      'whose files are of another model',
      'folder',
      () => copied('swapped', (folder) => copyFileSync(join(folder, HEAD), join(folder, BACKBONE))),
      'model-altered',
    ],
  ])('%s, as a %s, is refused, and the old model goes on working', async (_, kind, make, code) => {
    await choosePackage(kind as 'zip' | 'folder', make());
    const error = await opened.error();
    expect(error.code).toBe(code);
    expect(error.advice).not.toBe('');
    await opened.spoken.filter({ hasText: error.title }).waitFor();
    const notice = await opened.page.locator('package-status').boundingBox();
    expect(notice?.y, 'in sight, wherever the package was chosen').toBeGreaterThanOrEqual(0);
    await opened.page.getByRole('heading', { level: 1, name: 'UCF11 actions' }).waitFor();
    await opened.button('Dismiss').click();
    expect((await opened.classify(clips.cyclist())).answer).toBe('biking');
  });

  it('is refused where the part of the page that reads it does not come, and the old model goes on working', async () => {
    await context.route(/\/package_on_device-/, (route) => route.abort());
    await choosePackage('zip', zipped(copied('unread')));
    expect((await opened.error()).code).toBe('engine-failed');
    await opened.button('Dismiss').click();
    expect((await opened.classify(clips.cyclist())).answer).toBe('biking');
  });

  it('is chosen with the keyboard, and what tells of it has no fault that axe finds', async () => {
    await openModelView();
    await tabTo(opened.page, 'Load another model (.zip)');
    const [chooser] = await Promise.all([opened.page.waitForEvent('filechooser'), opened.page.keyboard.press('Enter')]);
    await chooser.setFiles(zipped(copied('by-keyboard')));
    await inUse('by-keyboard.zip');
    expect(await faults(opened.page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
