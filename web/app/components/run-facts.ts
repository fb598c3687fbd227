import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Classifier, ClipResult } from '../../lib/types';
import { memoryWords } from '../text/device-words';
import { formatElapsed } from '../text/format';
import { sharedStyles } from './shared-styles';

/** How long the parts of a run took, and what memory the workers have for it. */
@customElement('run-facts')
export class RunFacts extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(5, auto);
        justify-content: start;
        gap: 0.25rem 1.75rem;
      }

      :host {
        container-type: inline-size;
      }

      @container (width < 34rem) {
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
  @property({ attribute: false }) classifier: Classifier | null = null;
  /** Bytes of each worker; null as long as they are not known. */
  @state() private memory: readonly number[] | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('result') || changed.has('classifier')) {
      void this.askForMemory();
    }
  }

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
        <div><dt class="soft">Memory</dt><dd>${memoryWords(this.memory)}</dd></div>
      </dl>
    `;
  }

  private async askForMemory(): Promise<void> {
    const { classifier, result } = this;
    const memory = classifier === null || result === null ? null : await classifier.memory().catch(() => null);
    if (classifier === this.classifier && result === this.result) {
      this.memory = memory;
    }
  }
}
