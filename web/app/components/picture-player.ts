import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { openPictures } from '../../lib/index';
import type { ClipDescription } from '../../lib/types';
import { PicturePlayback } from '../state/picture-playback';
import { formatTime } from '../text/format';
import { customProperties } from './custom-properties';
import { PlayheadEvent } from './events';
import { FramePainter } from './frame-painter';
import { screenStyles } from './screen-styles';
import { sharedStyles } from './shared-styles';

/** A clip that the browser does not play, from the frames that are classified: pictures without sound, or a still picture. */
@customElement('picture-player')
export class PicturePlayer extends LitElement {
  static override styles = [
    sharedStyles,
    screenStyles,
    css`
      .message {
        max-width: 32ch;
        padding: 1rem;
        color: #d5ddda;
        text-align: center;
        text-wrap: balance;
      }

      .transport {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        margin-top: 0.5rem;
      }

      .play {
        flex: none;
        display: grid;
        place-items: center;
        width: 2.75rem;
        padding: 0;
      }

      svg {
        width: 1rem;
        height: 1rem;
        fill: currentcolor;
      }

      input {
        flex: 1;
        min-width: 0;
        height: 2.75rem;
        margin: 0;
        accent-color: var(--now);
        cursor: pointer;
      }

      /* Within its own room, so that it covers no words. */
      input:focus-visible {
        outline-offset: -3px;
      }

      .time,
      .silence {
        font-size: 0.875rem;
      }

      .time {
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) file: File | null = null;
  /** Width over height of the picture, as far as it is known. */
  @property({ attribute: false }) aspect = 16 / 9;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  private readonly painter = new FramePainter();
  private playback: PicturePlayback | null = null;
  /** Of the playhead as it was told last. */
  private told: number | null = null;

  /** Takes effect at once, or as soon as the clip is open. */
  seek(time: number): void {
    this.playback?.seek(time);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.playback?.close();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('file')) {
      this.playback?.close();
      this.playback = this.file === null ? null : this.start(this.file);
    }
  }

  override render() {
    const { playback } = this;
    return html`
      <div class="screen" ${customProperties({ '--aspect': this.aspect })}>
        <canvas width="0" height="0" role="img" aria-label=${`Picture of ${this.file?.name ?? ''}`} ?hidden=${!this.isDrawn}></canvas>
        ${this.isDrawn ? nothing : html`<p class="message">${playback?.error?.message ?? 'Opening'}</p>`}
      </div>
      ${playback?.pictures ? this.renderTransport(playback, playback.pictures.description) : nothing}
    `;
  }

  private renderTransport({ phase, position, error }: PicturePlayback, { duration, source }: ClipDescription) {
    // A still picture.
    if (duration === 0) {
      return nothing;
    }
    const isPlaying = phase === 'playing';
    // Files of moving pictures, such as GIF, have no sound that could be missed.
    const silence = source === 'image-decoder' ? '' : 'No sound: this browser does not play this kind of file.';
    return html`
      <div class="transport" @keydown=${this.onKey}>
        <button class="button play" aria-label=${isPlaying ? 'Pause' : 'Play'} ?disabled=${phase === 'failed'} @click=${this.toggle}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d=${isPlaying ? 'M3 2h4v12H3zM9 2h4v12H9z' : 'M3 1.5v13l11-6.5z'} />
          </svg>
        </button>
        <input
          type="range"
          min="0"
          max=${duration}
          step="any"
          aria-label=${`Position in ${this.file?.name ?? ''}`}
          aria-valuetext=${`${formatTime(position)} of ${formatTime(duration)}`}
          aria-describedby="keys"
          ?disabled=${phase === 'failed'}
          .value=${String(position)}
          @input=${this.scrub}
        />
        <span class="time" aria-hidden="true">${formatTime(position)} / ${formatTime(duration)}</span>
      </div>
      <p class="silence soft">${error?.message ?? silence}</p>
      <p id="keys" class="visually-hidden">
        Arrow left and right: one picture. Arrow up and down: one second. Space: play or pause.
      </p>
    `;
  }

  private get isDrawn(): boolean {
    return this.hasUpdated && this.canvas.width > 0;
  }

  private start(file: File): PicturePlayback {
    const { canvas } = this;
    canvas.width = 0;
    this.told = null;
    const playback = new PicturePlayback({
      draw: (frame) => {
        const { width = 1, height = 1 } = playback.pictures?.description ?? {};
        if (canvas.width === 0) {
          canvas.width = width;
          canvas.height = height;
          this.requestUpdate();
        }
        this.painter.paint(canvas, frame);
      },
      onChange: () => {
        this.requestUpdate();
        if (playback.position !== this.told) {
          this.told = playback.position;
          this.dispatchEvent(new PlayheadEvent(playback.position));
        }
      },
      onNextTick: (callback) => requestAnimationFrame(callback),
    });
    void playback.open((signal) => openPictures(file, signal));
    return playback;
  }

  private toggle(): void {
    if (this.playback?.phase === 'playing') {
      this.playback.pause();
    } else {
      this.playback?.play();
    }
  }

  private scrub(event: Event): void {
    this.playback?.seek(Number((event.target as HTMLInputElement).value));
  }

  private onKey(event: KeyboardEvent): void {
    const { playback } = this;
    if (
      playback === null ||
      !(event.target instanceof HTMLInputElement) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    ) {
      return;
    }
    const acts: Record<string, () => void> = {
      ArrowLeft: () => playback.stepPicture(-1),
      ArrowRight: () => playback.stepPicture(1),
      ArrowDown: () => playback.seek(playback.position - 1),
      ArrowUp: () => playback.seek(playback.position + 1),
      ' ': () => this.toggle(),
    };
    const act = acts[event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }
}
