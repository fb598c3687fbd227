import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Contender } from '../../lib/index';
import type { MeasuredRow } from '../state/device-report';
import { contenderDetail, contenderTitle, memoryWords, rateWords, spreadWords } from '../text/device-words';
import { formatElapsed } from '../text/format';
import { noticeOf } from '../text/notices';
import { barTableStyles } from './bar-table-styles';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { sharedStyles } from './shared-styles';

/** Engines and how fast they are, as bars on the scale of the fastest. */
@customElement('speed-table')
export class SpeedTable extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    barTableStyles,
    css`
      :host {
        --row-height: 4.25rem;
      }

      .engine {
        width: 33%;
      }

      .each {
        width: 24%;
      }

      .memory {
        width: 12%;
      }

      tbody th {
        line-height: 1.3;
      }

      .detail {
        display: block;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }

      .lane {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 3rem;
        align-items: center;
        gap: 0.5rem;
      }

      .bar {
        inset-block: 1.25rem;
      }

      .memory {
        text-align: end;
      }

      @container (width < 44rem) {
        .engine {
          width: 40%;
        }

        .each {
          width: 25%;
        }

        .memory {
          display: none;
        }

        .lane {
          grid-template-columns: minmax(0, 1fr) 2.25rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly MeasuredRow[] = [];
  /** Who is being measured. */
  @property({ attribute: false }) current: Contender | null = null;

  override render() {
    const fastest = Math.max(...this.rows.map(({ speed }) => speed?.rate ?? 0));
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col" class="engine">Engine</th>
            <th scope="col" class="each">A frame, the median</th>
            <th scope="col">Frames a second</th>
            <th scope="col" class="memory">Memory</th>
          </tr>
        </thead>
        <tbody>
          ${this.rows.map((row) => this.renderRow(row, fastest))}
        </tbody>
      </table>
    `;
  }

  private renderRow({ contender, speed, error }: MeasuredRow, fastest: number) {
    return html`
      <tr>
        <th scope="row">
          ${contenderTitle(contender)}
          <span class="detail">${contenderDetail({ ...contender, workers: speed?.workers ?? contender.workers })}</span>
        </th>
        ${
          speed === null
            ? html`<td colspan="3" class="soft">${this.waitingWords(contender, error)}</td>`
            : html`
              <td>${formatElapsed(speed.milliseconds)} <span class="detail">${spreadWords(speed)}</span></td>
              <td>
                <span class="lane">
                  <span class="scale"><span class="bar" ${customProperties({ '--value': speed.rate / fastest })}></span></span>
                  <span class="number">${rateWords(speed.rate)}</span>
                </span>
              </td>
              <td class="memory">${memoryWords(speed.memory)}</td>
            `
        }
      </tr>
    `;
  }

  private waitingWords(contender: Contender, error: Error | null) {
    if (error !== null) {
      const { title, code } = noticeOf(error);
      return `${title} Code: ${code}`;
    }
    return contender === this.current ? 'Measuring …' : nothing;
  }
}
