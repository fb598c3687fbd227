import { afterEach, describe, expect, it, vi } from 'vitest';
import { pageTitle, Session } from '../../../web/app/state/session';
import { ActionscopeError } from '../../../web/lib/errors';
import type { Classifier, ClassifierOptions } from '../../../web/lib/types';
import { FakeClassifier, settle } from './fake-classifier';
import { clip, result, scores, windowScores } from './samples';

const file = (name: string) => new File(['x'], name);

/** A session, with the strings in the test's hands. */
function stage() {
  const classifier = new FakeClassifier();
  const loads: { options: ClassifierOptions; done(classifier: Classifier): void; fail(error: Error): void }[] = [];
  const said: string[] = [];
  let drawn = 0;
  const liveUrls = new Set<string>();
  const session = new Session({
    createClassifier: (options) => new Promise((done, fail) => loads.push({ options, done, fail })),
    createUrl: ({ name }) => {
      liveUrls.add(name);
      return name;
    },
    revokeUrl: (url) => liveUrls.delete(url),
    onChange: () => {
      drawn += 1;
    },
    onAnnounce: (sentence) => said.push(sentence),
  });
  return { session, classifier, loads, said, liveUrls, drawn: () => drawn };
}

async function ready() {
  const parts = stage();
  const started = parts.session.start();
  parts.loads[0]?.done(parts.classifier);
  await started;
  parts.said.length = 0;
  return parts;
}

async function answer(parts: Awaited<ReturnType<typeof ready>>, run: number) {
  parts.classifier.runs[run]?.answer(result());
  await settle();
}

afterEach(() => vi.useRealTimers());

describe('loading', () => {
  it('tells how far it is, then that it is ready', async () => {
    const { session, loads, classifier, said } = stage();
    const started = session.start();
    loads[0]?.options.onProgress?.({ loaded: 5, total: 10 });
    expect(session.load).toEqual({ phase: 'loading', progress: { loaded: 5, total: 10 } });
    loads[0]?.done(classifier);
    await started;
    expect(session.load).toEqual({ phase: 'ready' });
    expect(said).toEqual(['Engine and model are loaded.']);
    expect(session.model).toBe(classifier.model);
  });

  it('knows what the model knows before the model itself is here', () => {
    const { session, loads, classifier } = stage();
    void session.start();
    loads[0]?.options.onModel?.(classifier.model);
    expect(session.model).toBe(classifier.model);
    expect(session.load.phase).toBe('loading');
  });

  it('keeps the file that waits through a failure, and starts it when a second attempt succeeds', async () => {
    const { session, loads, classifier } = stage();
    const first = session.start();
    session.open(file('a.mp4'));
    loads[0]?.fail(new ActionscopeError('model-missing', 'The model is missing.'));
    await first;
    expect(session.load).toMatchObject({ phase: 'failed' });
    expect(session.clip?.phase).toBe('queued');

    const second = session.start();
    loads[1]?.done(classifier);
    await second;
    expect(session.clip?.phase).toBe('opening');
  });
});

