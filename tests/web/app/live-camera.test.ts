import { describe, expect, it } from 'vitest';
import { LiveCamera } from '../../../web/app/state/live-camera';
import { ActionscopeError } from '../../../web/lib/errors';
import type { LiveScores } from '../../../web/lib/types';
import { FakeClassifier, settle } from './fake-classifier';
import { scores } from './samples';

/** As much of a camera's stream as the page touches. */
class FakeStream {
  readonly track = Object.assign(new EventTarget(), {
    stopped: false,
    stop() {
      this.stopped = true;
    },
    getSettings: () => ({ deviceId: this.id }),
  });

  constructor(readonly id: string) {}

  getTracks = () => [this.track];
  getVideoTracks = () => [this.track];
}

function stage() {
  const opened: { id: string | undefined; stream: FakeStream; arrive(): void; refuse(error: Error): void }[] = [];
  const camera = new LiveCamera({
    openCamera: (id) =>
      new Promise((resolve, refuse) => {
        const stream = new FakeStream(id ?? 'built-in');
        opened.push({ id, stream, arrive: () => resolve(stream as unknown as MediaStream), refuse });
      }),
    listCameras: async () => [{ id: 'built-in', name: 'Built-in camera' }],
    onChange: () => undefined,
  });
  return { camera, opened, classifier: new FakeClassifier() };
}

async function live() {
  const parts = stage();
  parts.camera.setClassifier(parts.classifier);
  const started = parts.camera.start();
  parts.opened[0]?.arrive();
  await started;
  return parts;
}

const reading: LiveScores = { ...scores('biking', 0.8), filled: 1, rate: 9.8, latency: 40 };

describe('starting', () => {
  it('shows the picture while engine and model still load, then begins by itself', async () => {
    const { camera, opened, classifier } = stage();
    const started = camera.start();
    expect(camera.phase).toBe('opening');
    opened[0]?.arrive();
    await started;
    expect(camera.phase).toBe('waiting');
    camera.setClassifier(classifier);
    expect(camera.phase).toBe('live');
    expect(classifier.lives).toHaveLength(1);
  });

  it('knows the cameras by name, and which is in use, once one is open', async () => {
    const { camera } = await live();
    expect(camera.cameras).toEqual([{ id: 'built-in', name: 'Built-in camera' }]);
    expect(camera.camera).toBe('built-in');
  });

  it('tells why a camera does not open, and can try again', async () => {
    const { camera, opened } = stage();
    const started = camera.start();
    opened[0]?.refuse(new ActionscopeError('camera-refused', 'Refused.'));
    await started;
    expect(camera).toMatchObject({ phase: 'failed', error: { code: 'camera-refused' } });
    void camera.start();
    expect(camera).toMatchObject({ phase: 'opening', error: null });
  });

  it('passes readings on', async () => {
    const { camera, classifier } = await live();
    classifier.lives[0]?.options.onScores(reading);
    expect(camera.scores).toBe(reading);
  });
});

describe('stopping', () => {
  it('ends the session and frees the camera', async () => {
    const { camera, opened, classifier } = await live();
    camera.stop();
    await settle();
    expect(camera).toMatchObject({ phase: 'stopped', stream: null, scores: null });
    expect(opened[0]?.stream.track.stopped).toBe(true);
    expect(classifier.lives[0]?.stopped).toBe(true);
  });

  it('frees a camera that opens only after it was given up', async () => {
    const { camera, opened } = stage();
    const started = camera.start();
    camera.stop();
    opened[0]?.arrive();
    await started;
    expect(opened[0]?.stream.track.stopped).toBe(true);
    expect(camera.phase).toBe('stopped');
  });

  it('is deaf to a reading that comes late', async () => {
    const { camera, classifier } = await live();
    camera.stop();
    classifier.lives[0]?.options.onScores(reading);
    expect(camera.scores).toBeNull();
  });
});

describe('another camera', () => {
  it('closes the first one before it opens the second', async () => {
    const { camera, opened, classifier } = await live();
    const switched = camera.start('usb');
    expect(opened[0]?.stream.track.stopped).toBe(true);
    opened[1]?.arrive();
    await switched;
    expect(opened[1]?.id).toBe('usb');
    expect(camera).toMatchObject({ phase: 'live', camera: 'usb' });
    expect(classifier.lives.map(({ stopped }) => stopped)).toEqual([true, false]);
  });
});

describe('another model', () => {
  it('takes over the open camera at once, and the old one is stopped', async () => {
    const { camera, opened, classifier } = await live();
    const other = new FakeClassifier();
    classifier.lives[0]?.options.onScores(reading);
    camera.setClassifier(other);
    await settle();
    expect(classifier.lives[0]?.stopped).toBe(true);
    expect(other.lives.map(({ stopped }) => stopped)).toEqual([false]);
    expect(camera).toMatchObject({ phase: 'live', scores: null });
    expect(opened[0]?.stream.track.stopped).toBe(false);
  });
});

describe('losing the camera', () => {
  it('says so when it is unplugged', async () => {
    const { camera, opened } = await live();
    opened[0]?.stream.track.dispatchEvent(new Event('ended'));
    expect(camera).toMatchObject({ phase: 'failed', error: { code: 'camera-unplugged' }, stream: null });
  });

  it('frees the camera when the engine fails', async () => {
    const { camera, opened, classifier } = await live();
    classifier.lives[0]?.options.onError(new ActionscopeError('worker-died', 'Gone.'));
    expect(camera).toMatchObject({ phase: 'failed', error: { code: 'worker-died' } });
    expect(opened[0]?.stream.track.stopped).toBe(true);
  });
});

describe('a hidden page', () => {
  it('classifies nothing, keeps the camera, and goes on when it is seen again', async () => {
    const { camera, opened, classifier } = await live();
    camera.setHidden(true);
    await settle();
    expect(camera.phase).toBe('paused');
    expect(classifier.lives[0]?.stopped).toBe(true);
    expect(opened[0]?.stream.track.stopped).toBe(false);
    camera.setHidden(false);
    expect(camera.phase).toBe('live');
    expect(classifier.lives).toHaveLength(2);
  });

  it('waits to be seen before it classifies a camera that opened meanwhile', async () => {
    const { camera, opened, classifier } = stage();
    camera.setClassifier(classifier);
    const started = camera.start();
    camera.setHidden(true);
    opened[0]?.arrive();
    await started;
    expect(camera.phase).toBe('paused');
    expect(classifier.lives).toHaveLength(0);
  });

  it('stays stopped when it was stopped', async () => {
    const { camera } = await live();
    camera.stop();
    camera.setHidden(true);
    camera.setHidden(false);
    expect(camera.phase).toBe('stopped');
  });
});
