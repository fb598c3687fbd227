import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClassFigures, FigureSet } from '../../lib/report';
import type { ModelDescription } from '../../lib/types';
import type { JudgedSet } from '../state/figure-sets';
import { classWords, countWords, FEW, intervalWords, percentOrDash } from '../text/model-words';
import { titleOf } from '../text/wording';
import { barTableStyles } from './bar-table-styles';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { ReadingCursor } from './reading-cursor';
import './set-switch';
import type { SetChosenEvent } from './set-switch';
import { sharedStyles } from './shared-styles';

/** How well each class is found, as a bar with a whisker for the interval, and how far its name can be trusted. */
@customElement('class-table')
export class ClassTable extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    barTableStyles,
    css`
      :host {
        --row-height: 3rem;
      }

      th:first-child {
        width: 10.5rem;
      }

      th.number {
        width: 5.25rem;
      }

      tbody th {
        line-height: 1.25;
      }

      .count {
        display: block;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }

      .bar {
        inset-block: 30%;
      }

      .few .bar {
        background: repeating-linear-gradient(45deg, var(--line-strong) 0 1px, transparent 1px 6px);
        border-color: var(--line-strong);
      }

      .whisker {
        position: absolute;
        top: 50%;
        left: calc(var(--low) * 100%);
        width: max(2px, calc((var(--high) - var(--low)) * 100%));
        height: 0.6rem;
        margin-top: -0.3rem;
        border-inline: 2px solid var(--ink);
        background: linear-gradient(var(--ink), var(--ink)) center / 100% 2px no-repeat;
        forced-color-adjust: none;
      }

      .interval {
        display: block;
        font-size: 0.8125rem;
        white-space: nowrap;
        color: var(--ink-soft);
      }

      @container (width < 30rem) {
        th:first-child {
          width: 7.25rem;
          padding-inline-end: 0.4rem;
        }

        th.number {
          width: 4.4rem;
        }

        .wide {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) model: ModelDescription | null = null;
  /** Those that can be chosen; the first is shown until another is. */
  @property({ attribute: false }) sets: readonly JudgedSet[] = [];
  @state() private chosen: FigureSet | null = null;

  private readonly cursor = new ReadingCursor(this, () => ({ rows: this.classes.length, columns: 1 }));

  private get judged(): JudgedSet | null {
    return this.sets.find(({ set }) => set === this.chosen) ?? this.sets[0] ?? null;
  }

  private get classes(): readonly ClassFigures[] {
    return this.judged?.figures.perClass ?? [];
  }

  override render() {
    const { judged, model, cursor } = this;
    if (judged === null || model === null) {
      return nothing;
    }
    const read = this.classes[cursor.position?.row ?? -1];
    return html`
      <div class="head">
        <h2 class="section-title">Every class by itself</h2>
        <set-switch
          .sets=${this.sets}
          .chosen=${judged.set}
          .label=${'Classes of'}
          @set-chosen=${(event: SetChosenEvent) => {
            this.chosen = event.set;
          }}
        ></set-switch>
      </div>
      <table aria-label="Every class by itself; the arrow keys read it class by class">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">From 0 to 100%</th>
            <th scope="col" class="number">Found</th>
            <th scope="col" class="number wide">Right when said</th>
          </tr>
        </thead>
        <tbody>
          ${this.classes.map((one, row) => this.renderClass(model, judged, one, row))}
        </tbody>
      </table>
      <p class="reading" aria-hidden="true">
        ${
          read === undefined
            ? html`<span class="soft">Point at a class, or walk with the arrow keys.</span>`
            : classWords(titleOf(model, read.label), read, judged.items)
        }
      </p>
    `;
  }

  private renderClass(model: ModelDescription, judged: JudgedSet, one: ClassFigures, row: number) {
    const { label, n, recall, recallInterval, precision } = one;
    const title = titleOf(model, label);
    return html`
      <tr class="${n < FEW ? 'few' : ''} ${this.cursor.isAt(row, 0) ? 'at' : ''}" data-row=${row} data-column="0">
        <th scope="row">${title} <span class="count">${countWords(n, judged.items)}</span></th>
        <td>
          <span
            class="scale"
            role="img"
            tabindex=${this.cursor.tabIndex(row, 0)}
            aria-label=${classWords(title, one, judged.items)}
          >
            ${recall === null ? nothing : html`<span class="bar" ${customProperties({ '--value': recall })}></span>`}
            ${
              recallInterval === null
                ? nothing
                : html`
                  <span
                    class="whisker"
                    ${customProperties({ '--low': recallInterval[0], '--high': recallInterval[1] })}
                  ></span>
                `
            }
          </span>
        </td>
        <td class="number">
          ${percentOrDash(recall)}
          ${recallInterval === null ? nothing : html`<span class="interval">${intervalWords(recallInterval)}</span>`}
        </td>
        <td class="number wide">${percentOrDash(precision)}</td>
      </tr>
    `;
  }
}
