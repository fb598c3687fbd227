import type { Locator, Page } from 'playwright-core';

/** The heading over what may keep the page from working. */
export const needsHeading = (page: Page): Locator => page.getByRole('heading', { name: /one of its needs is not met/ });
