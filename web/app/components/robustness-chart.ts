import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RobustnessRow } from '../../lib/report';
import { percentOrDash, pointsWords, robustnessWords } from '../text/model-words';
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
    css`
      :host {
        container-type: inline-size;
      }

      table {
        width: 100%;
        table-layout: fixed;
      }

      thead th {
        padding-bottom: 0.35rem;
        font-size: 0.875rem;
        line-height: 1.3;
        vertical-align: bottom;
        color: var(--ink-soft);
      }

      th:first-child {
        width: 12rem;
        padding-inline-end: 0.75rem;
        line-height: 1.2;
      }

      th.number {
        width: 4.25rem;
      }

      .number {
        text-align: end;
      }

      tbody tr > * {
        height: 2.25rem;
        border-top: 1px solid var(--line);
      }

      .scale {
        position: relative;
        display: block;
        height: 2.25rem;
        background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px calc(25% - 0.25px));
        border-inline-end: 1px solid var(--line);
      }

      .bar,
      .lost {
        position: absolute;
        inset-block: 27%;
        forced-color-adjust: none;
      }

      .bar {
        left: 0;
        width: max(2px, calc(var(--value) * 100%));
        background: var(--data-soft);
        border-inline-end: 3px solid var(--data);
      }

      .lost {
        left: calc(var(--value) * 100%);
        width: calc((var(--start) - var(--value)) * 100%);
        background: repeating-linear-gradient(45deg, var(--other-1) 0 2px, transparent 2px 6px);
      }

      .start {
        position: absolute;
        inset-block: 0;
        left: calc(var(--start) * 100%);
        width: 0;
        border-inline-start: 2px dashed var(--ink-soft);
        forced-color-adjust: none;
      }

      .at {
        background: var(--well);
      }

      @container (width < 30rem) {
        th:first-child {
          width: 7.5rem;
        }

        th.number {
          width: 3.25rem;
        }

        th,
        td {
          font-size: 0.875rem;
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
