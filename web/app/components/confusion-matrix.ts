import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FigureSet } from '../../lib/report';
import type { ModelDescription } from '../../lib/types';
import {
  type ConfusionCell,
  type ConfusionRow,
  confusionRows,
  frequentConfusions,
  isDrawable,
} from '../state/confusion-layout';
import type { JudgedSet } from '../state/figure-sets';
import { confusionWords } from '../text/model-words';
import { titleOf } from '../text/wording';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { ReadingCursor } from './reading-cursor';
import './set-switch';
import type { SetChosenEvent } from './set-switch';
import { sharedStyles } from './shared-styles';

/** Confusions that are told in words below the matrix. */
const TOLD = 5;

/** What is taken for what: a row for what the items are, a column for what was said. Scrolls in its own box where it is too wide. */
@customElement('confusion-matrix')
export class ConfusionMatrix extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    css`
      :host {
        container-type: inline-size;
      }

      table {
        --cell: clamp(1.9rem, (100cqi - 9.5rem) / var(--columns), 3.4rem);
        table-layout: fixed;
        width: calc(9rem + var(--columns) * var(--cell));
        border-collapse: separate;
        border-spacing: 2px;
      }

      thead td,
      tbody th {
        width: 9rem;
      }

      @container (width < 30rem) {
        table {
          width: calc(6.75rem + var(--columns) * var(--cell));
          font-size: 0.875rem;
        }

        thead td,
        tbody th {
          width: 6.75rem;
        }
      }

      thead td,
      tbody th {
        position: sticky;
        z-index: 1;
        left: -4px;
        padding-inline: 4px 0.4rem;
        background: var(--ground);
        /* Covers what passes below it in the gaps between rows. */
        box-shadow: 0 0 0 2px var(--ground);
        line-height: 1.2;
      }

      thead td {
        vertical-align: bottom;
        font-size: 0.8125rem;
        line-height: 1.3;
        color: var(--ink-soft);
      }

      thead th {
        height: 9.5rem;
        padding: 0.25rem 0;
        vertical-align: bottom;
      }

      thead th span {
        display: block;
        max-height: 9.25rem;
        margin-inline: auto;
        overflow: hidden;
        text-overflow: ellipsis;
        writing-mode: vertical-rl;
        rotate: 180deg;
        line-height: 1.1;
        white-space: nowrap;
      }

      .count {
        width: var(--cell);
        height: max(1.9rem, calc(var(--cell) * 0.82));
        padding: 0;
        text-align: center;
        background: color-mix(in srgb, var(--colour) calc(4% + var(--share) * 42%), var(--panel));
        forced-color-adjust: none;
      }

      .right {
        --colour: var(--data);
        font-weight: 600;
      }

      .wrong {
        --colour: var(--other-1);
      }

      .nothing {
        background: var(--panel);
        color: transparent;
      }

      .count:focus-visible {
        position: relative;
        outline-offset: 0;
      }

      .count:hover {
        box-shadow: inset 0 0 0 2px var(--ink);
      }

      .on {
        font-weight: 600;
      }

      .frequent {
        display: grid;
        gap: 0.15rem;
        padding-top: 0.25rem;
        font-size: 0.9375rem;
      }
    `,
  ];

  @property({ attribute: false }) model: ModelDescription | null = null;
  /** Those that can be chosen, all of them with a confusion matrix; the first is shown until another is. */
  @property({ attribute: false }) sets: readonly JudgedSet[] = [];
  @state() private chosen: FigureSet | null = null;

  private rows: readonly ConfusionRow[] = [];
  private readonly cursor = new ReadingCursor(this, () => ({ rows: this.rows.length, columns: this.rows.length }));

  private get judged(): JudgedSet | null {
    return this.sets.find(({ set }) => set === this.chosen) ?? this.sets[0] ?? null;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('sets') || changed.has('chosen')) {
      const confusion = this.judged?.figures.confusion ?? null;
      this.rows = confusion === null || !isDrawable(confusion) ? [] : confusionRows(confusion);
    }
  }

  override render() {
    const { model, judged } = this;
    const confusion = judged?.figures.confusion ?? null;
    if (model === null || judged === null || confusion === null) {
      return nothing;
    }
    const frequent = frequentConfusions(confusion, TOLD);
    return html`
      <div class="head">
        <h2 class="section-title">What is taken for what</h2>
        <set-switch
          .sets=${this.sets}
          .chosen=${judged.set}
          .label=${'Confusion matrix of'}
          @set-chosen=${(event: SetChosenEvent) => {
            this.chosen = event.set;
          }}
        ></set-switch>
      </div>
      ${
        this.rows.length === 0
          ? html`<p class="note soft">With ${confusion.labels.length} labels the matrix is too large to be drawn.</p>`
          : this.renderMatrix(model, judged)
      }
      ${
        frequent.length === 0
          ? nothing
          : html`
            <p class="note soft">Most often taken for something else:</p>
            <ul class="frequent">
              ${frequent.map((cell) => html`<li>${this.describe(model, judged, cell)}</li>`)}
            </ul>
          `
      }
    `;
  }

  private renderMatrix(model: ModelDescription, judged: JudgedSet) {
    const { rows, cursor } = this;
    const { position } = cursor;
    const cell = rows[position?.row ?? -1]?.cells[position?.column ?? -1];
    return html`
      <div class="scroller">
        <table
          role="grid"
          aria-label="Confusion matrix of ${judged.title.toLowerCase()}: a row for what they are, a column for what was said"
          ${customProperties({ '--columns': rows.length })}
        >
          <thead>
            <tr>
              <td>Across: what was said. Down: what it is.</td>
              ${rows.map(
                ({ truth }, column) => html`
                  <th scope="col" class=${column === position?.column ? 'on' : nothing}><span>${titleOf(model, truth)}</span></th>
                `,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(({ truth, cells }, index) => {
              return html`
                <tr>
                  <th scope="row" class=${index === position?.row ? 'on' : nothing}>${titleOf(model, truth)}</th>
                  ${cells.map(
                    (each, column) => html`
                      <td
                        class="count ${each.isRight ? 'right' : 'wrong'} ${each.count === 0 ? 'nothing' : ''}"
                        tabindex=${cursor.tabIndex(index, column)}
                        data-row=${index}
                        data-column=${column}
                        aria-label=${this.describe(model, judged, each)}
                        ${customProperties({ '--share': each.share })}
                      >${each.count}</td>
                    `,
                  )}
                </tr>
              `;
            })}
          </tbody>
        </table>
      </div>
      <p class="reading" aria-hidden="true">
        ${
          cell === undefined
            ? html`<span class="soft">Point at a cell, or walk with the arrow keys. The stronger a cell, the greater its part of the row.</span>`
            : this.describe(model, judged, cell)
        }
      </p>
    `;
  }

  private describe(model: ModelDescription, judged: JudgedSet, cell: ConfusionCell): string {
    const titles = { truth: titleOf(model, cell.truth), said: titleOf(model, cell.said) };
    return confusionWords(cell, titles, judged.items);
  }
}
