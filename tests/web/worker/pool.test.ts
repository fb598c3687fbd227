import { describe, expect, it, vi } from 'vitest';
import { ActionscopeError } from '../../../web/lib/errors';
import type { Frame } from '../../../web/lib/frame';
import { EnginePool, type PoolWorker } from '../../../web/worker/pool';
import { FakeEngine, FakeFrame } from '../lib/fakes';

/** A worker that can be killed, and that finishes its frames when it is told to. */
class FakeWorker extends FakeEngine implements PoolWorker {
  readonly gone: Promise<void>;
  readonly #frames: { resolve: () => void; reject: (reason: Error) => void }[] = [];
  #end: () => void = () => undefined;

  constructor(private readonly waits = false) {
    super();
    this.gone = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.onFrame = () => {
      if (!this.waits) return;
      return new Promise<void>((resolve, reject) => this.#frames.push({ resolve, reject }));
    };
  }

  get busyWith(): number {
    return this.#frames.length;
  }

  finish(): void {
    this.#frames.shift()?.resolve();
  }

  die(): void {
    this.ended = true;
    for (const { reject } of this.#frames.splice(0)) reject(new ActionscopeError('worker-died', 'Gone.'));
    this.#end();
  }

  override async close(): Promise<void> {
    await super.close();
    this.die();
  }
}

const frame = (sample = 0) => {
  const fake = new FakeFrame(sample);
  return { fake, frame: fake as unknown as Frame };
};

/** A pool of a lead and those that `starting` gives, in turn; all have joined. */
async function poolOf(lead: FakeWorker, ...starting: (FakeWorker | Error)[]) {
  const others = [...starting];
  const start = vi.fn(async () => {
    const next = others.shift();
    if (next instanceof FakeWorker) return next;
    throw next ?? new Error('no more workers');
  });
  const pool = new EnginePool(lead, 1 + starting.length, start);
  await pool.filled;
  return { pool, start, later: others };
}

describe('a pool of workers', () => {
  it('is ready with its lead, and grows as others join', async () => {
    let join: (worker: FakeWorker) => void = () => undefined;
    const pool = new EnginePool(
      new FakeWorker(),
      2,
      () =>
        new Promise((resolve) => {
          join = resolve;
        }),
    );
    expect(pool.workers).toBe(1);
    await pool.extract(frame().frame);
    join(new FakeWorker());
    await pool.filled;
    expect(pool.workers).toBe(2);
  });

  it('gives a frame to whoever has least to do, and to the lead last', async () => {
    const [lead, one, two] = [new FakeWorker(true), new FakeWorker(true), new FakeWorker(true)];
    const { pool } = await poolOf(lead, one, two);
    const work = [1, 2, 3, 4].map((sample) => pool.extract(frame(sample).frame));
    expect([lead.busyWith, one.busyWith + two.busyWith]).toEqual([1, 3]);
    for (const worker of [lead, one, two]) {
      worker.finish();
      worker.finish();
    }
    const done = await Promise.all(work);
    expect(done.map(({ feature }) => feature[0])).toEqual([1, 2, 3, 4]);
  });

  it('is smaller where one could not be started', async () => {
    const { pool } = await poolOf(new FakeWorker(), new Error('no memory'), new FakeWorker());
    expect(pool.workers).toBe(2);
    await expect(pool.extract(frame().frame)).resolves.toMatchObject({ preprocess: 1 });
  });

  it('sends away one that computes other features', async () => {
    const other = Object.assign(new FakeWorker(), { featureSpace: 'another' });
    const { pool } = await poolOf(new FakeWorker(), other);
    expect(pool.workers).toBe(1);
    expect(other.closed).toBe(true);
  });

  it('opens clips and streams in the lead alone', async () => {
    const [lead, other] = [new FakeWorker(), new FakeWorker()];
    const { pool } = await poolOf(lead, other);
    await pool.openClip({ duration: 1, mostWindows: 0 });
    await pool.openLive();
    expect([lead.runs.length, other.runs.length]).toEqual([2, 0]);
  });

  it('tells the memory and the handles of all', async () => {
    const [lead, other] = [new FakeWorker(), new FakeWorker()];
    const { pool } = await poolOf(lead, other);
    await pool.openStill();
    expect(await pool.memory()).toEqual([1e6, 1e6]);
    expect(await pool.liveHandles()).toBe(1);
  });

  it('ends all its workers when it is closed, and frees frames that come later', async () => {
    const [lead, other] = [new FakeWorker(), new FakeWorker()];
    const { pool, start } = await poolOf(lead, other);
    await pool.close();
    expect([lead.closed, other.closed, pool.ended]).toEqual([true, true, true]);
    const { fake, frame: late } = frame();
    await expect(pool.extract(late)).rejects.toMatchObject({ code: 'closed' });
    expect(fake.closed).toBe(true);
    expect(start).toHaveBeenCalledOnce();
  });
});

describe('a worker of a pool that dies', () => {
  it('is replaced, and what it was at is told as lost', async () => {
    const [lead, other, replacement] = [new FakeWorker(true), new FakeWorker(true), new FakeWorker()];
    const { pool, later } = await poolOf(lead, other);
    later.push(replacement);
    const lost = pool.extract(frame().frame);
    other.die();
    await expect(lost).rejects.toMatchObject({ code: 'worker-died' });
    await vi.waitFor(() => expect(pool.workers).toBe(2));
    expect(pool.ended).toBe(false);
    await pool.extract(frame(5).frame);
    expect(replacement.extracted).toEqual([5]);
  });

  it('is not replaced for ever where its replacements die before they have done anything', async () => {
    const [first, second, third] = [new FakeWorker(), new FakeWorker(), new FakeWorker()];
    const { pool, start, later } = await poolOf(new FakeWorker(), first);
    later.push(second, third);
    first.die();
    await vi.waitFor(() => expect(pool.workers).toBe(2));
    second.die();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pool.workers).toBe(1);
    expect(start).toHaveBeenCalledTimes(2);
  });

  it('takes the pool with it where it is the lead', async () => {
    const [lead, other] = [new FakeWorker(), new FakeWorker()];
    const { pool } = await poolOf(lead, other);
    lead.die();
    await vi.waitFor(() => expect(other.closed).toBe(true));
    expect(pool.ended).toBe(true);
    const { fake, frame: late } = frame();
    await expect(pool.extract(late)).rejects.toMatchObject({ code: 'worker-died' });
    expect(fake.closed).toBe(true);
  });
});
