import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { noticeOf } from '../text/notices';
import { sharedStyles } from './shared-styles';

/** What went wrong and what to do about it. What can be done at once goes into the slot, as buttons. */
@customElement('error-notice')
export class ErrorNotice extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        padding: 1rem 1.25rem 1.1rem;
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--now);
        border-radius: var(--radius);
        background: var(--panel);
        overflow-wrap: anywhere;
      }

      h2 {
        font: 600 1.125rem / 1.35 var(--text);
        text-wrap: pretty;
      }

      p {
        margin-top: 0.35rem;
        max-width: 60ch;
        text-wrap: pretty;
      }

      .code {
        font-size: 0.8125rem;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.9rem;
      }
    `,
  ];

  @property({ attribute: false }) error: Error | null = null;

  override render() {
    if (this.error === null) {
      return nothing;
    }
    const { title, advice, code } = noticeOf(this.error);
    return html`
      <h2>${title}</h2>
      <p>${advice}</p>
      <div class="actions"><slot></slot></div>
      <p class="code soft">Code: ${code}</p>
    `;
  }
}
