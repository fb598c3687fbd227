import { css, html, LitElement, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Series } from '../../lib/report';
import { cellBorders, fractionOf, linePath, PERCENT_AXIS, roundAxis, spreadIndices } from '../state/scales';
import { formatPercent } from '../text/format';
import { chartStyles } from './chart-styles';
import { customProperties } from './custom-properties';
import { ReadingCursor } from './reading-cursor';
import { sharedStyles } from './shared-styles';

export interface ChartLine {
  name: string;
  /** One value for each step; null interrupts the line. */
  values: Series;
}

/** How lines are told apart, in their order: by pattern as well as by colour. */
const STYLES = ['line-1', 'line-2', 'line-3'] as const;

/** Points that can be read one after the other; of more, as many are spread evenly. */
const MOST_READ = 60;

/** Lines over the steps of a training, read step by step. */
@customElement('line-chart')
export class LineChart extends LitElement {
  static override styles = [
    sharedStyles,
    chartStyles,
    css`
      .frame {
        display: grid;
        grid-template: 'ticks plot' 14rem 'none steps' auto / auto minmax(0, 1fr);
        column-gap: 0.5rem;
        padding-top: 0.6rem;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }

      .ticks {
        grid-area: ticks;
        position: relative;
        min-width: 2.4rem;
      }

      .ticks span {
        position: absolute;
        inset-inline-end: 0;
        bottom: calc(var(--at) * 100%);
        line-height: 1;
        transform: translateY(50%);
      }

      .plot {
        grid-area: plot;
        position: relative;
        border-inline-start: 1px solid var(--line-strong);
      }

      .steps {
        grid-area: steps;
        display: flex;
        justify-content: space-between;
        padding-top: 0.3rem;
      }

      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }

      path,
      line {
        fill: none;
        vector-effect: non-scaling-stroke;
        forced-color-adjust: none;
      }

      .grid {
        stroke: var(--line);
        stroke-width: 1px;
      }

      .kept {
        stroke: var(--line-strong);
        stroke-width: 1px;
        stroke-dasharray: 2 3;
      }

      .needle {
        stroke: var(--now);
        stroke-width: 2px;
      }

      .line {
        stroke: var(--colour);
        stroke-width: 2.25px;
        stroke-linejoin: round;
      }

      .line-1 {
        --colour: var(--data);
      }

      .line-2 {
        --colour: var(--other-2);
        stroke-dasharray: 7 4;
      }

      .line-3 {
        --colour: var(--other-1);
        stroke-dasharray: 2 4;
        stroke-linecap: round;
      }

      .point {
        position: absolute;
        inset-block: 0;
        left: calc(var(--from) * 100%);
        width: calc((var(--to) - var(--from)) * 100%);
      }

      .point:focus-visible {
        outline-offset: 0;
      }

      .mark {
        position: absolute;
        left: calc(var(--x) * 100%);
        bottom: calc(var(--y) * 100%);
        width: 0.6rem;
        height: 0.6rem;
        margin: 0 0 -0.3rem -0.3rem;
        border: 2px solid var(--ground);
        border-radius: 50%;
        background: var(--colour);
        pointer-events: none;
        forced-color-adjust: none;
      }

      .legend svg {
        width: 1.75rem;
        height: 0.6rem;
      }
    `,
  ];

  @property({ attribute: false }) heading = '';
  /** What a step is called: "Epoch". */
  @property({ attribute: false }) stepName = '';
  /** Ascending. */
  @property({ attribute: false }) steps: readonly number[] = [];
  /** At most three. */
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  /** Values are parts of something, on a scale from 0 to 100%. */
  @property({ attribute: false }) isPercent = false;
  /** Step whose outcome is in the package. */
  @property({ attribute: false }) keptStep: number | null = null;

