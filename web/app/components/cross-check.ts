import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ActionscopeError } from '../../lib/errors';
import type { Classifier, ClipProgress, CrossCheck } from '../../lib/types';
import { crossCheckWords } from '../text/cross-check-words';
import { asError } from '../text/notices';
import './error-notice';
import { AnnounceEvent } from './events';
import './progress-bar';
import { sharedStyles } from './shared-styles';

/** Lets a person have the engine's work on a file checked by ONNX Runtime; nothing where that is at work itself. */
@customElement('cross-check')
export class CrossCheckPanel extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
      }

      .row > progress-bar {
        flex: 1;
        min-width: 12rem;
      }

      .hint {
        font-size: 0.875rem;
      }

      .differs {
        padding-inline-start: 0.85rem;
        border-inline-start: 3px solid var(--now);
      }

      p {
        text-wrap: pretty;
      }
    `,
  ];

  @property({ attribute: false }) classifier: Classifier | null = null;
  @property({ attribute: false }) file: File | null = null;
  @state() private running: AbortController | null = null;
  @state() private progress: ClipProgress | null = null;
  @state() private outcome: CrossCheck | null = null;
  @state() private error: Error | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('classifier') || changed.has('file')) {
      this.cancel();
      this.running = null;
      this.outcome = null;
      this.error = null;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.cancel();
  }

  override render() {
    if (this.classifier === null || this.file === null || this.classifier.engine.name === 'onnxruntime') {
      return nothing;
    }
    if (this.running !== null) {
      const { progress } = this;
      return html`
        <div class="row">
          <progress-bar
            .label=${progress === null ? 'Fetching ONNX Runtime' : `Checked ${progress.done} of ${progress.total} frames`}
            .value=${progress === null ? null : progress.done / progress.total}
          ></progress-bar>
          <button class="button" @click=${this.cancel}>Cancel the check</button>
        </div>
      `;
    }
    if (this.outcome !== null) {
      return html`<p class=${this.outcome.agrees ? nothing : 'differs'}>${crossCheckWords(this.outcome)}</p>`;
    }
    const button = html`<button class="button" @click=${this.check}>Check against ONNX Runtime</button>`;
    if (this.error !== null) {
      return html`<error-notice .error=${this.error}>${button}</error-notice>`;
    }
    return html`<div class="row">${button} <span class="hint soft">Fetches another engine, 14 MB, to compare</span></div>`;
  }

  private readonly cancel = () => {
    this.running?.abort();
  };

  private readonly check = async () => {
    const { classifier, file } = this;
    if (classifier === null || file === null) {
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.progress = null;
    this.error = null;
    try {
      const outcome = await classifier.crossCheck(file, {
        signal: running.signal,
        onProgress: (progress) => {
          this.progress = progress;
        },
      });
      if (this.running === running) {
        this.outcome = outcome;
        this.say(crossCheckWords(outcome));
      }
    } catch (thrown) {
      if (this.running === running) {
        const error = asError(thrown);
        this.error = error instanceof ActionscopeError && error.code === 'cancelled' ? null : error;
        this.say(error.message);
      }
    }
    if (this.running === running) {
      this.running = null;
    }
  };

  private say(sentence: string): void {
    this.dispatchEvent(new AnnounceEvent(sentence));
  }
}
