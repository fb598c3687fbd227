import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClipResult } from '../../lib/types';
import { AnnounceEvent } from './events';
import { saveFile } from './save-file';
import { sharedStyles } from './shared-styles';

/** The result as JSON, to read, copy or save. */
@customElement('result-export')
export class ResultExport extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
      }

      .section-title {
        margin-inline-end: auto;
      }

      .buttons {
        display: flex;
        gap: 0.5rem;
      }

      pre {
        max-height: 24rem;
        margin: 0.75rem 0 0;
        padding: 1rem;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        font: 0.8125rem / 1.5 var(--mono);
        tab-size: 2;
      }
    `,
  ];

  @property({ attribute: false }) result: ClipResult | null = null;
  @state() private open = false;
  @state() private outcome = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('result')) {
      this.outcome = '';
    }
  }

  override render() {
    if (this.result === null) {
      return nothing;
    }
    return html`
      <div class="row">
        <h2 class="section-title">Result as JSON</h2>
        <span class="soft">${this.outcome}</span>
        <div class="buttons">
        <button class="button" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="json" @click=${this.toggle}>
          ${this.open ? 'Hide' : 'Show'}
        </button>
        <button class="button" @click=${this.copy}>Copy</button>
        <button class="button" @click=${this.save}>Save</button>
        </div>
      </div>
      <pre id="json" tabindex="0" role="region" aria-label="Result as JSON" ?hidden=${!this.open}>${this.open ? this.text : ''}</pre>
    `;
  }

  private get text(): string {
    return JSON.stringify(this.result, null, 2);
  }

  private toggle(): void {
    this.open = !this.open;
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      this.tell('Copied');
    } catch {
      this.open = true;
      this.tell('The browser does not allow copying: mark the text below instead');
    }
  }

  private save(): void {
    saveFile(`${this.result?.file.name ?? 'clip'}.actionscope.json`, 'application/json', this.text);
    this.tell('Saved');
  }

  private tell(outcome: string): void {
    this.outcome = outcome;
    this.dispatchEvent(new AnnounceEvent(outcome));
  }
}
