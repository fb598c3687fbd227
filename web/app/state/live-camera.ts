/** One use of the webcam: opens a camera, has its picture classified, and lets go of it. Draws nothing. */
import { ActionscopeError } from '../../lib/errors';
import type { Camera } from '../../lib/index';
import type { Classifier, LiveScores, LiveSession } from '../../lib/types';
import { asError } from '../text/notices';

export type LivePhase =
  | 'opening'
  /** The picture is there, engine and model are not yet. */
  | 'waiting'
  | 'live'
  /** The page is hidden; the camera stays open, nothing is classified. */
  | 'paused'
  | 'stopped'
  | 'failed';

export interface LivePorts {
  openCamera(id?: string): Promise<MediaStream>;
  listCameras(): Promise<Camera[]>;
  onChange(): void;
}

export class LiveCamera {
  phase: LivePhase = 'stopped';
  stream: MediaStream | null = null;
  cameras: readonly Camera[] = [];
  scores: LiveScores | null = null;
  error: Error | null = null;

  private classifier: Classifier | null = null;
  private session: Promise<LiveSession> | null = null;
  private hidden = false;
  /** Counts openings, so that a camera which opens late is noticed and closed. */
  private opening = 0;

  constructor(private readonly ports: LivePorts) {}

  /** Id of the camera in use. */
  get camera(): string | null {
    return this.stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
  }

  /** Opens the camera of this id, or the one the browser prefers; one that is open is closed first. Never rejects. */
  async start(id?: string): Promise<void> {
    this.release();
    this.opening += 1;
    const opening = this.opening;
    this.change('opening');
    try {
      const stream = await this.ports.openCamera(id);
      if (opening !== this.opening) {
        stopTracks(stream);
        return;
      }
      this.stream = stream;
      stream.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (this.stream === stream) {
          this.fail(new ActionscopeError('camera-unplugged', 'The camera is gone.'));
        }
      });
      this.resume();
      await this.refreshCameras();
    } catch (thrown) {
      if (opening === this.opening) {
        this.fail(asError(thrown));
      }
    }
  }

  /** Closes the camera: its light goes off. */
  stop(): void {
    this.release();
    this.change('stopped');
  }

  /** Another classifier takes over at once, with an empty window. */
  setClassifier(classifier: Classifier | null): void {
    if (classifier !== this.classifier) {
      this.endSession();
    }
    this.classifier = classifier;
    this.resume();
  }

  /** Nothing is classified while nobody can see it. */
  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    if (hidden && this.stream !== null) {
      this.endSession();
      this.change('paused');
    } else {
      this.resume();
    }
  }

  async refreshCameras(): Promise<void> {
    this.cameras = await this.ports.listCameras().catch(() => []);
    this.ports.onChange();
  }

  /** Starts classifying if there is a picture, a classifier and somebody to see it. */
  private resume(): void {
    const { stream, classifier } = this;
    if (stream === null || this.session !== null) {
      return;
    }
    if (this.hidden) {
      this.change('paused');
      return;
    }
    if (classifier === null) {
      this.change('waiting');
      return;
    }
    const session = classifier.classifyStream(stream, {
      onScores: (scores) => {
        if (this.session === session) {
          this.scores = scores;
          this.ports.onChange();
        }
      },
      onError: (error) => {
        if (this.session === session) {
          this.fail(error);
        }
      },
    });
    this.session = session;
    session.catch((thrown: unknown) => {
      if (this.session === session) {
        this.fail(asError(thrown));
      }
    });
    this.change('live');
  }

  private fail(error: Error): void {
    this.release();
    this.error = error;
    this.change('failed');
  }

  private endSession(): void {
    const { session } = this;
    this.session = null;
    this.scores = null;
    // A session that never came to be has been reported by whoever awaited it.
    session?.then((running) => running.stop()).catch(() => undefined);
  }

  private release(): void {
    this.opening += 1;
    this.endSession();
    if (this.stream !== null) {
      stopTracks(this.stream);
    }
    this.stream = null;
    this.error = null;
  }

  private change(phase: LivePhase): void {
    this.phase = phase;
    this.ports.onChange();
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}
