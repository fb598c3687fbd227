import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ClipResult } from '../../lib/types';
import { formatElapsed } from '../text/format';
import { sharedStyles } from './shared-styles';

/** How long the parts of a run took. */
@customElement('run-facts')
export class RunFacts extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(4, auto);
        justify-content: start;
        gap: 0.25rem 1.75rem;
      }

      :host {
        container-type: inline-size;
      }

      @container (width < 24rem) {
        dl {
          grid-template-columns: repeat(2, auto);
        }
      }

      dt {
        font-size: 0.875rem;
        white-space: nowrap;
      }

      dd {
        font: 400 1.25rem / 1.3 var(--display);
      }
    `,
  ];

  @property({ attribute: false }) result: ClipResult | null = null;

  override render() {
    if (this.result === null) {
      return nothing;
    }
    const { timings, samples } = this.result;
    return html`
      <dl>
        <div><dt class="soft">First look</dt><dd>${formatElapsed(timings.first)}</dd></div>
        <div><dt class="soft">Answer</dt><dd>${formatElapsed(timings.answer)}</dd></div>
        <div><dt class="soft">Frames</dt><dd>${samples.length}</dd></div>
        <div><dt class="soft">Each frame</dt><dd>${formatElapsed(timings.answer / samples.length)}</dd></div>
      </dl>
    `;
  }
}
