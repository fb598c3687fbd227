/** Several engines, each in a worker of its own, as one: frames are shared out among them. */

import { ActionscopeError } from '../lib/errors';
import { closeFrame, type Frame } from '../lib/frame';
import { workerDied } from './answer';
import type { ClipRequest, ClipRun, Engine, Extraction, LiveRun } from './engine_contract';

/** An engine in a worker, on one thread. */
export interface PoolWorker extends Engine {
  /** Resolves once the worker is no more, however it ended. */
  readonly gone: Promise<unknown>;
}

/** Starts another worker with the same engine and model; the signal ends it, and its start. */
export type StartWorker = (signal: AbortSignal) => Promise<PoolWorker>;

interface Member {
  engine: PoolWorker;
  /** Frames that it has been given and not finished. */
  waiting: number;
  /** Whether it has ever finished one. */
  worked: boolean;
}

/**
 * The lead does clips, streams and the report; every worker extracts. Others join when they are loaded; one that cannot be started
 * leaves the pool smaller, without a word. One that dies is replaced, and what it was at rejects with `worker-died`; with the lead the
 * whole pool ends.
 */
export class EnginePool implements Engine {
  readonly model;
  readonly engine;
  readonly featureSpace;
  /** Resolves once every worker that it begins with has joined, or could not. */
  readonly filled: Promise<void>;
  /** Of the lead first. */
  readonly #members: Member[];
  readonly #ending = new AbortController();
  #closed = false;

  /** `workers`: how many there are to be, with the lead. */
  constructor(
    private readonly lead: PoolWorker,
    workers: number,
    private readonly start: StartWorker,
  ) {
    this.model = lead.model;
    this.engine = lead.engine;
    this.featureSpace = lead.featureSpace;
    this.#members = [{ engine: lead, waiting: 0, worked: false }];
    void lead.gone.then(() => this.#end());
    const joining = Array.from({ length: workers - 1 }, () => this.#join());
    this.filled = Promise.all(joining).then(() => undefined);
  }

  get workers(): number {
    return this.#alive().length;
  }

  get ended(): boolean {
    return this.lead.ended;
  }

  async extract(frame: Frame): Promise<Extraction> {
    if (this.ended) {
      closeFrame(frame);
      throw this.#whyEnded();
    }
    // The lead is the first of equals, and so the last to be chosen: it has windows to do besides.
    const member = this.#alive().reduce((least, each) => (each.waiting <= least.waiting ? each : least));
    member.waiting += 1;
    try {
      const extraction = await member.engine.extract(frame);
      member.worked = true;
      return extraction;
    } catch (reason) {
      // Others end with the lead, and would say that they were closed.
      throw this.ended ? this.#whyEnded() : reason;
    } finally {
      member.waiting -= 1;
    }
  }

  openClip(request: ClipRequest): Promise<ClipRun> {
    return this.lead.openClip(request);
  }

  openStill(): Promise<ClipRun> {
    return this.lead.openStill();
  }

  openLive(): Promise<LiveRun> {
    return this.lead.openLive();
  }

  readReport(): Promise<string | null> {
    return this.lead.readReport();
  }

  async liveHandles(): Promise<number> {
    const counts = await this.#each((engine) => engine.liveHandles(), 0);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async memory(): Promise<number[]> {
    return (await this.#each((engine) => engine.memory(), [])).flat();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#end();
    await this.lead.close();
  }

  async #join(replaces = false): Promise<void> {
    const { signal } = this.#ending;
    const engine = await this.start(signal).catch(() => undefined);
    if (engine === undefined) return;
    // The host may have another model by now, and the device may have passed over another build.
    if (signal.aborted || engine.featureSpace !== this.featureSpace) return engine.close();
    const member = { engine, waiting: 0, worked: false };
    this.#members.push(member);
    void engine.gone.then(() => {
      this.#members.splice(this.#members.indexOf(member), 1);
      // Where one after the other died before it had done anything, it would go on for ever.
      if (!signal.aborted && (member.worked || !replaces)) void this.#join(true);
    });
  }

  #end(): void {
    this.#ending.abort();
    for (const { engine } of this.#members) {
      if (engine !== this.lead) void engine.close();
    }
  }

  #whyEnded(): ActionscopeError {
    return this.#closed ? new ActionscopeError('closed', 'The classifier is closed.') : workerDied('it is gone');
  }

  #alive(): Member[] {
    return this.#members.filter(({ engine }) => !engine.ended);
  }

  /** What each worker says; of one that dies meanwhile, unless it is the lead, `lost`. */
  #each<T>(ask: (engine: Engine) => Promise<T>, lost: T): Promise<T[]> {
    return Promise.all(
      this.#alive().map(({ engine }) => (engine === this.lead ? ask(engine) : ask(engine).catch(() => lost))),
    );
  }
}
