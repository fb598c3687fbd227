/** Cameras: which there are, and opening one. */

import { ActionscopeError } from '../lib/errors';

export interface Camera {
  id: string;
  /** Empty until a camera has once been allowed. */
  name: string;
}

/** Ideal, not required: the model looks at 224 x 224 pixels, so that a small picture is as good as a large one. */
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };

const refused = () =>
  new ActionscopeError(
    'camera-refused',
    'This page may not use the camera.',
    'Allow the camera for this page in the address bar or the settings of your browser, then try again.',
  );

const absent = () => new ActionscopeError('camera-absent', 'No camera was found.', 'Plug one in and try again.');

const busy = () =>
  new ActionscopeError(
    'camera-busy',
    'The camera is being used by another program, or does not answer.',
    'Close the other program, or choose another camera.',
  );

const unsupported = () =>
  new ActionscopeError(
    'camera-unsupported',
    'This browser gives no access to cameras here.',
    'Open the page over https.',
  );

/** What getUserMedia's refusals mean, by the name of the DOMException. */
const MEANINGS: Record<string, () => ActionscopeError> = {
  NotAllowedError: refused,
  PermissionDeniedError: refused,
  SecurityError: refused,
  NotFoundError: absent,
  DevicesNotFoundError: absent,
  OverconstrainedError: absent,
  NotReadableError: busy,
  TrackStartError: busy,
  AbortError: busy,
};

export function cameraError(reason: unknown): ActionscopeError {
  const name = reason instanceof Error ? reason.name : '';
  return (MEANINGS[name] ?? unsupported)();
}

function devices(): MediaDevices {
  // Absent over plain http.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (mediaDevices === undefined) throw unsupported();
  return mediaDevices;
}

export async function listCameras(): Promise<Camera[]> {
  const found = await devices().enumerateDevices();
  return found.filter((device) => device.kind === 'videoinput').map(({ deviceId: id, label: name }) => ({ id, name }));
}

/** Opens a camera, the browser's own choice without an id. Its opener stops its tracks. Throws `camera-*` errors. */
export async function openCamera(id?: string): Promise<MediaStream> {
  try {
    const which = id ? { deviceId: { exact: id } } : {};
    return await devices().getUserMedia({ video: { ...PICTURE, ...which }, audio: false });
  } catch (reason) {
    throw reason instanceof ActionscopeError ? reason : cameraError(reason);
  }
}

/** Calls `gone` when the camera behind a stream is unplugged or taken away; returns a function that stops listening. */
export function watchCamera(stream: MediaStream, gone: (error: ActionscopeError) => void): () => void {
  const listening = new AbortController();
  for (const track of stream.getVideoTracks()) {
    const ended = () =>
      gone(new ActionscopeError('camera-unplugged', 'The camera is gone.', 'Plug it in again, or choose another one.'));
    track.addEventListener('ended', ended, { signal: listening.signal });
  }
  return () => listening.abort();
}