describe('a file', () => {
  it('is queued while engine and model load, says so, and starts by itself', async () => {
    const { session, loads, classifier, said } = stage();
    const started = session.start();
    session.open(file('a.mp4'));
    expect(session.clip?.phase).toBe('queued');
    expect(said).toEqual(['a.mp4 is queued until engine and model are loaded.']);
    expect(classifier.runs).toHaveLength(0);
    loads[0]?.done(classifier);
    await started;
    expect(classifier.runs).toHaveLength(1);
  });

  it('is handed to the classifier at once when that is ready', async () => {
    const { session, classifier } = await ready();
    session.open(file('a.mp4'));
    expect(classifier.runs.map(({ video }) => (video as File).name)).toEqual(['a.mp4']);
    expect(session.view).toBe('clip');
  });

  it('is drawn anew ten times a second while frames come, but at once for the first look', async () => {
    const { session, classifier, drawn } = await ready();
    vi.useFakeTimers();
    session.open(file('a.mp4'));
    const options = classifier.runs[0]?.options;
    options?.onOpen?.(clip);
    const before = drawn();
    for (let done = 0; done < 50; ++done) {
      options?.onProgress?.({ done, total: 100 });
      options?.onWindow?.(windowScores('biking', done, done + 2));
    }
    expect(drawn()).toBe(before);
    options?.onFirst?.(scores('biking', 0.9), []);
    expect(drawn()).toBe(before + 1);
    vi.advanceTimersByTime(100);
    expect(drawn()).toBe(before + 2);
    expect(session.clip?.windows).toHaveLength(50);
  });

  it('shows the first look, then the answer, and speaks both', async () => {
    const parts = await ready();
    const { session, classifier, said } = parts;
    session.open(file('a.mp4'));
    const options = classifier.runs[0]?.options;
    options?.onOpen?.(clip);
    options?.onProgress?.({ done: 20, total: 100 });
    options?.onFirst?.(scores('golf_swing', 0.3), [{ time: 0.05, timestamp: 0 }]);
    options?.onWindow?.(windowScores('biking', 0.05, 1.95));
    expect(session.clip).toMatchObject({
      phase: 'looking',
      description: clip,
      progress: { done: 20, total: 100 },
      first: { answer: 'golf_swing' },
      windows: [{ answer: 'biking' }],
    });
    await answer(parts, 0);
    expect(session.clip).toMatchObject({ phase: 'answered', result: { answer: 'biking' } });
    expect(said).toEqual(['First look: None of these, closest: Golf swing, 30%', 'Answer: Biking, 93%']);
  });

  it('tells its error and can be tried again', async () => {
    const { session, classifier, said } = await ready();
    session.open(file('a.mp4'));
    classifier.runs[0]?.fail(new ActionscopeError('no-video-track', 'This file has sound but no picture.'));
    await settle();
    expect(session.clip).toMatchObject({ phase: 'failed', error: { code: 'no-video-track' } });
    expect(said).toEqual(['This file has sound but no picture.']);
    session.repeat(session.clip?.id ?? 0);
    expect(session.clip).toMatchObject({ phase: 'opening', error: null });
    expect(classifier.runs).toHaveLength(2);
  });
});

describe('cancelling', () => {
  it('aborts the run and is deaf to what it still says', async () => {
    const { session, classifier, said } = await ready();
    session.open(file('a.mp4'));
    session.cancel(session.clip?.id ?? 0);
    expect(classifier.runs[0]?.options.signal?.aborted).toBe(true);
    classifier.runs[0]?.options.onFirst?.(scores('biking', 0.9), []);
    await settle();
    expect(session.clip).toMatchObject({ phase: 'cancelled', first: null });
    expect(said).toEqual(['Cancelled.']);
  });

  it('takes a file that waits out of the queue', async () => {
    const { session, loads, classifier } = stage();
    const started = session.start();
    session.open(file('a.mp4'));
    session.cancel(session.clip?.id ?? 0);
    loads[0]?.done(classifier);
    await started;
    expect(classifier.runs).toHaveLength(0);
    expect(session.clip?.phase).toBe('cancelled');
  });

  it('leaves a clip alone that has its answer', async () => {
    const parts = await ready();
    parts.session.open(file('a.mp4'));
    await answer(parts, 0);
    parts.session.cancel(parts.session.clip?.id ?? 0);
    expect(parts.session.clip?.phase).toBe('answered');
  });
});

