import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Keep the browser from talking to its maker, which would fail here and blur what the page itself requests. */
export const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's. */
export const CHROMIUM = '/usr/bin/chromium';

/** Chromium, headless. Nothing of its protection is switched off: contexts never bypass a content security policy. */
export function launchChromium(...switches: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...QUIET, ...switches] });
}

/** Everything that a browser context asks the network for, from pages and workers, but not what it makes up by itself. */
export function recordRequests(context: BrowserContext): string[] {
  const addresses: string[] = [];
  context.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) addresses.push(request.url());
  });
  return addresses;
}
