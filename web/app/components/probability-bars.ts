import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelDescription } from '../../lib/types';
import { inModelOrder, rankLabels } from '../state/ranking';
import { formatPercent } from '../text/format';
import { customProperties } from './custom-properties';
import { sharedStyles } from './shared-styles';

/** The probability of every label as a bar on one scale. As many rows as there are labels, whatever is known of them. */
@customElement('probability-bars')
export class ProbabilityBars extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        container-type: inline-size;
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 9.5rem) minmax(0, 1fr) 3.5rem;
        align-items: center;
        gap: 0.75rem;
        height: clamp(1.75rem, 5cqi, 2.5rem);
      }

      @container (width < 22rem) {
        li {
          grid-template-columns: minmax(0, 8.75rem) minmax(0, 1fr) 3.25rem;
          gap: 0.5rem;
        }
      }

      .label {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      /* A graticule: a line at every quarter of the scale, unbroken from the first row to the last. */
      .scale {
        position: relative;
        height: 100%;
        background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px calc(25% - 0.25px));
      }

      .scale::before {
        content: '';
        position: absolute;
        inset: 27% auto 27% 0;
        width: max(2px, calc(var(--probability) * 100%));
        background: var(--line-strong);
        transition: width var(--quick);
        forced-color-adjust: none;
      }

      .value {
        text-align: end;
      }

      .unknown .scale::before {
        width: 2px;
      }

      .answer .label,
      .answer .value {
        font-weight: 600;
      }

      .answer .scale::before {
        inset-block: 14%;
        background: var(--data);
      }

      @media (forced-colors: active) {
        .scale::before {
          background: GrayText;
        }

        .answer .scale::before {
          background: Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) model: ModelDescription | null = null;
  @property({ attribute: false }) probabilities: Readonly<Record<string, number>> | null = null;
  @property({ attribute: false }) answer: string | null = null;
  /** By falling probability; or as the model has them, so that bars that change many times a second keep their places. */
  @property({ attribute: false }) order: 'probability' | 'model' = 'probability';

  override render() {
    if (this.model === null) {
      return nothing;
    }
    const rank = this.order === 'probability' ? rankLabels : inModelOrder;
    return html`
      <ol aria-label="Probability of every action">
        ${repeat(
          rank(this.model.labels, this.probabilities),
          ({ id }) => id,
          ({ id, title, probability }) => html`
            <li class="${id === this.answer ? 'answer' : ''} ${probability === null ? 'unknown' : ''}">
              <span class="label">${title}</span>
              <span class="scale" ${customProperties({ '--probability': probability ?? 0 })}></span>
              <span class="value">${probability === null ? '–' : formatPercent(probability, 1)}</span>
            </li>
          `,
        )}
      </ol>
    `;
  }
}
