import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faults } from './support/accessibility';
import { launchChromium } from './support/chromium';
import { CLASSIFYING, ClassifierPage } from './support/classifier_page';
import { clips } from './support/clips';
import { type PageServer, servePage } from './support/server';
import { MODEL, withModel } from './support/shipped_model';

const OFFER = 'Check against ONNX Runtime';

let server: PageServer;
let lacking: boolean;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  server = await servePage({
    intercept: (path) => (lacking && path.includes('ort-wasm') ? { status: 404, body: '' } : undefined),
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

afterEach(() => context?.close());

async function withAnswer(url = server.url): Promise<ClassifierPage> {
  lacking = false;
  context = await browser.newContext();
  const opened = await ClassifierPage.loaded(context, url);
  server.forget();
  await opened.choose(clips.cyclist());
  await opened.answered();
  return opened;
}

/** The two differences that the page tells. */
async function differences({ page }: ClassifierPage): Promise<{ features: number; percent: number }> {
  const text = await page
    .locator('cross-check')
    .getByText(/^Verified against ONNX Runtime Web 1\./)
    .textContent({ timeout: CLASSIFYING });
  const [, features, percent] =
    /difference (\S+) of .* over 20 frames, <?(\S+)% in a probability/.exec(text ?? '') ?? [];
  return { features: Number(features), percent: Number(percent) };
}

describe('the check against ONNX Runtime', () => {
  it('is offered with the answer, fetches the other engine only then, and finds the same', async () => {
    const opened = await withAnswer();
    const fetched = () => server.requests.some((path) => path.includes('ort-wasm'));
    expect(fetched()).toBe(false);
    expect(await faults(opened.page)).toEqual([]);
    await opened.button(OFFER).click();
    const { features, percent } = await differences(opened);
    // Sums of integers are exact in both.
    expect(features).toBeLessThan(1e-5);
    expect(percent).toBeLessThan(0.1);
    expect(fetched()).toBe(true);
    expect(await faults(opened.page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
    // Another clip is another matter.
    await opened.choose(clips.small());
    await opened.answered();
    await opened.button(OFFER).waitFor();
  });

  it('finds the same of the network in floats', async () => {
    const floats = await servePage({ intercept: withModel({ default_variant: 'fp32' }) });
    const opened = await withAnswer(floats.url);
    await opened.button(OFFER).click();
    const { features, percent } = await differences(opened);
    expect(features).toBeGreaterThan(0);
    expect(features).toBeLessThan(1e-4);
    expect(percent).toBeLessThan(0.1);
    await floats.close();
  });

  it('can be cancelled, and begun again', async () => {
    const opened = await withAnswer();
    await opened.button(OFFER).click();
    await opened.button('Cancel the check').click();
    await opened.button(OFFER).click();
    expect((await differences(opened)).features).toBeLessThan(1e-5);
  });

  it('says why it cannot be made, and the page goes on', async () => {
    const opened = await withAnswer();
    lacking = true;
    await opened.button(OFFER).click();
    await opened.page.getByText('Code: engine-failed').waitFor();
    expect(await faults(opened.page)).toEqual([]);
    lacking = false;
    await opened.button(OFFER).click();
    expect((await differences(opened)).features).toBeLessThan(1e-5);
  });

  it('is not offered where ONNX Runtime is at work itself', async () => {
    const file = fileURLToPath(new URL('../../models/ucf11/backbone.onnx', import.meta.url));
    // ONNX Runtime has this operator, which does the same with two inputs; our engine has not.
    const body = Buffer.from(readFileSync(file).toString('latin1').replaceAll('"\x03Add', '"\x03Sum'), 'latin1');
    const { fp32 } = MODEL.variants;
    const sha256 = createHash('sha256').update(body).digest('hex');
    const variants = { ...MODEL.variants, fp32: { ...fp32, backbone: { ...fp32.backbone, sha256 } } };
    const model = withModel({ default_variant: 'fp32', variants });
    const theirs = await servePage({
      intercept: (path) => (path.startsWith('models/ucf11/backbone.onnx') ? { status: 200, body } : model(path)),
    });
    const opened = await withAnswer(theirs.url);
    await opened.page.getByText(/^Engine ONNX Runtime Web/).waitFor();
    expect(await opened.button(OFFER).count()).toBe(0);
    await theirs.close();
  });
});
