import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RobustnessRow } from '../../lib/report';
import { percentOrDash, pointsWords, robustnessWords } from '../text/model-words';
import { barTableStyles } from './bar-table-styles';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { ReadingCursor } from './reading-cursor';
import { sharedStyles } from './shared-styles';

/** How right the answers still are when the clips are recorded otherwise; the line is the clips as they are. */
@customElement('robustness-chart')
export class RobustnessChart extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    barTableStyles,
    css`
      :host {
        --row-height: 2.25rem;
      }

      th:first-child {
        width: 12rem;
        line-height: 1.2;
      }

      th.number {
        width: 4.25rem;
      }

      .bar,
      .lost {
        inset-block: 27%;
      }

      .lost {
        position: absolute;
        left: calc(var(--value) * 100%);
        width: calc((var(--start) - var(--value)) * 100%);
        background: repeating-linear-gradient(45deg, var(--other-1) 0 2px, transparent 2px 6px);
        forced-color-adjust: none;
      }

      .start {
        position: absolute;
        inset-block: 0;
        left: calc(var(--start) * 100%);
        width: 0;
        border-inline-start: 2px dashed var(--ink-soft);
        forced-color-adjust: none;
      }

      @container (width < 30rem) {
        th:first-child {
          width: 7.5rem;
        }

        th.number {
          width: 3.25rem;
        }
      }
    `,
  ];

  /** The first is the clips as they are. */
  @property({ attribute: false }) rows: readonly RobustnessRow[] = [];

  private readonly cursor = new ReadingCursor(this, () => ({ rows: this.rows.length, columns: 1 }));

  override render() {
    const { rows, cursor } = this;
    const read = rows[cursor.position?.row ?? -1];
    return html`
      <table aria-label="Clips recorded otherwise; the arrow keys read it row by row">
        <thead>
          <tr>
            <th scope="col">The clips</th>
            <th scope="col">From 0 to 100%</th>
            <th scope="col" class="number">Right</th>
            <th scope="col" class="number">Change</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row, index) => this.renderRow(row, index))}
        </tbody>
      </table>
      <p class="reading" aria-hidden="true">
        ${
          read === undefined
            ? html`<span class="soft">Hatched: what is lost. Point at a row, or walk with the arrow keys.</span>`
            : robustnessWords(read)
        }
      </p>
    `;
  }

  private renderRow(row: RobustnessRow, index: number) {
    const start = this.rows[0]?.top1WithNone ?? null;
    const { name, top1WithNone: value, drop } = row;
    return html`
      <tr class=${this.cursor.isAt(index, 0) ? 'at' : nothing} data-row=${index} data-column="0">
        <th scope="row">${name}</th>
        <td>
          <span
            class="scale"
            role="img"
            tabindex=${this.cursor.tabIndex(index, 0)}
            aria-label=${robustnessWords(row)}
            ${customProperties({ '--value': value ?? 0, '--start': start ?? 0 })}
          >
            ${value === null ? nothing : html`<span class="bar"></span>`}
            ${value !== null && start !== null && start > value ? html`<span class="lost"></span>` : nothing}
            ${start === null ? nothing : html`<span class="start"></span>`}
          </span>
        </td>
        <td class="number">${percentOrDash(value)}</td>
        <td class="number">${index === 0 ? '' : pointsWords(-drop)}</td>
      </tr>
    `;
  }
}
