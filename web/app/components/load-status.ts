import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LoadState } from '../state/session';
import { formatBytes } from '../text/format';
import { CommandEvent } from './events';
import './error-notice';
import './progress-bar';
import { sharedStyles } from './shared-styles';

/** How far engine and model are. */
@customElement('load-status')
export class LoadStatus extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .line {
        display: flex;
        align-items: center;
        gap: 0.6em;
        min-height: 2.75rem;
      }

      progress-bar {
        min-width: min(100%, 22rem);
      }

      .ready {
        color: var(--data);
      }

      svg {
        flex: none;
        width: 1.1em;
        height: 1.1em;
        fill: none;
        stroke: currentcolor;
        stroke-width: 2;
      }
    `,
  ];

  @property({ attribute: false }) load: LoadState = { phase: 'loading', progress: null };

  override updated(): void {
    // For whoever measures a start: to look for the words would take part in what is measured.
    if (this.load.phase === 'ready') performance.mark('actionscope-ready');
  }

  override render() {
    const { load } = this;
    if (load.phase === 'failed') {
      return html`
        <error-notice .error=${load.error}>
          <button class="button" @click=${() => this.dispatchEvent(new CommandEvent('load-again'))}>Try again</button>
        </error-notice>
      `;
    }
    if (load.phase === 'ready') {
      return html`
        <p class="line ready">
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 8.5l4 4 8-9" /></svg>
          Engine and model are loaded
        </p>
      `;
    }
    const { progress } = load;
    const amount =
      progress === null || progress.total === 0
        ? ''
        : `: ${formatBytes(progress.loaded)} of ${formatBytes(progress.total)}`;
    return html`
      <progress-bar
        .label=${`Loading engine and model${amount}`}
        .value=${amount === '' || progress === null ? null : progress.loaded / progress.total}
      ></progress-bar>
    `;
  }
}