describe('another file', () => {
  it('cancels the run that is under way and forgets its clip', async () => {
    const { session, classifier, liveUrls } = await ready();
    session.open(file('a.mp4'));
    session.open(file('b.mp4'));
    await settle();
    expect(classifier.runs.map(({ options }) => options.signal?.aborted)).toEqual([true, false]);
    expect(session.clips.map((each) => each.file.name)).toEqual(['b.mp4']);
    expect([...liveUrls]).toEqual(['b.mp4']);
  });

  it('leaves an earlier answer within reach, even when it fails itself', async () => {
    const parts = await ready();
    const { session, classifier } = parts;
    session.open(file('a.mp4'));
    await answer(parts, 0);
    const earlier = session.clip?.id ?? 0;
    session.open(file('b.mp4'));
    classifier.runs[1]?.fail(new ActionscopeError('file-corrupt', 'Broken.'));
    await settle();
    expect(session.otherClips.map(({ id }) => id)).toEqual([earlier]);
    session.showClip(earlier);
    expect(session.clip).toMatchObject({ phase: 'answered', file: { name: 'a.mp4' } });
  });

  it('goes on while an earlier clip is looked at', async () => {
    const parts = await ready();
    const { session } = parts;
    session.open(file('a.mp4'));
    await answer(parts, 0);
    const earlier = session.clip?.id ?? 0;
    session.open(file('b.mp4'));
    session.showClip(earlier);
    await answer(parts, 1);
    expect(session.otherClips).toMatchObject([{ phase: 'answered', file: { name: 'b.mp4' } }]);
  });

  it('frees the oldest of many clips', async () => {
    const parts = await ready();
    for (let index = 0; index < 15; index += 1) {
      parts.session.open(file(`${index}.mp4`));
      await answer(parts, index);
    }
    expect(parts.session.clips).toHaveLength(12);
    expect(parts.liveUrls.size).toBe(12);
    expect(parts.liveUrls.has('2.mp4')).toBe(false);
    expect(parts.liveUrls.has('14.mp4')).toBe(true);
  });
});

describe('the webcam', () => {
  it('cancels the clip that is under way, which can be started again later', async () => {
    const { session, classifier } = await ready();
    session.open(file('a.mp4'));
    session.showLive();
    await settle();
    expect(session.view).toBe('live');
    expect(classifier.runs[0]?.options.signal?.aborted).toBe(true);
    expect(session.otherClips).toMatchObject([{ phase: 'cancelled' }]);
  });

  it('gives way to a file', async () => {
    const { session } = await ready();
    session.showLive();
    session.open(file('a.mp4'));
    expect(session.view).toBe('clip');
  });
});

describe('the view of the model', () => {
  it('leaves a run alone, and its clip can be gone back to', async () => {
    const parts = await ready();
    const { session } = parts;
    session.open(file('a.mp4'));
    session.showModel();
    expect(session.view).toBe('model');
    await answer(parts, 0);
    expect(session.otherClips.map(({ phase }) => phase)).toEqual(['answered']);
  });
});

