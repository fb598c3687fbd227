import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PackageState } from '../state/session';
import { formatBytes } from '../text/format';
import './error-notice';
import { CommandEvent, type PageCommand } from './events';
import './progress-bar';
import { sharedStyles } from './shared-styles';

/** How far another model package is, why it was refused, or that it is in use and how to go back. Empty for the shipped model. */
@customElement('package-status')
export class PackageStatus extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.25rem;
        padding: 0.5rem 0;
        border-block: 1px solid var(--line);
        overflow-wrap: anywhere;
      }

      .line > :first-child {
        flex: 1 1 16rem;
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) change: PackageState | null = null;
  /** Name of the package in use; null for the shipped one. */
  @property({ attribute: false }) inUse: string | null = null;

  override render() {
    const { change, inUse } = this;
    if (change?.phase === 'failed') {
      return html`
        <error-notice .error=${change.error}>
          ${this.button('dismiss-package', 'Dismiss')}
        </error-notice>
      `;
    }
    if (change?.phase === 'loading') {
      const { progress } = change;
      const known = progress !== null && progress.total > 0;
      const amount = known ? `: ${formatBytes(progress.loaded)} of ${formatBytes(progress.total)}` : '';
      return html`
        <div class="line">
          <progress-bar
            .label=${`Loading and checking ${change.name}${amount}`}
            .value=${known ? progress.loaded / progress.total : null}
          ></progress-bar>
          ${this.button('dismiss-package', 'Cancel loading')}
        </div>
      `;
    }
    if (inUse === null) {
      return nothing;
    }
    return html`
      <div class="line">
        <p>The model in use comes from ${inUse} on this device.</p>
        ${this.button('shipped-package', "Go back to this page's model")}
      </div>
    `;
  }

  private button(command: PageCommand, words: string) {
    return html`<button class="button" @click=${() => this.dispatchEvent(new CommandEvent(command))}>${words}</button>`;
  }
}
