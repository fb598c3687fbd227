import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { JudgedSet } from '../state/figure-sets';
import { formatPercent } from '../text/format';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { ReadingCursor } from './reading-cursor';
import { sharedStyles } from './shared-styles';

const PARTS = [
  { key: 'right', name: 'Right', words: 'the right action is shown, or none of these where there is none' },
  { key: 'noneOfThese', name: 'None of these', words: 'an action is there, but none of these is shown' },
  { key: 'wrong', name: 'Wrong', words: 'a wrong action is shown' },
] as const;

/** What people read on the page, once what is not sure counts as none of these: a stacked bar for each set. */
@customElement('shown-bars')
export class ShownBars extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    css`
      .rows {
        display: grid;
        gap: 0.6rem;
        padding-top: 0.6rem;
      }

      .title {
        display: block;
        font-size: 0.9375rem;
      }

      .bar {
        display: flex;
        gap: 2px;
        height: 2rem;
      }

      .part {
        flex: var(--part) 1 0;
        min-width: 3px;
        container-type: inline-size;
        display: grid;
        place-items: center start;
        forced-color-adjust: none;
      }

      .part:focus-visible {
        z-index: 1;
      }

      .part span {
        padding-inline: 0.5rem;
        font-size: 0.875rem;
      }

      /* Too narrow for its number: the reading tells it. */
      @container (width < 3rem) {
        .part span {
          display: none;
        }
      }

      .right {
        background: var(--data);
        color: var(--ground);
      }

      .noneOfThese {
        border: 1px solid var(--line-strong);
        background: var(--panel);
      }

      .wrong {
        background: repeating-linear-gradient(45deg, var(--other-1) 0 2px, transparent 2px 6px);
        border: 1px solid var(--other-1);
      }

      .wrong span {
        margin-inline-start: 0.25rem;
        padding-inline: 0.25rem;
        background: var(--ground);
      }

      .at:not(:focus-visible) {
        outline: 2px solid var(--ink);
        outline-offset: 1px;
      }

      .swatch {
        flex: none;
        width: 1.1rem;
        height: 0.85rem;
        forced-color-adjust: none;
      }

      .legend {
        padding-top: 0.6rem;
      }
    `,
  ];

  /** All of them have `shown`. */
  @property({ attribute: false }) sets: readonly JudgedSet[] = [];

  private readonly cursor = new ReadingCursor(this, () => ({ rows: this.sets.length, columns: PARTS.length }));

  override render() {
    const { sets, cursor } = this;
    const { position } = cursor;
    return html`
      <h3>What people read on the page</h3>
      <div class="rows" role="group" aria-label="What is shown, by kind; the arrow keys read it part by part">
        ${sets.map(
          ({ title, figures }, row) => html`
            <div>
              <span class="title">${title}</span>
              <div class="bar">
                ${PARTS.map(({ key }, column) =>
                  figures.shown === null
                    ? nothing
                    : html`
                      <span
                        class="part ${key} ${cursor.isAt(row, column) ? 'at' : ''}"
                        role="img"
                        tabindex=${cursor.tabIndex(row, column)}
                        data-row=${row}
                        data-column=${column}
                        aria-label=${this.describe(row, column)}
                        ${customProperties({ '--part': figures.shown[key] })}
                      ><span aria-hidden="true">${formatPercent(figures.shown[key])}</span></span>
                    `,
                )}
              </div>
            </div>
          `,
        )}
      </div>
      <ul class="legend" aria-label="Patterns">
        ${PARTS.map(({ key, name, words }) => html`<li><span class="swatch ${key}"></span>${name}: ${words}</li>`)}
      </ul>
      <p class="reading" aria-hidden="true">
        ${position === null ? html`<span class="soft">Point at a part, or walk with the arrow keys.</span>` : this.describe(position.row, position.column)}
      </p>
    `;
  }

  private describe(row: number, column: number): string {
    const judged = this.sets[row];
    const part = PARTS[column];
    if (judged === undefined || part === undefined || judged.figures.shown === null) {
      return '';
    }
    return `${judged.title}: ${formatPercent(judged.figures.shown[part.key])}, ${part.words}`;
  }
}
