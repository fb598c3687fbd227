import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { customProperties } from './custom-properties';
import { PlayheadEvent } from './events';
import { sharedStyles } from './shared-styles';

/** The clip as the browser plays it. */
@customElement('clip-player')
export class ClipPlayer extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .screen {
        display: grid;
        place-items: center;
        aspect-ratio: var(--aspect);
        width: 100%;
        max-height: min(62svh, 60rem);
        border-radius: var(--radius);
        background: #0a0e0d;
        overflow: hidden;
      }

      @media (width < 48rem) {
        .screen {
          max-height: 42svh;
        }
      }

      video {
        display: block;
        width: 100%;
        height: 100%;
        min-height: 0;
        object-fit: contain;
      }

      .silent {
        max-width: 28ch;
        padding: 1rem;
        color: #d5ddda;
        text-align: center;
        text-wrap: balance;
      }
    `,
  ];

  /** Object URL of the clip. */
  @property({ attribute: false }) url = '';
  @property({ attribute: false }) name = '';
  /** Width over height of the picture, as far as it is known. */
  @property({ attribute: false }) aspect = 16 / 9;
  @state() private unplayable = false;
  @query('video') private readonly video!: HTMLVideoElement | null;

  private animation = 0;

  seek(time: number): void {
    if (this.video !== null) {
      this.video.currentTime = time;
      // Only from where nothing of it can be seen: whoever goes through the frames below shall not lose their place.
      const { bottom } = this.getBoundingClientRect();
      if (bottom < 48) {
        this.scrollIntoView({ block: 'nearest' });
      }
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.animation);
    // Frees the decoder now, not when the element is collected.
    this.video?.removeAttribute('src');
    this.video?.load();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url')) {
      this.unplayable = false;
    }
  }

  override render() {
    return html`
      <div class="screen" ${customProperties({ '--aspect': this.aspect })}>
        ${
          this.unplayable
            ? html`<p class="silent">This browser cannot play this file.</p>`
            : html`
              <video
                controls
                playsinline
                preload="metadata"
                aria-label=${`Video: ${this.name}`}
                .src=${this.url}
                @timeupdate=${this.report}
                @seeking=${this.report}
                @play=${this.follow}
                @error=${() => {
                  this.unplayable = true;
                }}
              ></video>
            `
        }
      </div>
    `;
  }

  private report(): void {
    if (this.video !== null) {
      this.dispatchEvent(new PlayheadEvent(this.video.currentTime));
    }
  }

  /** While the clip plays the needle moves with every picture of the screen; timeupdate comes four times a second. */
  private follow(): void {
    cancelAnimationFrame(this.animation);
    const step = () => {
      this.report();
      if (this.video !== null && !this.video.paused && !this.video.ended) {
        this.animation = requestAnimationFrame(step);
      }
    };
    step();
  }
}
