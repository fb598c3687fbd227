import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CalibrationBin } from '../../lib/report';
import { PERCENT_AXIS } from '../state/scales';
import { formatCount, formatPercent } from '../text/format';
import { FEW } from '../text/model-words';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { ReadingCursor } from './reading-cursor';
import { sharedStyles } from './shared-styles';

/** Confidence against how often it is right: on the diagonal they are the same. The area of a point is the number of items. */
@customElement('reliability-diagram')
export class ReliabilityDiagram extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    css`
      .frame {
        display: grid;
        grid-template: 'ticks plot' auto 'none across' auto / auto minmax(0, 1fr);
        column-gap: 0.5rem;
        max-width: 30rem;
        padding: 0.9rem 0.75rem 0 0;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }

      .ticks,
      .across {
        position: relative;
      }

      .ticks {
        grid-area: ticks;
        min-width: 2.4rem;
      }

      .across {
        grid-area: across;
        height: 1.6rem;
      }

      .ticks span,
      .across span {
        position: absolute;
        line-height: 1;
      }

      .ticks span {
        inset-inline-end: 0;
        bottom: calc(var(--at) * 100%);
        transform: translateY(50%);
      }

      .across span {
        top: 0.4rem;
        left: calc(var(--at) * 100%);
        transform: translateX(-50%);
      }

      .plot {
        grid-area: plot;
        position: relative;
        aspect-ratio: 1;
        border: 1px solid var(--line-strong);
        border-width: 0 0 1px 1px;
      }

      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }

      line {
        stroke: var(--line);
        stroke-width: 1px;
        vector-effect: non-scaling-stroke;
        forced-color-adjust: none;
      }

      line.same {
        stroke: var(--line-strong);
        stroke-dasharray: 5 4;
      }

      line.threshold {
        stroke: var(--now);
      }

      .point {
        --size: max(0.6rem, calc(var(--weight) * 2.6rem));
        position: absolute;
        left: calc(var(--x) * 100%);
        bottom: calc(var(--y) * 100%);
        width: var(--size);
        height: var(--size);
        margin: 0 0 calc(var(--size) / -2) calc(var(--size) / -2);
        border: 2px solid var(--data);
        border-radius: 50%;
        background: color-mix(in srgb, var(--data) 35%, transparent);
        forced-color-adjust: none;
      }

      .point.few {
        background: none;
        border-style: dashed;
      }

      .at {
        background: var(--data);
        border-style: solid;
      }

      .of {
        text-align: end;
        padding-inline-end: 0.75rem;
        max-width: 30rem;
        font-size: 0.8125rem;
      }
    `,
  ];

  /** Ascending by confidence. */
  @property({ attribute: false }) bins: readonly CalibrationBin[] = [];
  @property({ attribute: false }) threshold: number | null = null;

  private readonly cursor = new ReadingCursor(this, () => ({ rows: 1, columns: this.bins.length }));

  override render() {
    const { bins, cursor, threshold } = this;
    const most = bins.reduce((greatest, { count }) => Math.max(greatest, count), 1);
    const read = bins[cursor.position?.column ?? -1];
    return html`
      <h3>Confidence against how often it is right</h3>
      <div class="frame">
        <div class="ticks" aria-hidden="true">
          ${PERCENT_AXIS.ticks.map((tick) => html`<span ${customProperties({ '--at': tick })}>${formatPercent(tick)}</span>`)}
        </div>
        <div class="plot" role="group" aria-label="Confidence against how often it is right; the arrow keys read it point by point">
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <line x1="0" x2="100" y1="75" y2="75" />
            <line x1="0" x2="100" y1="50" y2="50" />
            <line x1="0" x2="100" y1="25" y2="25" />
            <line class="same" x1="0" x2="100" y1="100" y2="0" />
            ${
              threshold === null
                ? nothing
                : svg`<line class="threshold" x1=${threshold * 100} x2=${threshold * 100} y1="0" y2="100" />`
            }
          </svg>
          ${bins.map(
            ({ confidence, accuracy, count }, column) => html`
              <span
                class="point ${count < FEW ? 'few' : ''} ${cursor.isAt(0, column) ? 'at' : ''}"
                role="img"
                tabindex=${cursor.tabIndex(0, column)}
                data-row="0"
                data-column=${column}
                aria-label=${describe({ confidence, accuracy, count })}
                ${customProperties({ '--x': confidence, '--y': accuracy, '--weight': Math.sqrt(count / most) })}
              ></span>
            `,
          )}
        </div>
        <div class="across" aria-hidden="true">
          ${PERCENT_AXIS.ticks.map((tick) => html`<span ${customProperties({ '--at': tick })}>${formatPercent(tick)}</span>`)}
        </div>
      </div>
      <p class="of soft" aria-hidden="true">Across: confidence. Upwards: how often it is right.</p>
      <p class="reading" aria-hidden="true">
        ${
          read === undefined
            ? html`<span class="soft">On the dashed line confidence is what it says; below it the model is too sure. The upright line is the threshold. Point at a circle, or walk with the arrow keys.</span>`
            : describe(read)
        }
      </p>
    `;
  }
}

function describe({ confidence, accuracy, count }: CalibrationBin): string {
  const few = count < FEW ? ': says little' : '';
  return `Confidence about ${formatPercent(confidence)}: right in ${formatPercent(accuracy)} of ${formatCount(count, 'item')}${few}`;
}
