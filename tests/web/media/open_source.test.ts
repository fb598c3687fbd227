import { describe, expect, it, vi } from 'vitest';
import { ActionscopeError, type ErrorCode } from '../../../web/lib/errors';
import { HEVC } from '../../../web/media/codec_names';
import type { FrameSource } from '../../../web/media/frame_source';
import { type Opener, openFirst, openOnPage, Refused } from '../../../web/media/open_source';
import { Unsuited } from '../../../web/media/unsuited';

const file = new Blob(['a file']);
const { signal } = new AbortController();
const source = {} as FrameSource;

const opens = async () => source;
const says = (code: ErrorCode, message: string = code) =>
  vi.fn<Opener>(() => Promise.reject(new ActionscopeError(code, message)));
const unsuited = (codec: string | null = null) => vi.fn<Opener>(() => Promise.reject(new Unsuited(codec)));

describe('of several sources', () => {
  it('the first that opens the file is taken', async () => {
    const last = vi.fn(opens);
    expect(await openFirst([unsuited(), says('file-corrupt'), opens, last], file, signal)).toBe(source);
    expect(last).not.toHaveBeenCalled();
  });

  it.each<[ErrorCode, ErrorCode, ErrorCode]>([
    ['file-corrupt', 'codec-unsupported', 'codec-unsupported'],
    ['codec-unsupported', 'not-a-video', 'codec-unsupported'],
    ['not-a-video', 'file-corrupt', 'file-corrupt'],
    ['worker-died', 'not-a-video', 'not-a-video'],
    ['codec-unsupported', 'engine-failed', 'engine-failed'],
  ])('that say %s and %s, the file is refused with %s', async (first, second, told) => {
    await expect(openFirst([says(first), says(second)], file, signal)).rejects.toMatchObject({ code: told });
  });

  it('that say the same, the words of the first are told', async () => {
    const openers = [says('file-corrupt', 'One.'), says('file-corrupt', 'Two.')];
    await expect(openFirst(openers, file, signal)).rejects.toMatchObject({ message: 'One.' });
  });

  it.each<ErrorCode>(['file-encrypted', 'file-unreadable', 'no-video-track', 'frame-too-large'])(
    'none is asked after one that says %s, which no other would get round',
    async (code) => {
      const next = vi.fn(opens);
      await expect(openFirst([says(code), next], file, signal)).rejects.toMatchObject({ code });
      expect(next).not.toHaveBeenCalled();
    },
  );

  it('each is told the codec that those before it knew, and so is who asked', async () => {
    const last = says('codec-unsupported');
    const refused = openFirst([unsuited(), unsuited('VP8'), last], file, signal);
    await expect(refused).rejects.toBeInstanceOf(Refused);
    await expect(refused).rejects.toMatchObject({ codec: 'VP8' });
    expect(last).toHaveBeenCalledWith(file, signal, 'VP8');
  });

  it('that are all unsuited, nothing is said', async () => {
    await expect(openFirst([unsuited(), unsuited('VP8')], file, signal)).rejects.toMatchObject(new Unsuited('VP8'));
  });

  it('none is asked once the run is cancelled, and a crash is not taken for a refusal', async () => {
    const next = vi.fn(opens);
    await expect(openFirst([next], file, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const crashes: Opener = () => Promise.reject(new TypeError('x'));
    await expect(openFirst([crashes, next], file, signal)).rejects.toThrow(TypeError);
    expect(next).not.toHaveBeenCalled();
  });
});

describe('a page', () => {
  const openers = (
    inWorker: Opener,
    change: { element?: () => Promise<FrameSource>; plays?: boolean; hevc?: Opener } = {},
  ) => {
    const element = vi.fn(change.element ?? (() => Promise.reject(new ActionscopeError('file-corrupt', 'Damaged.'))));
    const hevcInWorker = vi.fn(change.hevc ?? says('file-corrupt'));
    return { inWorker, element, elementPlaysHevc: () => change.plays ?? false, hevcInWorker };
  };

  it('asks its player for what the worker does not open, and never for the decoder of HEVC', async () => {
    const page = openers(unsuited('MPEG-4 Part 2'), { element: opens });
    expect(await openOnPage(page, file, signal)).toBe(source);
    const refused = openers(says('codec-unsupported', 'No.'));
    await expect(openOnPage(refused, file, signal)).rejects.toMatchObject({
      code: 'codec-unsupported',
      message: 'No.',
    });
    expect(refused.hevcInWorker).not.toHaveBeenCalled();
  });

  it('takes its own player where the worker has died', async () => {
    expect(await openOnPage(openers(says('worker-died'), { element: opens }), file, signal)).toBe(source);
  });

  it('says that a file is damaged where nobody knows anything of it', async () => {
    const page = openers(unsuited(), { element: () => Promise.reject(new Unsuited()) });
    await expect(openOnPage(page, file, signal)).rejects.toMatchObject({ code: 'file-corrupt' });
  });

  it('plays HEVC where the device does', async () => {
    const page = openers(unsuited(HEVC), { element: opens, plays: true });
    expect(await openOnPage(page, file, signal)).toBe(source);
    expect(page.hevcInWorker).not.toHaveBeenCalled();
  });

  it('decodes HEVC in the worker where the device says that it plays none, or shows no picture', async () => {
    const none = openers(unsuited(HEVC), { element: opens, hevc: opens });
    expect(await openOnPage(none, file, signal)).toBe(source);
    expect(none.element).not.toHaveBeenCalled();
    const black = openers(unsuited(HEVC), { plays: true, hevc: opens });
    expect(await openOnPage(black, file, signal)).toBe(source);
    expect(black.element).toHaveBeenCalledOnce();
  });

  it('says how an iPhone films H.264 where HEVC cannot be decoded at all', async () => {
    const refused = openOnPage(openers(unsuited(HEVC), { hevc: says('codec-unsupported') }), file, signal);
    await expect(refused).rejects.toMatchObject({
      code: 'codec-unsupported',
      message: expect.stringContaining('HEVC'),
      hint: expect.stringMatching(/Most Compatible.*H\.264/),
    });
  });

  it('says that an HEVC file is damaged where that is what is wrong with it', async () => {
    const refused = openOnPage(openers(unsuited(HEVC), { hevc: says('file-corrupt', 'Cut.') }), file, signal);
    await expect(refused).rejects.toMatchObject({ code: 'file-corrupt', message: 'Cut.' });
  });

  it('tells an empty file from one that is gone, whose size is 0, too', async () => {
    await expect(openOnPage(openers(opens), new Blob(), signal)).rejects.toMatchObject({ code: 'file-empty' });
    const gone = {
      size: 0,
      arrayBuffer: () => Promise.reject(new DOMException('x', 'NotFoundError')),
    } as unknown as Blob;
    await expect(openOnPage(openers(opens), gone, signal)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
