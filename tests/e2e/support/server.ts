import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** The folder below the origin that the page lies in, as on GitHub Pages. */
export const PREFIX = '/people/actionscope/';

export interface PageServer {
  /** Address of the page. */
  url: string;
  /** Paths of all requests since the last call of `forget`, in order. */
  requests: string[];
  forget(): void;
  close(): Promise<void>;
}

/**
 * Serves the built page as a plain static host does: from a sub-folder, without isolation headers.
 * @param policy sent as a Content-Security-Policy header besides the page's own meta element.
 * @param intercept may answer a path below the prefix itself, to play a broken host; undefined leaves it to the files.
 */
export async function servePage(
  options: {
    policy?: string;
    intercept?: (path: string) => { status: number; body: Uint8Array | string } | undefined;
  } = {},
): Promise<PageServer> {
  const files = sirv(fileURLToPath(new URL('../../../dist', import.meta.url)), { etag: true, dev: true });
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(path);
    if (!path.startsWith(PREFIX)) {
      response.writeHead(404).end();
      return;
    }
    if (options.policy) response.setHeader('Content-Security-Policy', options.policy);
    const answer = options.intercept?.(path.slice(PREFIX.length));
    if (answer) {
      response.writeHead(answer.status).end(answer.body);
      return;
    }
    request.url = path.slice(PREFIX.length - 1);
    files(request, response, () => {
      response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}${PREFIX}`,
    requests,
    forget: () => requests.splice(0),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
