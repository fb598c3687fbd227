import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sharedStyles } from './shared-styles';

/** A labelled bar for work that takes a while. */
@customElement('progress-bar')
export class ProgressBar extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      label {
        display: grid;
        gap: 0.4rem;
        min-height: 2.75rem;
        align-content: center;
      }

      progress {
        appearance: none;
        width: 100%;
        height: 4px;
        border: 0;
        background: var(--well);
      }

      progress::-webkit-progress-bar {
        background: var(--well);
      }

      progress::-webkit-progress-value {
        background: var(--data);
        transition: inline-size var(--quick) linear;
      }

      progress::-moz-progress-bar {
        background: var(--data);
      }

      progress:indeterminate::-moz-progress-bar {
        width: 20%;
      }

      @media (forced-colors: active) {
        progress {
          appearance: auto;
          height: 0.75rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) label = '';
  /** From 0 to 1; null as long as nobody can tell. */
  @property({ attribute: false }) value: number | null = null;

  override render() {
    return html`
      <label>
        <span>${this.label}</span>
        ${this.value === null ? html`<progress></progress>` : html`<progress max="1" .value=${this.value}></progress>`}
      </label>
    `;
  }
}
