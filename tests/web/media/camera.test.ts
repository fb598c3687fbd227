import { afterEach, describe, expect, it, vi } from 'vitest';
import { ActionscopeError } from '../../../web/lib/errors';
import { cameraError, listCameras, openCamera, watchCamera } from '../../../web/media/camera';

afterEach(() => vi.unstubAllGlobals());

describe('a camera that cannot be had', () => {
  it.each([
    ['NotAllowedError', 'camera-refused'],
    ['SecurityError', 'camera-refused'],
    ['NotFoundError', 'camera-absent'],
    ['OverconstrainedError', 'camera-absent'],
    ['NotReadableError', 'camera-busy'],
    ['AbortError', 'camera-busy'],
    ['TypeError', 'camera-unsupported'],
  ])('%s is told as %s', (name, code) => {
    expect(cameraError(new DOMException('x', name)).code).toBe(code);
  });

  it('is told with the error of opening it', async () => {
    const getUserMedia = () => Promise.reject(new DOMException('x', 'NotReadableError'));
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
    await expect(openCamera()).rejects.toMatchObject({ code: 'camera-busy' });
  });

  it('is told where the browser gives no access to cameras', async () => {
    vi.stubGlobal('navigator', {});
    await expect(openCamera()).rejects.toMatchObject({ code: 'camera-unsupported' });
    await expect(listCameras()).rejects.toMatchObject({ code: 'camera-unsupported' });
  });
});

it('cameras are listed without microphones', async () => {
  const enumerateDevices = async () => [
    { kind: 'audioinput', deviceId: 'm', label: 'Microphone' },
    { kind: 'videoinput', deviceId: 'c', label: 'Front' },
  ];
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices } });
  expect(await listCameras()).toEqual([{ id: 'c', name: 'Front' }]);
});

it('the camera asked for is opened, and no sound', async () => {
  const getUserMedia = vi.fn(async () => ({}));
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  await openCamera('c');
  expect(getUserMedia).toHaveBeenCalledWith(
    expect.objectContaining({ audio: false, video: expect.objectContaining({ deviceId: { exact: 'c' } }) }),
  );
});

it('a camera that goes is told once, until nobody listens any more', () => {
  const track = new EventTarget();
  const stream = { getVideoTracks: () => [track] } as unknown as MediaStream;
  const gone = vi.fn();
  const stop = watchCamera(stream, gone);
  track.dispatchEvent(new Event('ended'));
  expect(gone).toHaveBeenCalledExactlyOnceWith(expect.any(ActionscopeError));
  expect(gone.mock.calls[0]?.[0]).toMatchObject({ code: 'camera-unplugged' });
  stop();
  track.dispatchEvent(new Event('ended'));
  expect(gone).toHaveBeenCalledOnce();
});