describe('another model package', () => {
  const zip = new File(['PK'], 'other.zip');

  /** A session with a clip that the shipped model has answered, and another package on its way. */
  async function changing() {
    const parts = await ready();
    parts.session.open(file('a.mp4'));
    await answer(parts, 0);
    parts.said.length = 0;
    const changed = parts.session.openPackage('other.zip', zip);
    await settle();
    return { ...parts, changed, other: new FakeClassifier() };
  }

  it('is loaded beside the model in use, with progress', async () => {
    const { session, loads, said, classifier } = await changing();
    expect(loads[1]?.options.model).toBe(zip);
    loads[1]?.options.onProgress?.({ loaded: 1, total: 4 });
    expect(session.packageState).toEqual({ phase: 'loading', name: 'other.zip', progress: { loaded: 1, total: 4 } });
    expect(said).toEqual(['Loading and checking other.zip.']);
    expect(session).toMatchObject({ classifier, load: { phase: 'ready' }, clip: { phase: 'answered' } });
    expect(classifier.closed).toBe(false);
  });

  it('takes over once it is whole: the open clip is classified anew, and the old model let go', async () => {
    const { session, loads, changed, other, classifier } = await changing();
    loads[1]?.done(other);
    await changed;
    expect(session).toMatchObject({ classifier: other, packageInUse: 'other.zip', packageState: null });
    expect(session.clip).toMatchObject({ phase: 'opening', result: null });
    expect(other.runs.map(({ video }) => video)).toEqual([session.clip?.file]);
    expect(classifier.closed).toBe(true);
  });

  it('lets go of the other clips: what the old model answered cannot be told in the words of the new', async () => {
    const { session, loads, changed, other, liveUrls } = await changing();
    session.open(file('b.mp4'));
    loads[1]?.done(other);
    await changed;
    expect(session.clips.map((clip) => clip.file.name)).toEqual(['b.mp4']);
    expect([...liveUrls]).toEqual(['b.mp4']);
  });

  it('that is refused leaves everything as it was, and says why', async () => {
    const { session, loads, changed, said, classifier } = await changing();
    loads[1]?.fail(new ActionscopeError('model-altered', 'Altered.'));
    await changed;
    expect(session.packageState).toMatchObject({ phase: 'failed', error: { code: 'model-altered' } });
    expect(said.at(-1)).toBe('Altered.');
    expect(session).toMatchObject({ classifier, packageInUse: null, clip: { phase: 'answered' } });
    expect(classifier.closed).toBe(false);
    session.dismissPackage();
    expect(session.packageState).toBeNull();
  });

  it('whose folder cannot be read is refused, too', async () => {
    const { session } = await ready();
    await session.openPackage('folder', Promise.reject(new ActionscopeError('file-unreadable', 'Gone.')));
    expect(session.packageState).toMatchObject({ phase: 'failed', error: { code: 'file-unreadable' } });
  });

  it('can be cancelled: one that loads all the same is closed', async () => {
    const { session, loads, changed, other, classifier } = await changing();
    session.dismissPackage();
    expect(loads[1]?.options.signal?.aborted).toBe(true);
    loads[1]?.done(other);
    await changed;
    expect(session).toMatchObject({ classifier, packageState: null });
    expect(other.closed).toBe(true);
  });

  it('gives way to one that is chosen after it', async () => {
    const { session, loads, changed, other } = await changing();
    const later = session.openPackage('later.zip', zip);
    loads[1]?.fail(new ActionscopeError('cancelled', 'Cancelled.'));
    await changed;
    loads[2]?.done(other);
    await later;
    expect(session).toMatchObject({ classifier: other, packageInUse: 'later.zip', packageState: null });
  });

  it('is gone back from to the shipped one', async () => {
    const { session, loads, changed, other, classifier } = await changing();
    loads[1]?.done(other);
    await changed;
    const back = session.openPackage('the shipped model', null);
    await settle();
    expect(loads[2]?.options.model).toBeUndefined();
    loads[2]?.done(classifier);
    await back;
    expect(session).toMatchObject({ classifier, packageInUse: null });
    expect(other.closed).toBe(true);
  });

  it('can be had where the shipped one does not load, or has not yet', async () => {
    const { session, loads, classifier } = stage();
    const started = session.start();
    session.open(file('a.mp4'));
    const changed = session.openPackage('other.zip', zip);
    await settle();
    loads[1]?.done(classifier);
    await changed;
    expect(session).toMatchObject({ load: { phase: 'ready' }, packageInUse: 'other.zip', clip: { phase: 'opening' } });
    const late = new FakeClassifier();
    loads[0]?.done(late);
    await started;
    expect(session.classifier).toBe(classifier);
    expect(late.closed).toBe(true);
  });

  it('does not take the engine from the camera: the open clip waits to be asked for', async () => {
    const { session, loads, changed, other } = await changing();
    session.showLive();
    loads[1]?.done(other);
    await changed;
    expect(session.clip).toMatchObject({ phase: 'cancelled', result: null });
    expect(other.runs).toEqual([]);
  });
});

describe('pageTitle', () => {
  it('tells in the tab how far a run is, and its answer', async () => {
    const parts = await ready();
    const { session, classifier } = parts;
    expect(pageTitle(session)).toBe('Actionscope');
    session.open(file('a.mp4'));
    expect(pageTitle(session)).toBe('a.mp4 – Actionscope');
    classifier.runs[0]?.options.onProgress?.({ done: 43, total: 100 });
    expect(pageTitle(session)).toBe('43% – a.mp4 – Actionscope');
    await answer(parts, 0);
    expect(pageTitle(session)).toBe('Biking, 93% – a.mp4 – Actionscope');
    session.showLive();
    expect(pageTitle(session)).toBe('Webcam – Actionscope');
    session.showModel();
    expect(pageTitle(session)).toBe('Model – Actionscope');
  });
});
