/** The media worker's sources and runs, behind messages. */

import { ActionscopeError } from '../lib/errors';
import { memoryOf, type SampleRequest } from '../lib/frame';
import type { FrameSource, FramesOptions, SourcedFrame } from '../media/frame_source';
import { Refused } from '../media/open_source';
import { Unsuited } from '../media/unsuited';
import { answer, errorFacts, handOver } from './answer';
import type { Decoders, MediaApi, OpenReply } from './media_messages';

export interface MediaHostParts {
  /** Throws Refused, Unsuited, and other ActionscopeErrors. */
  open(file: Blob, decoders: Decoders, signal: AbortSignal): Promise<FrameSource>;
  /** Handles of the FFmpeg modules that were not deleted. */
  moduleHandles(): number;
}

interface OpenSource {
  closing: AbortController;
  opening: Promise<FrameSource>;
}

interface OpenRun {
  source: number;
  stopping: AbortController;
  frames: AsyncIterator<SourcedFrame>;
}

const gone = () => new ActionscopeError('cancelled', 'The run was cancelled.');

export class MediaHost implements MediaApi {
  readonly #sources = new Map<number, OpenSource>();
  readonly #runs = new Map<number, OpenRun>();

  constructor(private readonly parts: MediaHostParts) {}

  open(source: number, file: Blob, decoders: Decoders) {
    return answer(async (): Promise<OpenReply> => {
      const closing = new AbortController();
      const opening = this.parts.open(file, decoders, closing.signal);
      this.#sources.set(source, { closing, opening });
      try {
        const { description, sequential } = await opening;
        return { description, sequential };
      } catch (reason) {
        this.#sources.delete(source);
        if (reason instanceof Unsuited) return { refused: null, codec: reason.codec };
        if (reason instanceof Refused) return { refused: errorFacts(reason), codec: reason.codec };
        throw reason;
      }
    });
  }

  start(source: number, run: number, requests: readonly SampleRequest[], options: FramesOptions) {
    return answer(async () => {
      const opened = this.#sources.get(source);
      if (opened === undefined) throw gone();
      const frames = await opened.opening;
      const stopping = new AbortController();
      const signal = AbortSignal.any([stopping.signal, opened.closing.signal]);
      const iterator = frames.frames(requests, signal, options)[Symbol.asyncIterator]();
      this.#runs.set(run, { source, stopping, frames: iterator });
    });
  }

  next(run: number) {
    const work = async () => {
      const opened = this.#runs.get(run);
      if (opened === undefined) throw gone();
      const { done, value } = await opened.frames.next();
      return done ? null : value;
    };
    return handOver(work, (sourced) => (sourced === null ? [] : [memoryOf(sourced.frame)]));
  }

  stop(run: number) {
    return answer(() => this.#stop(run));
  }

  close(source: number) {
    return answer(async () => {
      const opened = this.#sources.get(source);
      this.#sources.delete(source);
      opened?.closing.abort();
      const runs = [...this.#runs].filter(([, run]) => run.source === source);
      await Promise.all(runs.map(([run]) => this.#stop(run)));
      const closing = await opened?.opening.catch(() => undefined);
      await closing?.close();
    });
  }

  liveHandles() {
    return answer(() => this.#sources.size + this.#runs.size + this.parts.moduleHandles());
  }

  async #stop(run: number): Promise<void> {
    const opened = this.#runs.get(run);
    this.#runs.delete(run);
    opened?.stopping.abort();
    // An iterator that has failed has freed its own already.
    await opened?.frames.return?.().catch(() => undefined);
  }
}
