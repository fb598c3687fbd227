/** Everything that the page does apart from drawing: loads the classifier, runs clips one at a time, remembers their results. */
import { ActionscopeError } from '../../lib/errors';
import type {
  Classifier,
  ClassifierOptions,
  ClassifyOptions,
  LoadProgress,
  ModelDescription,
  PackageFiles,
} from '../../lib/types';
import { asError } from '../text/notices';
import { answerLine } from '../text/wording';
import { advanceClip, type ClipEvent, type ClipState, isPending, isRunning, newClip } from './clip-state';
import { ProgressMilestones } from './milestones';

export type View = 'landing' | 'clip' | 'live' | 'model';

export type LoadState =
  | { phase: 'loading'; progress: LoadProgress | null }
  | { phase: 'ready' }
  | { phase: 'failed'; error: Error };

/** Another model package on its way: the model in use goes on working meanwhile, and afterwards if the package is refused. */
export type PackageState =
  | { phase: 'loading'; name: string; progress: LoadProgress | null }
  | { phase: 'failed'; name: string; error: Error };

export interface SessionPorts {
  createClassifier(options: ClassifierOptions): Promise<Classifier>;
  createUrl(file: File): string;
  revokeUrl(url: string): void;
  /** Something shown has changed. */
  onChange(): void;
  /** A sentence for those who hear the page. */
  onAnnounce(sentence: string): void;
}

/** Answered clips that can be called up again; the oldest goes when there are more. */
const REMEMBERED_CLIPS = 12;

/**
 * Milliseconds from one drawing of how far a clip, or the loading, is to the next. Frames come so fast that drawing each would take a
 * third of the time away from computing them; and what is loaded from the cache is there before anything need be said of it.
 */
const PROGRESS_INTERVAL = 100;

export class Session {
  view: View = 'landing';
  load: LoadState = { phase: 'loading', progress: null };
  model: ModelDescription | null = null;
  classifier: Classifier | null = null;
  /** Newest first. */
  clips: readonly ClipState[] = [];
  /** Id of the clip on view. */
  shown: number | null = null;

  packageState: PackageState | null = null;
  /** Name of the package on this device that the model in use comes from; null for the shipped one. */
  packageInUse: string | null = null;

  private nextId = 1;
  private drawing: ReturnType<typeof setTimeout> | null = null;
  private starting: AbortController | null = null;
  private changing: AbortController | null = null;
  private run: { id: number; abort: AbortController } | null = null;

  constructor(private readonly ports: SessionPorts) {}

  get clip(): ClipState | null {
    return this.clips.find(({ id }) => id === this.shown) ?? null;
  }

  /** The other clips of this visit that have something to show. */
  get otherClips(): ClipState[] {
    return this.clips.filter((clip) => clip.id !== this.shown || this.view !== 'clip');
  }

  /** Loads engine and model; called again after a failure, it tries anew. Never rejects. */
  async start(): Promise<void> {
    const abort = new AbortController();
    this.starting = abort;
    const isOver = () => abort.signal.aborted;
    this.load = { phase: 'loading', progress: null };
    this.ports.onChange();
    try {
      const classifier = await this.ports.createClassifier({
        signal: abort.signal,
        onModel: (model) => {
          if (!isOver()) {
            this.model = model;
            this.changeSoon();
          }
        },
        onProgress: (progress) => {
          if (!isOver()) {
            this.load = { phase: 'loading', progress };
            this.changeSoon();
          }
        },
      });
      if (isOver()) {
        void classifier.close();
        return;
      }
      this.classifier = classifier;
      this.model = classifier.model;
      this.load = { phase: 'ready' };
      this.ports.onAnnounce('Engine and model are loaded.');
      this.startQueued();
    } catch (thrown) {
      if (isOver()) {
        return;
      }
      this.load = { phase: 'failed', error: asError(thrown) };
      this.ports.onAnnounce(this.load.error.message);
    }
    this.ports.onChange();
  }

  /**
   * Loads and checks a model package beside the model in use, which it replaces only once nothing is wrong with it.
   * Never rejects.
   * @param files null for the shipped package
   */
  async openPackage(name: string, files: PackageFiles | Promise<PackageFiles> | null): Promise<void> {
    this.changing?.abort();
    const abort = new AbortController();
    this.changing = abort;
    const isOver = () => abort.signal.aborted;
    this.packageState = { phase: 'loading', name, progress: null };
    this.ports.onAnnounce(`Loading and checking ${name}.`);
    this.ports.onChange();
    try {
      const model = await files;
      const classifier = await this.ports.createClassifier({
        ...(model === null ? {} : { model }),
        signal: abort.signal,
        onProgress: (progress) => {
          if (!isOver()) {
            this.packageState = { phase: 'loading', name, progress };
            this.ports.onChange();
          }
        },
      });
      if (isOver()) {
        void classifier.close();
        return;
      }
      this.adopt(classifier, model === null ? null : name);
    } catch (thrown) {
      if (isOver()) {
        return;
      }
      this.packageState = { phase: 'failed', name, error: asError(thrown) };
      this.ports.onAnnounce(this.packageState.error.message);
    }
    this.ports.onChange();
  }

  /** Ends the loading of another package, or takes note of why it failed: the model in use stays. */
  dismissPackage(): void {
    if (this.packageState?.phase === 'loading') {
      this.ports.onAnnounce('Cancelled.');
    }
    this.changing?.abort();
    this.packageState = null;
    this.ports.onChange();
  }

