/** Pages that are made for a benchmark only: built into build/bench, served at the root of a host of their own. */

import { readdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { build } from 'vite';
import pageConfig from '../../vite.config';
import { listen } from '../e2e/support/server';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The model package that is shipped. */
export const MODEL = join(root, 'models/ucf11');

/** Where benchmarks put what they make. */
export const BUILT = join(root, 'build/bench');

/**
 * Builds the pages of a folder of tests/bench and serves them.
 * @param folders what else is served: folders by the first part of their paths
 */
export async function serveBenchPages(
  name: string,
  folders: Record<string, string> = {},
): Promise<{ server: Server; url: string }> {
  const from = join(root, 'tests/bench', name);
  const outDir = join(BUILT, name);
  const pages = readdirSync(from).filter((file) => file.endsWith('.html'));
  await build({
    ...pageConfig,
    configFile: false,
    logLevel: 'warn',
    root: from,
    plugins: [],
    build: { ...pageConfig.build, outDir, rolldownOptions: { input: pages.map((page) => join(from, page)) } },
  });
  const served = Object.entries({ ...folders, '': outDir }).map(([first, folder]) => ({
    prefix: first === '' ? '/' : `/${first}/`,
    files: sirv(folder, { dev: true }),
  }));
  const { server, port } = await listen((request, response) => {
    const path = request.url ?? '/';
    const found = served.find(({ prefix }) => path.startsWith(prefix));
    request.url = path.slice((found?.prefix.length ?? 1) - 1);
    const missing = () => {
      response.writeHead(404).end();
    };
    if (found) found.files(request, response, missing);
    else missing();
  });
  return { server, url: `http://localhost:${port}/` };
}