  /** Indices of the steps that can be read. */
  private read: readonly number[] = [];
  private readonly cursor = new ReadingCursor(this, () => ({ rows: 1, columns: this.read.length }));

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('steps')) {
      this.read = spreadIndices(this.steps.length, MOST_READ);
    }
  }

  override render() {
    const { steps, lines, cursor } = this;
    const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
    if (values.length === 0) {
      return nothing;
    }
    const axis = this.isPercent ? PERCENT_AXIS : roundAxis([0, ...values]);
    const first = steps[0] ?? 0;
    const last = steps.at(-1) ?? 0;
    const x = (step: number) => (first === last ? 0.5 : fractionOf(step, [first, last]));
    const y = (value: number) => fractionOf(value, axis.domain);
    const index = this.read[cursor.position?.column ?? -1] ?? null;
    const needle = index === null ? null : x(steps[index] ?? 0) * 100;
    const kept = this.keptStep === null ? null : x(this.keptStep) * 100;
    return html`
      <h3>${this.heading}</h3>
      <div class="frame">
        <div class="ticks" aria-hidden="true">
          ${axis.ticks.map((tick) => html`<span ${customProperties({ '--at': y(tick) })}>${this.format(tick, true)}</span>`)}
        </div>
        <div class="plot" role="group" aria-label="${this.heading}; the arrow keys read it point by point">
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            ${axis.ticks.map((tick) => svg`<line class="grid" x1="0" x2="100" y1=${100 - y(tick) * 100} y2=${100 - y(tick) * 100} />`)}
            ${kept === null ? nothing : svg`<line class="kept" x1=${kept} x2=${kept} y1="0" y2="100" />`}
            ${lines.map(
              (line, at) =>
                svg`<path class="line ${STYLES[at] ?? ''}" d=${linePath(
                  steps.map((step, each) => {
                    const value = line.values[each] ?? null;
                    return value === null ? null : { x: x(step), y: y(value) };
                  }),
                )} />`,
            )}
            ${needle === null ? nothing : svg`<line class="needle" x1=${needle} x2=${needle} y1="0" y2="100" />`}
          </svg>
          ${
            index === null
              ? nothing
              : lines.map((line, at) => {
                  const value = line.values[index] ?? null;
                  return value === null
                    ? nothing
                    : html`
                      <span
                        class="mark ${STYLES[at] ?? ''}"
                        ${customProperties({ '--x': x(steps[index] ?? 0), '--y': y(value) })}
                      ></span>
                    `;
                })
          }
          ${cellBorders(this.read.map((each) => x(steps[each] ?? 0))).map(
            ({ from, to }, column) => html`
              <span
                class="point"
                role="img"
                tabindex=${cursor.tabIndex(0, column)}
                data-row="0"
                data-column=${column}
                aria-label=${this.describe(this.read[column] ?? 0)}
                ${customProperties({ '--from': from, '--to': to })}
              ></span>
            `,
          )}
        </div>
        <div class="steps" aria-hidden="true"><span>${this.stepName} ${first}</span><span>${last}</span></div>
      </div>
      <ul class="legend" aria-label="Lines">
        ${lines.map(
          ({ name }, at) => html`
            <li>
              <svg viewBox="0 0 28 10" aria-hidden="true"><line class="line ${STYLES[at] ?? ''}" x1="0" x2="28" y1="5" y2="5" /></svg>
              ${name}
            </li>
          `,
        )}
      </ul>
      <p class="reading" aria-hidden="true">
        ${
          index === null
            ? html`<span class="soft">${this.keptWords()}Point at the plot, or walk with the arrow keys.</span>`
            : this.describe(index)
        }
      </p>
    `;
  }

  private keptWords(): string {
    return this.keptStep === null
      ? ''
      : `Dotted upright: ${this.stepName.toLowerCase()} ${this.keptStep}, which was kept. `;
  }

  private describe(index: number): string {
    const values = this.lines.map(({ name, values }) => {
      const value = values[index] ?? null;
      return `${name.toLowerCase()} ${value === null ? 'not measured' : this.format(value, false)}`;
    });
    return `${this.stepName} ${this.steps[index]}: ${values.join(', ')}`;
  }

  private format(value: number, isTick: boolean): string {
    if (this.isPercent) {
      return formatPercent(value, isTick ? 0 : 1);
    }
    return isTick ? String(value) : value.toFixed(3);
  }
}
