import * as Comlink from 'comlink';
import { describe, expect, it, vi } from 'vitest';
import { ActionscopeError } from '../../../web/lib/errors';
import type { Frame } from '../../../web/lib/frame';
import type { FrameSource } from '../../../web/media/frame_source';
import { Refused } from '../../../web/media/open_source';
import { Unsuited } from '../../../web/media/unsuited';
import { answered } from '../../../web/worker/answer';
import { MediaHost } from '../../../web/worker/media_host';
import type { MediaApi } from '../../../web/worker/media_messages';

const file = new Blob(['x']);

/** A source that gives a frame for each request, and then waits for ever if it is told to. */
class Source implements FrameSource {
  readonly sequential = false;
  readonly description = {
    duration: 1,
    width: 1,
    height: 1,
    source: 'webcodecs' as const,
    container: 'MP4',
    codec: 'VP9',
  };
  frame = {} as Frame;
  running = 0;
  closed = 0;

  async *frames(requests: readonly { sample: number; time: number }[], signal: AbortSignal) {
    this.running += 1;
    try {
      for (const { sample, time } of requests) {
        if (Number.isNaN(time)) await new Promise((_, reject) => signal.addEventListener('abort', reject));
        yield { sample, timestamp: time, frame: this.frame };
      }
    } finally {
      this.running -= 1;
    }
  }

  async close() {
    this.closed += 1;
  }
}

function hostOver(open: () => Promise<FrameSource>) {
  return new MediaHost({ open, moduleHandles: () => 0 });
}

const live = async (host: MediaHost) => answered(await host.liveHandles());

describe('the media worker', () => {
  it('gives frames one by one, and null at the end', async () => {
    const source = new Source();
    const host = hostOver(async () => source);
    const { description } = source;
    expect(answered(await host.open(1, file, 'usual'))).toEqual({ description, sequential: false });
    answered(await host.start(1, 2, [{ sample: 7, time: 0.5 }], {}));
    // The next is asked for before the last one has come.
    const [first, second] = await Promise.all([host.next(2), host.next(2)]);
    expect(answered(first)).toMatchObject({ sample: 7, timestamp: 0.5 });
    expect(answered(second)).toBeNull();
    expect(await live(host)).toBe(2);
    answered(await host.stop(2));
    answered(await host.close(1));
    expect(await live(host)).toBe(0);
    expect(source.closed).toBe(1);
  });

  it("hands a frame's pixels over: they are not copied", async () => {
    const buffer = new ArrayBuffer(16);
    const source = new Source();
    source.frame = { buffer } as Frame;
    const host = hostOver(async () => source);
    await host.open(1, file, 'usual');
    await host.start(1, 2, [{ sample: 0, time: 0 }], {});
    const { port1, port2 } = new MessageChannel();
    Comlink.expose(host, port1);
    const sent = answered(await Comlink.wrap<MediaApi>(port2).next(2));
    expect(sent?.frame).toMatchObject({ buffer: { byteLength: 16 } });
    expect(buffer.byteLength).toBe(0);
    port1.close();
  });

  it('ends a run that is stopped in the middle, and those of a source that is closed', async () => {
    const source = new Source();
    const host = hostOver(async () => source);
    await host.open(1, file, 'usual');
    await host.start(1, 2, [{ sample: 0, time: Number.NaN }], {});
    await host.start(1, 3, [{ sample: 0, time: Number.NaN }], {});
    const waiting = [host.next(2), host.next(3)];
    await host.stop(2);
    await host.close(1);
    await Promise.all(waiting);
    expect(source.running).toBe(0);
    expect(await live(host)).toBe(0);
  });

  it('frees a source that is closed while it is being opened', async () => {
    const source = new Source();
    let opened: (source: FrameSource) => void = () => undefined;
    const host = hostOver(() => new Promise((resolve) => (opened = resolve)));
    const opening = host.open(1, file, 'usual');
    const closing = host.close(1);
    opened(source);
    await Promise.all([opening, closing]);
    expect(source.closed).toBe(1);
    expect(await live(host)).toBe(0);
  });

  it('says why a file was refused, what its codec is, and keeps nothing of it', async () => {
    const error = new ActionscopeError('codec-unsupported', 'It has X.', 'Convert it.');
    const refusing = hostOver(() => Promise.reject(new Refused(error, 'X')));
    expect(answered(await refusing.open(1, file, 'usual'))).toEqual({
      refused: { code: 'codec-unsupported', message: 'It has X.', hint: 'Convert it.' },
      codec: 'X',
    });
    const unsuited = hostOver(() => Promise.reject(new Unsuited('Y')));
    expect(answered(await unsuited.open(1, file, 'usual'))).toEqual({ refused: null, codec: 'Y' });
    expect(await live(refusing)).toBe(0);
  });

  it('takes what is no ActionscopeError for its own death', async () => {
    const crashing = hostOver(() => Promise.reject(new WebAssembly.RuntimeError('unreachable')));
    const reply = await crashing.open(1, file, 'usual');
    expect(() => answered(reply)).toThrow(expect.objectContaining({ code: 'worker-died' }));
  });

  it('knows nothing of numbers that were never opened, or are closed', async () => {
    const host = hostOver(vi.fn());
    const [started, next] = [await host.start(1, 2, [], {}), await host.next(2)];
    expect(() => answered(started)).toThrow(expect.objectContaining({ code: 'cancelled' }));
    expect(() => answered(next)).toThrow(expect.objectContaining({ code: 'cancelled' }));
    answered(await host.stop(2));
    answered(await host.close(1));
  });
});
