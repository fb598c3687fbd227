import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TableContent } from '../text/model-tables';
import { chartStyles } from './chart-styles';
import { sharedStyles } from './shared-styles';

/** Numbers in rows and columns, the first of which names the row. Scrolls in its own box where it is too wide. */
@customElement('data-table')
export class DataTable extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    css`
      :host {
        container-type: inline-size;
      }

      /* Borders that are not shared stay with a column that sticks. */
      table {
        width: 100%;
        border-collapse: separate;
        border-spacing: 0;
      }

      th,
      td {
        padding: 0.35rem 0 0.35rem 1.1rem;
        border-bottom: 1px solid var(--line);
        vertical-align: baseline;
      }

      th:first-child {
        position: sticky;
        left: -4px;
        min-width: 8rem;
        padding-inline-start: 0;
        background: var(--ground);
        line-height: 1.3;
      }

      thead th {
        border-bottom-color: var(--line-strong);
        font-size: 0.875rem;
        line-height: 1.3;
        vertical-align: bottom;
        color: var(--ink-soft);
      }

      thead th:not(:first-child),
      td {
        text-align: end;
      }

      td {
        white-space: nowrap;
      }

      .detail {
        display: block;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }

      .total > * {
        border-bottom: 0;
        font-weight: 600;
      }

      @container (width < 30rem) {
        th,
        td {
          padding-inline-start: 0.7rem;
        }

        th:first-child {
          min-width: 6.25rem;
        }
      }
    `,
  ];

  /** What the table is about. */
  @property({ attribute: false }) label = '';
  /** Over the column that names the rows. */
  @property({ attribute: false }) first = '';
  @property({ attribute: false }) content: TableContent = { columns: [], rows: [] };

  override render() {
    return html`
      <div class="scroller" role="region" tabindex="0" aria-label=${this.label}>
        <table>
          <thead>
            <tr>
              <th scope="col">${this.first === '' ? html`<span class="visually-hidden">Name</span>` : this.first}</th>
              ${this.content.columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.content.rows.map(
              ({ title, cells, isTotal = false }) => html`
                <tr class=${isTotal ? 'total' : nothing}>
                  <th scope="row">${title}</th>
                  ${cells.map((cell) =>
                    typeof cell === 'string'
                      ? html`<td>${cell}</td>`
                      : html`<td>${cell.text}${cell.detail === '' ? '' : html` <span class="detail">${cell.detail}</span>`}</td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}
