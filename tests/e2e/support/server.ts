import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** The folder below the origin that the page lies in, as on GitHub Pages. */
export const PREFIX = '/people/actionscope/';

/** The built page. */
export const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));

export interface Reply {
  status: number;
  body: Uint8Array | string;
}

export interface PageServer {
  /** Address of the page. */
  url: string;
  port: number;
  /** Paths of all requests since the last call of `forget`, in order. */
  requests: string[];
  forget(): void;
  close(): Promise<void>;
}

/** Starts a server on this machine, at a port that is free. */
export async function listen(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** Ends a server and the connections that browsers keep open. */
export function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/**
 * Serves the built page as a plain static host does: from a sub-folder, without isolation headers.
 * @param folder what is served in its place: another page that was built.
 * @param policy sent as a Content-Security-Policy header besides the page's own meta element.
 * @param keptSeconds how long browsers may keep a file without asking; they ask each time where it is not given.
 * @param intercept may answer a path below the prefix itself, to play a broken or slow host; undefined leaves it to the files.
 */
export async function servePage(
  options: {
    folder?: string;
    policy?: string;
    keptSeconds?: number;
    intercept?: (path: string, request: IncomingMessage) => Reply | undefined | Promise<Reply | undefined>;
  } = {},
): Promise<PageServer> {
  const { folder = DIST, keptSeconds } = options;
  const files = sirv(
    folder,
    keptSeconds === undefined ? { etag: true, dev: true } : { etag: true, maxAge: keptSeconds },
  );
  const requests: string[] = [];
  const { server, port } = await listen(async (request, response) => {
    const path = request.url ?? '/';
    requests.push(path);
    if (!path.startsWith(PREFIX)) {
      response.writeHead(404).end();
      return;
    }
    if (options.policy) response.setHeader('Content-Security-Policy', options.policy);
    const reply = await options.intercept?.(path.slice(PREFIX.length), request);
    if (reply) {
      response.writeHead(reply.status).end(reply.body);
      return;
    }
    request.url = path.slice(PREFIX.length - 1);
    files(request, response, () => {
      response.writeHead(404).end();
    });
  });
  return {
    url: `http://localhost:${port}${PREFIX}`,
    port,
    requests,
    forget: () => requests.splice(0),
    close: () => close(server),
  };
}

/** A host that is not the page's and answers everybody: what reaches it has left the page. */
export async function serveForeignHost(): Promise<PageServer> {
  const requests: string[] = [];
  const { server, port } = await listen((request, response) => {
    requests.push(request.url ?? '/');
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' }).end('');
  });
  return {
    url: `http://localhost:${port}/`,
    port,
    requests,
    forget: () => requests.splice(0),
    close: () => close(server),
  };
}
