/**
 * Chromium with nobody attached to its pages. A debugger, such as Playwright keeps attached, takes part in all that a page does: on two
 * cores a start takes a fifth longer with it. Here one is attached only to send a tab to an address, and later to ask what came of it.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHROMIUM, QUIET } from '../e2e/support/chromium';

/** Milliseconds in which a browser has done what it does for itself in a tab that was just opened: Chromium loads a page of its own. */
export const SETTLING = 2000;

/** Ends each message of the protocol. */
const END = '\0';

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Calls of the Chrome DevTools Protocol over the browser's pipes: a page that nobody talks to costs nothing. */
class Protocol {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;
  #rest = '';

  constructor(
    private readonly to: Writable,
    from: Readable,
  ) {
    from.setEncoding('utf8');
    from.on('data', (text: string) => {
      const messages = (this.#rest + text).split(END);
      this.#rest = messages.pop() ?? '';
      for (const message of messages) this.#hear(JSON.parse(message));
    });
    from.on('close', () => {
      for (const id of [...this.#waiting.keys()]) this.#hear({ id, error: { message: 'the browser has ended' } });
    });
  }

  async call<Result>(method: string, parameters: object = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#calls;
    const { error, result } = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.to.write(JSON.stringify({ id, method, params: parameters, sessionId }) + END);
    });
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  #hear(answer: Answer): void {
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}

/** A tab that is open in a browser profile. */
export class UnwatchedTab {
  constructor(
    private readonly protocol: Protocol,
    private readonly targetId: string,
  ) {}

  /** Resolves as soon as the navigation has begun. */
  async goto(url: string): Promise<void> {
    await this.#attached((session) => this.protocol.call('Page.navigate', { url }, session));
  }

  /** The value of an expression, which JSON can say. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.#attached((session) =>
      this.protocol.call<{ result: { value?: unknown } }>(
        'Runtime.evaluate',
        { expression, returnByValue: true },
        session,
      ),
    );
    return result.value;
  }

  async close(): Promise<void> {
    await this.protocol.call('Target.closeTarget', { targetId: this.targetId });
  }

  async #attached<Result>(work: (session: string) => Promise<Result>): Promise<Result> {
    const to = { targetId: this.targetId, flatten: true };
    const { sessionId } = await this.protocol.call<{ sessionId: string }>('Target.attachToTarget', to);
    const result = await work(sessionId);
    await this.protocol.call('Target.detachFromTarget', { sessionId });
    return result;
  }
}

/** A browser profile whose cache is empty at first. */
export class UnwatchedProfile {
  constructor(
    private readonly protocol: Protocol,
    private readonly browserContextId: string,
  ) {}

  /** A tab in which nothing goes on. */
  async quietTab(): Promise<UnwatchedTab> {
    const { browserContextId } = this;
    const opened = await this.protocol.call<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
    });
    await sleep(SETTLING);
    return new UnwatchedTab(this.protocol, opened.targetId);
  }

  async close(): Promise<void> {
    await this.protocol.call('Target.disposeBrowserContext', { browserContextId: this.browserContextId });
  }
}

export class UnwatchedChromium {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly protocol: Protocol,
  ) {}

  static launch(): UnwatchedChromium {
    const folder = mkdtempSync(join(tmpdir(), 'actionscope-chromium-'));
    const switches = ['--headless', '--window-size=1280,720', '--remote-debugging-pipe', `--user-data-dir=${folder}`];
    const process = spawn(CHROMIUM, [...switches, ...QUIET, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const [, , , to, from] = process.stdio;
    return new UnwatchedChromium(process, folder, new Protocol(to as Writable, from as Readable));
  }

  async newProfile(): Promise<UnwatchedProfile> {
    const made = await this.protocol.call<{ browserContextId: string }>('Target.createBrowserContext');
    return new UnwatchedProfile(this.protocol, made.browserContextId);
  }

  async close(): Promise<void> {
    const ended = once(this.process, 'exit');
    await this.protocol.call('Browser.close');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
