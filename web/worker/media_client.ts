/** The page's half of the media worker: frame sources whose work is done there. */

import { unlessCancelled } from '../lib/cancelled';
import { ActionscopeError, FileReadingDied } from '../lib/errors';
import type { SampleRequest } from '../lib/frame';
import type { FrameSource, FramesOptions, SourceDescription, SourcedFrame } from '../media/frame_source';
import { Refused } from '../media/open_source';
import { Unsuited } from '../media/unsuited';
import { errorOf, workerDied } from './answer';
import { WorkerConnection } from './connection';
import entryUrl from './media_entry.ts?worker&url';
import type { Decoders, MediaApi } from './media_messages';

/** Frames that are asked for before they are needed, so that decoding goes on while others are looked at. */
const AHEAD = 3;

const hasDied = (reason: unknown) => reason instanceof ActionscopeError && reason.code === 'worker-died';

type Connection = Pick<WorkerConnection<MediaApi>, 'ready' | 'ended' | 'end' | 'call'>;

/** One worker for all files: started once, kept, and replaced when it has died. */
export class MediaClient {
  #connection: Connection | undefined;
  #numbers = 0;

  constructor(
    private readonly connect: () => Connection = () =>
      new WorkerConnection<MediaApi>(new URL(entryUrl, import.meta.url).href),
  ) {}

  /** Starts the worker, so that later nothing has to be fetched. Never rejects: a file that is opened tries again. */
  async start(): Promise<void> {
    await this.ready().catch(() => undefined);
  }

  /** Opens a file in the worker. Throws Refused, Unsuited, and other ActionscopeErrors. */
  async open(file: Blob, decoders: Decoders, signal: AbortSignal): Promise<FrameSource> {
    const opened = await this.surviving(() => RemoteFile.open(this, file, decoders, signal));
    return new RemoteSource(opened, () => RemoteFile.open(this, file, decoders, signal));
  }

  async liveHandles(): Promise<number> {
    return (await this.ready()).call((api) => api.liveHandles());
  }

  /** Ends the worker, and every source in it; a file that is opened later starts another. */
  stop(): void {
    this.#connection?.end(new ActionscopeError('closed', 'The classifier is closed.'));
  }

  /** A worker that listens. */
  async ready(): Promise<Connection> {
    if (this.#connection === undefined || this.#connection.ended) this.#connection = this.connect();
    const connection = this.#connection;
    try {
      await connection.ready;
      return connection;
    } catch (reason) {
      connection.end(workerDied('it could not be started'));
      throw reason;
    }
  }

  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  /** Does work again, once, if the worker dies under it. Throws FileReadingDied at a second death. */
  async surviving<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (reason) {
      if (!hasDied(reason)) throw reason;
      return work().catch((again) => {
        throw hasDied(again) ? new FileReadingDied() : again;
      });
    }
  }
}

/** A file that is open in the worker. */
class RemoteFile {
  private constructor(
    private readonly client: MediaClient,
    private readonly connection: Connection,
    private readonly source: number,
    readonly description: SourceDescription,
    readonly sequential: boolean,
  ) {}

  static async open(client: MediaClient, file: Blob, decoders: Decoders, signal: AbortSignal): Promise<RemoteFile> {
    const connection = await unlessCancelled(client.ready(), signal);
    const source = client.nextNumber();
    const close = () => void connection.call((api) => api.close(source)).catch(() => undefined);
    const opening = connection.call((api) => api.open(source, file, decoders));
    const reply = await unlessCancelled(opening, signal).catch((reason) => {
      close();
      throw reason;
    });
    if (reply.refused === null) throw new Unsuited(reply.codec);
    if (reply.refused !== undefined) throw new Refused(errorOf(reply.refused), reply.codec);
    return new RemoteFile(client, connection, source, reply.description, reply.sequential);
  }

  async *frames(requests: readonly SampleRequest[], signal: AbortSignal, options: FramesOptions) {
    const { connection } = this;
    const run = this.client.nextNumber();
    const stop = () => void connection.call((api) => api.stop(run)).catch(() => undefined);
    const coming: Promise<SourcedFrame | null>[] = [];
    try {
      await unlessCancelled(
        connection.call((api) => api.start(this.source, run, requests, options)),
        signal,
      );
      for (;;) {
        while (coming.length < AHEAD) {
          const next = connection.call((api) => api.next(run));
          // It is awaited in its turn; until then a failure must not count as unhandled.
          next.catch(() => undefined);
          coming.push(next);
        }
        const frame = await unlessCancelled(coming.shift() ?? Promise.resolve(null), signal);
        if (frame === null) return;
        yield frame;
      }
    } finally {
      stop();
    }
  }

  async close(): Promise<void> {
    if (!this.connection.ended) await this.connection.call((api) => api.close(this.source));
  }
}

class RemoteSource implements FrameSource {
  readonly description: SourceDescription;
  readonly sequential: boolean;
  #file: Promise<RemoteFile>;

  constructor(
    file: RemoteFile,
    private readonly reopen: () => Promise<RemoteFile>,
  ) {
    this.description = file.description;
    this.sequential = file.sequential;
    this.#file = Promise.resolve(file);
  }

  async *frames(
    requests: readonly SampleRequest[],
    signal: AbortSignal,
    options: FramesOptions = {},
  ): AsyncGenerator<SourcedFrame> {
    let left = requests;
    const note = ({ sample }: SourcedFrame) => {
      left = left.slice(left.findIndex((request) => request.sample === sample) + 1);
    };
    const file = this.#file;
    try {
      for await (const frame of (await file).frames(left, signal, options)) {
        note(frame);
        yield frame;
      }
      return;
    } catch (reason) {
      if (!hasDied(reason)) throw reason;
    }
    // Whoever notices first opens it again; others wait for that one.
    if (this.#file === file) this.#file = this.reopen();
    try {
      yield* (await this.#file).frames(left, signal, options);
    } catch (reason) {
      throw hasDied(reason) ? new FileReadingDied() : reason;
    }
  }

  async close(): Promise<void> {
    const file = await this.#file.catch(() => undefined);
    await file?.close();
  }
}
