import type { LitElement, ReactiveController } from 'lit';
import { type GridPosition, type GridSize, rovingPosition, withinGrid } from '../state/reading-grid';

/**
 * The reading point of a chart: whatever is under the pointer, or else has the focus. A chart draws its points as elements with
 * `data-row` and `data-column`, gives them, or something within them, the tab index from here, and shows the reading of `position`.
 * Of all its points one takes part in the Tab order; the arrow keys move it.
 */
export class ReadingCursor implements ReactiveController {
  private tabStop: GridPosition = { row: 0, column: 0 };
  private pointed: GridPosition | null = null;
  private focused: GridPosition | null = null;

  /** @param size of the chart as it is drawn now */
  constructor(
    private readonly host: LitElement,
    private readonly size: () => GridSize,
  ) {
    host.addController(this);
    host.addEventListener('pointerleave', this.onLeave);
  }

  hostConnected(): void {
    // On the shadow root: what happens between two of its points never leaves it.
    const { renderRoot } = this.host;
    renderRoot.addEventListener('keydown', this.onKey);
    renderRoot.addEventListener('focusin', this.onFocus);
    renderRoot.addEventListener('focusout', this.onBlur);
    renderRoot.addEventListener('pointerover', this.onPointer);
  }

  /** What is read now; null for nothing. */
  get position(): GridPosition | null {
    const position = this.pointed ?? this.focused;
    const { rows, columns } = this.size();
    return position === null || position.row >= rows || position.column >= columns ? null : position;
  }

  hostUpdate(): void {
    this.tabStop = withinGrid(this.tabStop, this.size());
  }

  tabIndex(row: number, column: number): 0 | -1 {
    return row === this.tabStop.row && column === this.tabStop.column ? 0 : -1;
  }

  isAt(row: number, column: number): boolean {
    const { position } = this;
    return position !== null && position.row === row && position.column === column;
  }

  private change(changes: { pointed?: GridPosition | null; focused?: GridPosition | null }): void {
    Object.assign(this, changes);
    this.host.requestUpdate();
  }

  private readonly onKey = (event: Event) => {
    const at = positionOf(event);
    const next = at === null ? null : rovingPosition((event as KeyboardEvent).key, at, this.size());
    if (next !== null) {
      event.preventDefault();
      this.tabStop = next;
      const point = `[data-row="${next.row}"][data-column="${next.column}"]`;
      this.host.renderRoot.querySelector<HTMLElement>(`${point}[tabindex], ${point} [tabindex]`)?.focus();
    }
  };

  private readonly onFocus = (event: Event) => {
    const focused = positionOf(event);
    if (focused !== null) {
      this.tabStop = focused;
      // Where the keyboard went is what is read, even if the pointer was left lying somewhere else.
      this.change({ focused, pointed: null });
    }
  };

  private readonly onBlur = () => this.change({ focused: null });

  private readonly onPointer = (event: Event) => this.change({ pointed: positionOf(event) });

  private readonly onLeave = () => this.change({ pointed: null });
}

/** Where the point lies that an event was about; null if it was about none. */
function positionOf(event: Event): GridPosition | null {
  const [target] = event.composedPath();
  const point = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  if (point === null) {
    return null;
  }
  return { row: Number(point.dataset.row), column: Number(point.dataset.column) };
}
