/** In the browser: a page for one contestant, with its worker. */

import * as Comlink from 'comlink';
import type { ContestantApi } from './worker';

declare global {
  var contestant: Comlink.Remote<ContestantApi>;
}

globalThis.contestant = Comlink.wrap<ContestantApi>(
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
);
