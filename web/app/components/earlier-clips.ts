import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelDescription } from '../../lib/types';
import { type ClipState, isPending } from '../state/clip-state';
import { answerLine } from '../text/wording';
import { ShowClipEvent } from './events';
import { sharedStyles } from './shared-styles';

/** The other clips of this visit, to go back to. */
@customElement('earlier-clips')
export class EarlierClips extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .heading {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 1rem;
        margin-bottom: 0.6rem;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr));
        gap: 0.5rem;
      }

      button {
        display: grid;
        width: 100%;
        height: 100%;
        padding: 0.5rem 0.85rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        text-align: start;
        cursor: pointer;
      }

      button:hover {
        background: var(--well);
      }

      .answer {
        font-weight: 600;
      }

      .file {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 0.875rem;
      }
    `,
  ];

  @property({ attribute: false }) clips: readonly ClipState[] = [];
  @property({ attribute: false }) model: ModelDescription | null = null;

  override render() {
    if (this.clips.length === 0) {
      return nothing;
    }
    return html`
      <div class="heading">
        <h2 class="section-title">Other clips of this visit</h2>
        <p class="soft">Forgotten when you close the page.</p>
      </div>
      <ul>
        ${this.clips.map(
          (clip) => html`
            <li>
              <button @click=${() => this.dispatchEvent(new ShowClipEvent(clip.id))}>
                <span class="answer">${this.summary(clip)}</span>
                <span class="file soft">${clip.file.name}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    `;
  }

  private summary(clip: ClipState): string {
    if (clip.result !== null && this.model !== null) {
      return answerLine(clip.result, this.model);
    }
    return isPending(clip) ? 'Under way' : clip.phase === 'cancelled' ? 'Cancelled' : 'Not classified';
  }
}
