import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { customProperties } from './custom-properties';
import { PlayheadEvent } from './events';
import './picture-player';
import type { PicturePlayer } from './picture-player';
import { screenStyles } from './screen-styles';
import { sharedStyles } from './shared-styles';

/** The clip as the browser plays it; where it does not, as Actionscope reads it. */
@customElement('clip-player')
export class ClipPlayer extends LitElement {
  static override styles = [sharedStyles, screenStyles];

  @property({ attribute: false }) file: File | null = null;
  /** Object URL of the file. */
  @property({ attribute: false }) url = '';
  /** Width over height of the picture, as far as it is known. */
  @property({ attribute: false }) aspect = 16 / 9;
  @state() private unplayable = false;
  @query('video') private readonly video!: HTMLVideoElement | null;
  @query('picture-player') private readonly pictures!: PicturePlayer | null;

  private animation = 0;

  seek(time: number): void {
    this.pictures?.seek(time);
    if (this.video !== null) {
      this.video.currentTime = time;
    }
    // Only from where nothing of it can be seen: whoever goes through the frames below shall not lose their place.
    if (this.getBoundingClientRect().bottom < 48) {
      this.scrollIntoView({ block: 'nearest' });
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url')) {
      this.unplayable = false;
    }
  }

  override render() {
    if (this.unplayable) {
      return html`<picture-player .file=${this.file} .aspect=${this.aspect}></picture-player>`;
    }
    return html`
      <div class="screen" ${customProperties({ '--aspect': this.aspect })}>
        <video
          controls
          playsinline
          preload="metadata"
          aria-label=${`Video: ${this.file?.name ?? ''}`}
          .src=${this.url}
          @loadedmetadata=${this.look}
          @timeupdate=${this.report}
          @seeking=${this.report}
          @play=${this.follow}
          @error=${this.giveUp}
        ></video>
      </div>
    `;
  }

  /** Of a file whose picture it cannot decode a browser may still play the sound. */
  private look(): void {
    if (this.video?.videoWidth === 0) {
      this.giveUp();
    }
  }

  private giveUp(): void {
    this.release();
    this.unplayable = true;
  }

  /** Frees the decoder now, not when the element is collected. */
  private release(): void {
    cancelAnimationFrame(this.animation);
    this.video?.removeAttribute('src');
    this.video?.load();
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
