/** Everything that the page does apart from drawing: loads the classifier, runs clips one at a time, remembers their results. */
import { ActionscopeError } from '../../lib/errors';
import type { Classifier, ClassifierOptions, ClassifyOptions, LoadProgress, ModelDescription } from '../../lib/types';
import { asError } from '../text/notices';
import { answerLine } from '../text/wording';
import { advanceClip, type ClipEvent, type ClipState, isPending, isRunning, newClip } from './clip-state';
import { ProgressMilestones } from './milestones';

export type View = 'landing' | 'clip' | 'live';

export type LoadState =
  | { phase: 'loading'; progress: LoadProgress | null }
  | { phase: 'ready' }
  | { phase: 'failed'; error: Error };

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

export class Session {
  view: View = 'landing';
  load: LoadState = { phase: 'loading', progress: null };
  model: ModelDescription | null = null;
  classifier: Classifier | null = null;
  /** Newest first. */
  clips: readonly ClipState[] = [];
  /** Id of the clip on view. */
  shown: number | null = null;

  private nextId = 1;
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
    this.load = { phase: 'loading', progress: null };
    this.ports.onChange();
    try {
      const classifier = await this.ports.createClassifier({
        onModel: (model) => {
          this.model = model;
          this.ports.onChange();
        },
        onProgress: (progress) => {
          this.load = { phase: 'loading', progress };
          this.ports.onChange();
        },
      });
      this.classifier = classifier;
      this.model = classifier.model;
      this.load = { phase: 'ready' };
      this.ports.onAnnounce('Engine and model are loaded.');
      this.startQueued();
    } catch (thrown) {
      this.load = { phase: 'failed', error: asError(thrown) };
      this.ports.onAnnounce(this.load.error.message);
    }
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

  /** Camera and file would share the engine: a clip that is under way is cancelled, not slowed down. */
  showLive(): void {
    const pending = this.clips.find(isPending);
    if (pending !== undefined) {
      this.cancel(pending.id);
    }
    this.view = 'live';
    this.ports.onChange();
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
    this.ports.onChange();
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
