import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FigureSet } from '../../lib/report';
import type { JudgedSet } from '../state/figure-sets';
import { sharedStyles } from './shared-styles';

/** A person wants to see the figures of another set. */
export class SetChosenEvent extends Event {
  constructor(readonly set: FigureSet) {
    super('set-chosen');
  }
}

/** Chooses which set a chart shows; nothing where there is only one. */
@customElement('set-switch')
export class SetSwitch extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      div {
        display: flex;
      }

      button {
        min-height: 2.25rem;
        padding: 0.25rem 0.9rem;
        border: 1px solid var(--line-strong);
        background: var(--panel);
        cursor: pointer;
      }

      button + button {
        border-inline-start: 0;
      }

      button:first-child {
        border-start-start-radius: var(--radius);
        border-end-start-radius: var(--radius);
      }

      button:last-child {
        border-start-end-radius: var(--radius);
        border-end-end-radius: var(--radius);
      }

      button:hover {
        background: var(--well);
      }

      button[aria-pressed='true'] {
        background: var(--ink);
        color: var(--ground);
      }

      button:focus-visible {
        z-index: 1;
      }
    `,
  ];

  @property({ attribute: false }) sets: readonly JudgedSet[] = [];
  @property({ attribute: false }) chosen: FigureSet | null = null;
  /** What is chosen, for those who do not see what stands beside it. */
  @property({ attribute: false }) label = '';

  override render() {
    if (this.sets.length < 2) {
      return nothing;
    }
    return html`
      <div role="group" aria-label=${this.label}>
        ${this.sets.map(
          ({ set, title }) => html`
            <button aria-pressed=${set === this.chosen} @click=${() => this.dispatchEvent(new SetChosenEvent(set))}>
              ${title}
            </button>
          `,
        )}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementEventMap {
    'set-chosen': SetChosenEvent;
  }
}
