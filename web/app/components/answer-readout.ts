import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelDescription, Scores } from '../../lib/types';
import { formatPercent } from '../text/format';
import { answerWords } from '../text/wording';
import { customProperties } from './custom-properties';
import { sharedStyles } from './shared-styles';

/** The action in large, with its confidence. */
@customElement('answer-readout')
export class AnswerReadout extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .stage {
        display: flex;
        align-items: center;
        gap: 0.5em;
        min-height: 1.5em;
      }

      .stage::before {
        content: '';
        width: 0.6em;
        height: 0.6em;
        border: 2px solid var(--data);
        background: var(--data);
        border-radius: 50%;
        forced-color-adjust: none;
      }

      .provisional .stage::before {
        background: none;
      }

      :host([live]) .stage::before {
        border-color: var(--now);
      }

      :host([live]) :not(.provisional) > .stage::before {
        background: var(--now);
      }

      .reading {
        --size: clamp(2.25rem, 12cqi, 4.25rem);
        display: flex;
        align-items: last baseline;
        justify-content: space-between;
        gap: 1rem;
        min-height: calc(1.15 * var(--size));
        font-family: var(--display);
        font-size: var(--size);
        line-height: 1.1;
        letter-spacing: -0.01em;
      }

      .closest {
        font-size: 1.25rem;
        line-height: 1.3;
      }

      .closest::first-letter {
        text-transform: uppercase;
      }

      /* As large as leaves a long label on one line beside the figure, where that can still be read. */
      h2 {
        min-width: 0;
        font-size: clamp(1.5rem, 118cqi / var(--length), var(--size));
        font-weight: 700;
        text-wrap: balance;
      }

      .confidence {
        flex: none;
        color: var(--data);
      }

      .provisional h2,
      .pending h2 {
        color: var(--ink-soft);
      }

      .pending h2 {
        font-weight: 400;
      }
    `,
  ];

  @property({ attribute: false }) model: ModelDescription | null = null;
  @property({ attribute: false }) scores: Pick<Scores, 'answer' | 'confidence' | 'sure'> | null = null;
  /** What kind of reading this is: "First look", "Answer", ... */
  @property({ attribute: false }) stage = '';
  /** The reading will be followed by a better one. */
  @property({ type: Boolean }) provisional = false;
  /** The reading is of this very moment. */
  @property({ type: Boolean, reflect: true }) live = false;
  /** Stands in the place of the answer as long as there is none. */
  @property({ attribute: false }) pending = '';

  override render() {
    const { model, scores } = this;
    if (model === null || scores === null) {
      return html`
        <div class="pending provisional">
          <p class="stage soft">${this.stage}</p>
          <div class="reading"><h2 ${customProperties({ '--length': this.pending.length })}>${this.pending}</h2></div>
        </div>
      `;
    }
    const { headline, closest } = answerWords(scores, model);
    return html`
      <div class=${this.provisional ? 'provisional' : ''}>
        <p class="stage soft">${this.stage}</p>
        <div class="reading">
          <h2 ${customProperties({ '--length': headline.length })}>${headline}</h2>
          ${
            closest === ''
              ? html`<span class="confidence"><span class="visually-hidden">Confidence </span>${formatPercent(scores.confidence)}</span>`
              : nothing
          }
        </div>
        ${closest === '' ? nothing : html`<p class="closest">${closest}</p>`}
      </div>
    `;
  }
}
