import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Classifier, ModelDescription } from '../../lib/types';
import { type ClipState, isPending, isRunning, scoresOf } from '../state/clip-state';
import type { LoadState } from '../state/session';
import { changeOfMind, clipFacts, coverageNotes, originOf } from '../text/wording';
import './answer-readout';
import './clip-player';
import './cross-check';
import type { ClipPlayer } from './clip-player';
import './error-notice';
import { CommandEvent, type PlayheadEvent, type SeekEvent } from './events';
import './file-picker';
import './frame-strip';
import type { FrameStrip } from './frame-strip';
import './load-status';
import './probability-bars';
import './progress-bar';
import './result-export';
import './run-facts';
import { sharedStyles } from './shared-styles';
import './window-strip';
import type { WindowStrip } from './window-strip';

/** One clip: its picture, what is known of it so far, and how that came about. */
@customElement('clip-view')
export class ClipView extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .layout {
        display: grid;
        gap: 1.5rem clamp(1.5rem, 3cqi, 3.5rem);
      }

      @container (width >= 52rem) {
        .layout {
          grid-template-columns: minmax(0, 1.3fr) minmax(21rem, 1fr);
        }

        .below {
          grid-column: 1 / -1;
        }
      }

      .picture {
        display: grid;
        gap: 0.75rem;
        align-content: start;
      }

      .name {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 1.5rem;
      }

      h1 {
        font: 600 1.0625rem / 1.4 var(--text);
        overflow-wrap: anywhere;
      }

      .origin {
        flex-basis: 100%;
        font-size: 0.875rem;
      }

      .readings {
        display: grid;
        gap: 1.1rem;
        align-content: start;
      }

      .state {
        display: grid;
        gap: 0.75rem;
        align-content: center;
        min-height: 3.5rem;
      }

      .progress {
        display: flex;
        align-items: center;
        gap: 1.25rem;
      }

      .progress > :first-child {
        flex: 1;
      }

      .stuck {
        display: grid;
        gap: 0.75rem;
        justify-items: start;
      }

      .note {
        padding-inline-start: 0.85rem;
        border-inline-start: 3px solid var(--now);
        text-wrap: pretty;
      }

      section {
        display: grid;
        gap: 0.75rem;
        padding-top: 1.25rem;
        border-top: 1px solid var(--line);
      }

      .failure {
        display: grid;
        gap: 1rem;
        max-width: 44rem;
        padding-top: 1rem;
      }
    `,
  ];

  @property({ attribute: false }) clip: ClipState | null = null;
  @property({ attribute: false }) model: ModelDescription | null = null;
  @property({ attribute: false }) classifier: Classifier | null = null;
  @property({ attribute: false }) load: LoadState = { phase: 'loading', progress: null };
  @query('clip-player') private readonly player!: ClipPlayer | null;
  @query('window-strip') private readonly windowStrip!: WindowStrip | null;
  @query('frame-strip') private readonly frameStrip!: FrameStrip | null;

  override render() {
    const { clip } = this;
    if (clip === null) {
      return nothing;
    }
    if (clip.phase === 'failed' && clip.first === null) {
      return html`
        <div class="failure">
          ${this.renderName(clip)}
          ${this.renderError(clip)}
        </div>
      `;
    }
    const aspect = clip.description === null ? 16 / 9 : clip.description.width / clip.description.height;
    return html`
      <div class="layout" @seek-to=${this.seek} @playhead=${this.movePlayhead}>
        <div class="picture">
          <clip-player
            .file=${clip.file}
            .url=${clip.url}
            .aspect=${aspect}
            .hurried=${isRunning(clip) && clip.first === null}
          ></clip-player>
          ${this.renderName(clip)}
        </div>
        <div class="readings">
          ${this.renderAnswer(clip)}
          <div class="state">${this.renderState(clip)}</div>
          <probability-bars
            .model=${this.model}
            .probabilities=${scoresOf(clip)?.probabilities ?? null}
            .answer=${scoresOf(clip)?.answer ?? null}
          ></probability-bars>
          ${
            clip.result === null
              ? nothing
              : html`<cross-check .classifier=${this.classifier} .file=${clip.file}></cross-check>`
          }
        </div>
        ${this.renderStrips(clip, aspect)}
      </div>
    `;
  }

  private renderName(clip: ClipState) {
    return html`
      <div class="name">
        <h1>${clip.file.name}</h1>
        <p class="soft">${clipFacts(clip.file.size, clip.description)}</p>
        ${clip.description === null ? nothing : html`<p class="origin soft">${originOf(clip.description)}</p>`}
      </div>
    `;
  }

  private renderAnswer(clip: ClipState) {
    const pending = { queued: 'Waiting', opening: 'Opening', looking: 'Looking', cancelled: 'Cancelled' } as const;
    const isAnswer = clip.result !== null;
    return html`
      <answer-readout
        .model=${this.model}
        .scores=${scoresOf(clip)}
        .stage=${isAnswer ? 'Answer' : clip.first === null ? 'No reading yet' : stageOfFirstLook(clip)}
        .pending=${clip.phase in pending ? pending[clip.phase as keyof typeof pending] : ''}
        ?provisional=${!isAnswer}
      ></answer-readout>
    `;
  }

  private renderState(clip: ClipState) {
    if (clip.phase === 'failed') {
      return this.renderError(clip);
    }
    if (clip.phase === 'cancelled') {
      return html`
        <div class="progress">
          <p>Cancelled before the answer.</p>
          <button class="button" @click=${() => this.command('repeat')}>Start again</button>
        </div>
      `;
    }
    if (clip.result !== null) {
      const change = this.model === null ? '' : changeOfMind(clip.result, this.model);
      return html`
        ${change === '' ? nothing : html`<p>${change}</p>`}
        ${coverageNotes(clip.result).map((note) => html`<p class="note">${note}</p>`)}
        <run-facts .result=${clip.result} .classifier=${this.classifier}></run-facts>
      `;
    }
    const cancel = html`<button class="button" @click=${() => this.command('cancel')}>Cancel</button>`;
    if (clip.phase === 'queued') {
      return html`
        <p>Queued. It starts as soon as engine and model are loaded.</p>
        <div class=${this.load.phase === 'failed' ? 'stuck' : 'progress'}>
          <load-status .load=${this.load}></load-status>${cancel}
        </div>
      `;
    }
    const { progress } = clip;
    const known = progress !== null && progress.total > 0;
    return html`
      <div class="progress">
        <progress-bar
          .label=${known ? `${progress.done} of ${progress.total} frames` : 'Opening the file'}
          .value=${known ? progress.done / progress.total : null}
        ></progress-bar>
        ${cancel}
      </div>
    `;
  }

  private renderError(clip: ClipState) {
    return html`
      <error-notice .error=${clip.error}>
        <button class="button" @click=${() => this.command('repeat')}>Try again</button>
        <file-picker label="Choose another video"></file-picker>
      </error-notice>
    `;
  }

  private renderStrips(clip: ClipState, aspect: number) {
    const isStill = clip.description?.duration === 0;
    return html`
      <section class="below" ?hidden=${isStill || clip.windows.length === 0}>
        <h2 class="section-title">Over time</h2>
        <window-strip
          .model=${this.model}
          .windows=${clip.windows}
          .duration=${clip.description?.duration ?? 0}
          .answer=${scoresOf(clip)?.answer ?? null}
        ></window-strip>
      </section>
      <section class="below" ?hidden=${isStill || clip.frames.length === 0}>
        <h2 class="section-title">Frames of the first look</h2>
        <frame-strip .frames=${clip.frames} .file=${clip.file} .aspect=${aspect} ?ready=${!isStill && !isPending(clip)}></frame-strip>
      </section>
      <section class="below" ?hidden=${clip.result === null}>
        <result-export .result=${clip.result}></result-export>
      </section>
    `;
  }

  private command(command: 'cancel' | 'repeat'): void {
    this.dispatchEvent(new CommandEvent(command));
  }

  private seek(event: SeekEvent): void {
    this.player?.seek(event.time);
  }

  private movePlayhead(event: PlayheadEvent): void {
    this.windowStrip?.movePlayhead(event.time);
    this.frameStrip?.movePlayhead(event.time);
  }
}

function stageOfFirstLook(clip: ClipState): string {
  return isRunning(clip) ? 'First look. The answer follows' : 'First look only';
}
