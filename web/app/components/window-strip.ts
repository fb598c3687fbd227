import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ModelDescription, WindowScores } from '../../lib/types';
import { rovingIndex } from '../state/roving';
import {
  cellAt,
  type StripCell,
  type StripPattern,
  stripCells,
  stripLength,
  stripPatterns,
  stripRuns,
} from '../state/strip-layout';
import { formatTime } from '../text/format';
import { answerLine, titleOf } from '../text/wording';
import { customProperties } from './custom-properties';
import { SeekEvent } from './events';
import { sharedStyles } from './shared-styles';

/** The answer window by window along the clip: the height of a mark is its confidence, its pattern the label. */
@customElement('window-strip')
export class WindowStrip extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .scroller {
        overflow-x: auto;
        /* Room for the focus ring and the needle's head. */
        padding: 4px 4px 0;
        margin: 0 -4px;
      }

      .track {
        position: relative;
        min-width: calc(var(--count) * 1rem);
        padding-top: 1.6rem;
      }

      @media (pointer: coarse) {
        .track {
          min-width: calc(var(--count) * 1.75rem);
        }
      }

      .runs {
        position: absolute;
        inset: 0 0 auto;
        height: 1.5rem;
        font-size: 0.875rem;
        line-height: 1.5rem;
      }

      .run {
        position: absolute;
        left: calc(var(--from) * 100%);
        width: calc((var(--to) - var(--from)) * 100%);
        container-type: inline-size;
        height: 100%;
        border-inline-start: 1px solid var(--line-strong);
      }

      .run span {
        display: block;
        padding-inline: 0.35em;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      /* Too narrow for words: the legend has them. */
      @container (width < 3.5rem) {
        .run span {
          display: none;
        }
      }

      .cells {
        position: relative;
        height: 5rem;
        border-block: 1px solid var(--line-strong);
        background: linear-gradient(var(--line) 0 1px, transparent 1px) 0 -1px / 100% 25%;
      }

      .cell {
        position: absolute;
        inset-block: 0;
        left: calc(var(--from) * 100%);
        width: calc((var(--to) - var(--from)) * 100%);
        padding: 0;
        border: 0;
        background: none;
        cursor: pointer;
      }

      .cell:hover {
        background: var(--well);
      }

      .cell:focus-visible {
        z-index: 2;
        outline-offset: 0;
      }

      .mark {
        position: absolute;
        bottom: 0;
        left: calc(var(--mark-from) * 100%);
        width: max(5px, calc((var(--mark-to) - var(--mark-from)) * 100% - 1px));
        height: calc(var(--confidence) * 100%);
        border-top: 3px solid var(--colour);
        forced-color-adjust: none;
      }

      .answer {
        --colour: var(--data);
        background: var(--colour);
      }

      .none {
        --colour: var(--line-strong);
        border: 1px solid var(--colour);
        border-top-width: 3px;
        border-bottom: 0;
      }

      .other-1 {
        --colour: var(--other-1);
        background: repeating-linear-gradient(45deg, var(--colour) 0 2px, transparent 2px 6px);
      }

      .other-2 {
        --colour: var(--other-2);
        background: radial-gradient(circle at center, var(--colour) 0 1.3px, transparent 1.8px) 0 0 / 5px 5px;
      }

      .other-3 {
        --colour: var(--other-3);
        background: repeating-linear-gradient(0deg, var(--colour) 0 2px, transparent 2px 6px);
      }

      .unsure {
        opacity: 0.55;
      }

      .needle {
        position: absolute;
        z-index: 1;
        inset: 1.45rem auto 0;
        left: calc(var(--playhead, 0) * 100%);
        width: 2px;
        margin-inline-start: -1px;
        background: var(--now);
        pointer-events: none;
        forced-color-adjust: none;
      }

      .needle::before {
        content: '';
        position: absolute;
        top: -1px;
        left: -4px;
        border: 5px solid transparent;
        border-top: 7px solid var(--now);
        border-bottom: 0;
      }

      .ends {
        display: flex;
        justify-content: space-between;
        font-size: 0.8125rem;
        padding-top: 0.25rem;
      }

      .reading {
        min-height: 1.5em;
        padding-top: 0.35rem;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
        font-size: 0.875rem;
      }

      .legend li {
        display: flex;
        align-items: center;
        gap: 0.5em;
      }

      .swatch {
        width: 1.1rem;
        height: 0.85rem;
        border-top: 3px solid var(--colour);
        forced-color-adjust: none;
      }

      .swatch.none {
        border: 1px solid var(--colour);
      }

      .below {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 2rem;
      }
    `,
  ];

  @property({ attribute: false }) model: ModelDescription | null = null;
  @property({ attribute: false }) windows: readonly WindowScores[] = [];
  /** Length of the clip in seconds. */
  @property({ attribute: false }) duration = 0;
  /** Label of the clip as a whole. */
  @property({ attribute: false }) answer: string | null = null;
  /** Window under the pointer or the focus. */
  @state() private pointed: number | null = null;
  /** Window that the player is in. */
  @state() private current = -1;
  /** Window that takes part in the Tab order. */
  @state() private tabStop = 0;
  @query('.track') private readonly track!: HTMLElement | null;

  private cells: readonly StripCell[] = [];
  /** Seconds from the left end of the strip to the right one. */
  private length = 0;

  /** Moves the needle; called many times a second, so it redraws nothing unless the window changes. */
  movePlayhead(time: number): void {
    const fraction = Math.min(time / this.length, 1);
    this.track?.style.setProperty('--playhead', String(fraction));
    this.current = cellAt(this.cells, fraction);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('windows') || changed.has('duration')) {
      this.length = stripLength(this.windows, this.duration);
      this.cells = stripCells(this.windows, this.length);
      this.tabStop = Math.min(this.tabStop, Math.max(0, this.cells.length - 1));
    }
  }

  override render() {
    const { model, cells } = this;
    if (model === null || cells.length === 0) {
      return nothing;
    }
    const patterns = stripPatterns(this.windows, this.answer, model.noneLabel);
    const shown = this.pointed ?? this.current;
    return html`
      <div class="scroller">
        <div class="track" ${customProperties({ '--count': cells.length })}>
          <div class="runs" aria-hidden="true">
            ${stripRuns(cells).map(
              ({ answer, from, to }) =>
                html`<div class="run" ${customProperties({ '--from': from, '--to': to })}><span>${titleOf(model, answer)}</span></div>`,
            )}
          </div>
          <div class="cells" role="toolbar" aria-label="Answer window by window" @keydown=${this.onKey} @pointerleave=${this.unpoint}>
            ${cells.map((cell, index) => this.renderCell(model, cell, index, patterns.get(cell.window.answer) ?? 'none'))}
          </div>
          <div class="needle"></div>
        </div>
      </div>
      <div class="ends soft" aria-hidden="true">
        <span>${formatTime(0)}</span><span>${formatTime(this.length)}</span>
      </div>
      <div class="below">
        <p class="reading" aria-hidden="true">${this.describe(model, cells[shown])}</p>
        <ul class="legend" aria-label="Patterns">
          ${[...patterns].map(
            ([label, pattern]) => html`<li><span class="swatch ${pattern}"></span>${titleOf(model, label)}</li>`,
          )}
          ${this.windows.every(({ sure }) => sure) ? nothing : html`<li>Faint: not sure</li>`}
        </ul>
      </div>
    `;
  }

  private renderCell(model: ModelDescription, cell: StripCell, index: number, pattern: StripPattern) {
    const { window, from, to, markFrom, markTo } = cell;
    const width = Math.max(to - from, Number.EPSILON);
    return html`
      <button
        class="cell"
        tabindex=${index === this.tabStop ? 0 : -1}
        aria-label=${this.describe(model, cell)}
        aria-current=${index === this.current ? 'true' : nothing}
        ${customProperties({ '--from': from, '--to': to })}
        @click=${() => this.seek(index)}
        @focus=${() => this.point(index)}
        @blur=${this.unpoint}
        @pointerenter=${() => this.point(index)}
      >
        <span
          class="mark ${pattern} ${window.sure ? '' : 'unsure'}"
          ${customProperties({
            '--mark-from': (markFrom - from) / width,
            '--mark-to': (markTo - from) / width,
            '--confidence': window.confidence,
          })}
        ></span>
      </button>
    `;
  }

  private describe(model: ModelDescription, cell: StripCell | undefined): string {
    return cell === undefined
      ? ''
      : `${formatTime(cell.window.start)} to ${formatTime(cell.window.end)}: ${answerLine(cell.window, model)}`;
  }

  private point(index: number): void {
    this.pointed = index;
  }

  private unpoint(): void {
    this.pointed = null;
  }

  private seek(index: number): void {
    const cell = this.cells[index];
    if (cell !== undefined) {
      this.tabStop = index;
      // A hair past the border, so that rounding does not leave the needle in the window before.
      this.dispatchEvent(new SeekEvent(cell.markFrom * this.length + 0.01));
    }
  }

  private onKey(event: KeyboardEvent): void {
    const next = rovingIndex(event.key, this.tabStop, this.cells.length);
    if (next !== null) {
      event.preventDefault();
      this.tabStop = next;
      this.renderRoot.querySelectorAll<HTMLElement>('.cell')[next]?.focus();
    }
  }
}
