import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SampledFrame } from '../../lib/types';
import { rovingIndex } from '../state/roving';
import { visitFrames } from '../state/thumbnails';
import { formatTime } from '../text/format';
import { customProperties } from './custom-properties';
import { SeekEvent } from './events';
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
  /** Object URL of the clip. */
  @property({ attribute: false }) url = '';
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
    if (changed.has('frames') || changed.has('url') || changed.has('ready')) {
      this.drawing?.abort();
      if (this.ready && this.frames.length > 0) {
        this.drawing = new AbortController();
        void this.draw(this.drawing.signal);
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

  private draw(signal: AbortSignal): Promise<void> {
    const canvases = this.renderRoot.querySelectorAll('canvas');
    const times = this.frames.map(({ time }) => time);
    const draw = (index: number, video: HTMLVideoElement) => {
      const canvas = canvases[index];
      if (canvas !== undefined && video.videoHeight > 0) {
        canvas.height = THUMBNAIL_HEIGHT;
        canvas.width = Math.round((THUMBNAIL_HEIGHT * video.videoWidth) / video.videoHeight);
        canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
      }
    };
    return visitFrames(this.url, times, draw, signal);
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
