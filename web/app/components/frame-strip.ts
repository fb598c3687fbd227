import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Frame } from '../../lib/frame';
import { openPictures } from '../../lib/index';
import type { SampledFrame } from '../../lib/types';
import { rovingIndex } from '../state/roving';
import { visitFrames } from '../state/thumbnails';
import { formatTime } from '../text/format';
import { customProperties } from './custom-properties';
import { SeekEvent } from './events';
import { FramePainter } from './frame-painter';
import { sharedStyles } from './shared-styles';

/** Height of a thumbnail in device pixels; its width follows the picture. */
const THUMBNAIL_HEIGHT = 144;

/** Frames of the clip with their times. Their pictures are drawn once `ready` is set, so as not to slow classification down. */
@customElement('frame-strip')
export class FrameStrip extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .frames {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: max(5.5rem, 22%);
        gap: 0.5rem;
        overflow-x: auto;
        padding: 5px;
        margin: -5px;
      }

      @container (width >= 40rem) {
        .frames {
          grid-auto-flow: row;
          grid-template-columns: repeat(10, minmax(0, 1fr));
        }
      }

      @container (width >= 60rem) {
        .upright {
          grid-template-columns: repeat(20, minmax(0, 1fr));
        }
      }

      @container (width >= 100rem) {
        .frames {
          grid-template-columns: repeat(20, minmax(0, 1fr));
        }
      }

      button {
        display: grid;
        gap: 0.2rem;
        padding: 0;
        border: 0;
        background: none;
        font-size: 0.8125rem;
        line-height: 1.4;
        text-align: start;
        cursor: pointer;
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: var(--aspect);
        object-fit: contain;
        border-radius: 2px;
        background: var(--well);
      }

      button:hover canvas {
        outline: 2px solid var(--ink);
      }

      button[aria-current] {
        color: var(--now);
      }

      button[aria-current] canvas {
        outline: 2px solid var(--now);
      }
    `,
  ];

  @property({ attribute: false }) frames: readonly SampledFrame[] = [];
  @property({ attribute: false }) file: File | null = null;
  /** Width over height of the picture. */
  @property({ attribute: false }) aspect = 4 / 3;
  @property({ type: Boolean }) ready = false;
  /** Frame that the player shows, or showed last. */
  @state() private current = -1;
  @state() private tabStop = 0;

  private drawing: AbortController | null = null;

  movePlayhead(time: number): void {
    this.current = this.frames.findLastIndex((frame) => frame.time <= time + 0.05);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.drawing?.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('frames') || changed.has('file') || changed.has('ready')) {
      this.drawing?.abort();
      if (this.ready && this.frames.length > 0 && this.file !== null) {
        this.drawing = new AbortController();
        // A clip that cannot be read now gets no pictures; why not, the clip itself tells.
        this.draw(this.file, this.drawing.signal).catch(() => undefined);
      }
    }
  }

  override render() {
    if (this.frames.length === 0) {
      return nothing;
    }
    return html`
      <div class="frames ${this.aspect < 0.8 ? 'upright' : ''}" role="toolbar" aria-label="Frames" @keydown=${this.onKey} ${customProperties({ '--aspect': this.aspect })}>
        ${this.frames.map(
          ({ time }, index) => html`
            <button
              tabindex=${index === this.tabStop ? 0 : -1}
              aria-label="Frame at ${formatTime(time)}"
              aria-current=${index === this.current ? 'true' : nothing}
              @click=${() => this.seek(index)}
            >
              <canvas width="0" height="0"></canvas>
              <span>${formatTime(time)}</span>
            </button>
          `,
        )}
      </div>
    `;
  }

  private async draw(file: File, signal: AbortSignal): Promise<void> {
    const canvases = this.renderRoot.querySelectorAll('canvas');
    // The frames that were looked at: those of a long clip can lie beside their moments.
    const times = this.frames.map(({ timestamp }) => timestamp);
    const painter = new FramePainter();
    const pictures = await openPictures(file, signal);
    const { width, height } = pictures.description;
    const draw = (index: number, frame: Frame) => {
      const canvas = canvases[index];
      if (canvas !== undefined) {
        canvas.height = THUMBNAIL_HEIGHT;
        canvas.width = Math.round((THUMBNAIL_HEIGHT * width) / height);
        painter.paint(canvas, frame);
      }
    };
    try {
      await visitFrames(pictures, times, draw, signal);
    } finally {
      await pictures.close();
    }
  }

  private seek(index: number): void {
    const frame = this.frames[index];
    if (frame !== undefined) {
      this.tabStop = index;
      this.dispatchEvent(new SeekEvent(frame.time));
    }
  }

  private onKey(event: KeyboardEvent): void {
    const next = rovingIndex(event.key, this.tabStop, this.frames.length);
    if (next !== null) {
      event.preventDefault();
      this.tabStop = next;
      this.renderRoot.querySelectorAll('button')[next]?.focus();
    }
  }
}