  /** Shows a file and classifies it as soon as that is possible; a run that is under way is cancelled. */
  open(file: File): void {
    this.stopRun();
    for (const clip of this.clips.filter(({ phase }) => phase !== 'answered')) {
      this.forget(clip);
    }
    for (const clip of this.clips.slice(REMEMBERED_CLIPS - 1)) {
      this.forget(clip);
    }
    const clip = newClip(this.nextId, file, this.ports.createUrl(file));
    this.nextId += 1;
    this.clips = [clip, ...this.clips];
    this.shown = clip.id;
    this.view = 'clip';
    this.startQueued();
    if (this.classifier === null) {
      this.ports.onAnnounce(`${file.name} is queued until engine and model are loaded.`);
    }
    this.ports.onChange();
  }

  /** Runs a cancelled or failed clip again. */
  repeat(id: number): void {
    this.advance(id, { type: 'requeued' });
    this.startQueued();
  }

  /** Ends the run, or the waiting, of the clip. */
  cancel(id: number): void {
    const clip = this.clips.find((each) => each.id === id);
    if (clip === undefined || !isPending(clip)) {
      return;
    }
    if (this.run?.id === id) {
      this.stopRun();
    }
    this.advance(id, { type: 'cancelled' });
    this.ports.onAnnounce('Cancelled.');
  }

  showClip(id: number): void {
    this.shown = id;
    this.view = 'clip';
    this.ports.onChange();
  }

  showLanding(): void {
    this.view = 'landing';
    this.ports.onChange();
  }

  showModel(): void {
    this.view = 'model';
    this.ports.onChange();
  }

  /** Camera and file would share the engine: a clip that is under way is cancelled, not slowed down. */
  showLive(): void {
    const pending = this.clips.find(isPending);
    if (pending !== undefined) {
      this.cancel(pending.id);
    }
    this.view = 'live';
    this.ports.onChange();
  }

  /** Another model takes over: the open clip is classified anew, the old model is let go. */
  private adopt(classifier: Classifier, packageInUse: string | null): void {
    const old = this.classifier;
    this.starting?.abort();
    this.stopRun();
    this.classifier = classifier;
    this.model = classifier.model;
    this.load = { phase: 'ready' };
    this.packageState = null;
    this.packageInUse = packageInUse;
    this.ports.onAnnounce(`The model ${classifier.model.title} is in use.`);
    // What one model answered cannot be told in the words of another.
    for (const clip of this.clips.filter(({ id }) => id !== this.shown)) {
      this.forget(clip);
    }
    const open = this.clip;
    if (open !== null) {
      this.advance(open.id, { type: 'requeued' });
      if (this.view === 'live') {
        // The camera has the engine.
        this.advance(open.id, { type: 'cancelled' });
      }
    }
    this.startQueued();
    void old?.close();
  }

  private startQueued(): void {
    const { classifier } = this;
    const queued = this.clips.find(({ phase }) => phase === 'queued');
    if (classifier !== null && queued !== undefined) {
      void this.classify(classifier, queued);
    }
  }

  private async classify(classifier: Classifier, { id, file }: ClipState): Promise<void> {
    const abort = new AbortController();
    this.run = { id, abort };
    const report = (event: ClipEvent, sentence: string | null = null) => {
      if (abort.signal.aborted) {
        return;
      }
      this.advance(id, event);
      if (sentence !== null) {
        this.ports.onAnnounce(sentence);
      }
    };
    const milestones = new ProgressMilestones();
    const options: ClassifyOptions = {
      signal: abort.signal,
      onOpen: (description) => report({ type: 'opened', description }),
      onProgress: (progress) =>
        report({ type: 'progressed', progress }, milestones.reached(progress, performance.now())),
      onFirst: (first, frames) =>
        report({ type: 'first-look', first, frames }, `First look: ${answerLine(first, classifier.model)}`),
      onWindow: (window) => report({ type: 'window', window }),
    };
    report({ type: 'started' });
    try {
      const result = await classifier.classifyVideo(file, options);
      report({ type: 'answered', result }, `Answer: ${answerLine(result, classifier.model)}`);
    } catch (thrown) {
      const error = asError(thrown);
      report(isCancellation(error) ? { type: 'cancelled' } : { type: 'failed', error }, error.message);
    } finally {
      if (this.run?.abort === abort) {
        this.run = null;
      }
    }
  }

  private stopRun(): void {
    this.run?.abort.abort();
    this.run = null;
  }

  private advance(id: number, event: ClipEvent): void {
    this.clips = this.clips.map((clip) => (clip.id === id ? advanceClip(clip, event) : clip));
    if (event.type === 'progressed' || event.type === 'window') {
      this.changeSoon();
    } else {
      this.ports.onChange();
    }
  }

  private changeSoon(): void {
    this.drawing ??= setTimeout(() => {
      this.drawing = null;
      this.ports.onChange();
    }, PROGRESS_INTERVAL);
  }

  private forget(clip: ClipState): void {
    this.clips = this.clips.filter(({ id }) => id !== clip.id);
    this.ports.revokeUrl(clip.url);
  }
}

/** The title of the page: what another tab's name tells while this one works. */
export function pageTitle(session: Pick<Session, 'view' | 'clip' | 'model'>): string {
  const { view, clip, model } = session;
  if (view === 'live') {
    return 'Webcam – Actionscope';
  }
  if (view === 'model') {
    return 'Model – Actionscope';
  }
  if (view === 'landing' || clip === null) {
    return 'Actionscope';
  }
  if (clip.result !== null && model !== null) {
    return `${answerLine(clip.result, model)} – ${clip.file.name} – Actionscope`;
  }
  const { progress } = clip;
  const done = isRunning(clip) && progress !== null && progress.total > 0 ? progress.done / progress.total : null;
  return `${done === null ? '' : `${Math.floor(done * 100)}% – `}${clip.file.name} – Actionscope`;
}

function isCancellation(error: Error): boolean {
  return error instanceof ActionscopeError && error.code === 'cancelled';
}
