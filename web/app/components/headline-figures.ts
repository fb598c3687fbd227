import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Figures, Interval } from '../../lib/report';
import type { JudgedSet } from '../state/figure-sets';
import { formatCount } from '../text/format';
import { intervalWords, percentOrDash } from '../text/model-words';
import { customProperties } from './custom-properties';
import { sharedStyles } from './shared-styles';

interface Headline {
  name: string;
  of: string;
  value: number | null;
  interval: Interval | null;
}

/** The four figures that a model is judged by, in large, each with its interval on a scale from 0 to 100%. */
@customElement('headline-figures')
export class HeadlineFigures extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        column-gap: clamp(1.25rem, 2.5vw, 2.5rem);
      }

      /* Name, value, scale and detail of neighbours stand on common lines. */
      dl > div {
        display: grid;
        grid-row: span 4;
        grid-template-rows: subgrid;
        padding-block: 0.25rem 0.9rem;
      }

      dt {
        line-height: 1.35;
        text-wrap: balance;
      }

      .value {
        font: 400 clamp(2.25rem, 1.8rem + 1.6vw, 3.25rem) / 1.15 var(--display);
        color: var(--data);
      }

      .detail {
        font-size: 0.875rem;
      }

      .scale {
        position: relative;
        height: 0.9rem;
        margin-block: 0.35rem 0.3rem;
        background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px calc(25% - 0.25px));
        border-inline-end: 1px solid var(--line);
      }

      .range,
      .dot {
        position: absolute;
        top: 50%;
        background: var(--data);
        forced-color-adjust: none;
      }

      .range {
        left: calc(var(--low) * 100%);
        width: max(2px, calc((var(--high) - var(--low)) * 100%));
        height: 2px;
        margin-top: -1px;
      }

      .dot {
        left: calc(var(--value) * 100%);
        width: 0.7rem;
        height: 0.7rem;
        margin: -0.35rem 0 0 -0.35rem;
        border-radius: 50%;
      }
    `,
  ];

  @property({ attribute: false }) judged: JudgedSet | null = null;
  /** Number of actions that the model tells apart. */
  @property({ attribute: false }) actions = 0;

  override render() {
    const { judged } = this;
    if (judged === null) {
      return nothing;
    }
    return html`<dl>${this.headlines(judged.figures, judged.items[1]).map((one) => this.renderHeadline(one))}</dl>`;
  }

  private headlines({ n, noneN, intervals, ...figures }: Figures, many: string): Headline[] {
    return [
      {
        name: `Right among the ${formatCount(this.actions, 'action')}`,
        of: `of ${n} ${many}`,
        value: figures.top1Actions,
        interval: intervals.top1Actions,
      },
      {
        name: 'Right, with “none of these” in the running',
        of: `of ${n} ${many}`,
        value: figures.top1WithNone,
        interval: intervals.top1WithNone,
      },
      {
        name: 'None of these, recognised as such',
        of: `of ${noneN} ${many}`,
        value: figures.noneRecall,
        interval: intervals.noneRecall,
      },
      {
        name: 'Calibration error: how far confidence is off',
        of: `of ${n + noneN} ${many}, less is better`,
        value: figures.calibrationError,
        interval: intervals.calibrationError,
      },
    ];
  }

  private renderHeadline({ name, of, value, interval }: Headline) {
    return html`
      <div>
        <dt>${name}</dt>
        <dd class="value">${percentOrDash(value)}</dd>
        <dd class="scale" aria-hidden="true" ?hidden=${value === null}>
          ${
            interval === null
              ? nothing
              : html`<span class="range" ${customProperties({ '--low': interval[0], '--high': interval[1] })}></span>`
          }
          <span class="dot" ${customProperties({ '--value': value ?? 0 })}></span>
        </dd>
        <dd class="detail soft">${of}${interval === null ? '' : `; interval ${intervalWords(interval)}`}</dd>
      </div>
    `;
  }
}
