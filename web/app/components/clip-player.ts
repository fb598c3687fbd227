import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { customProperties } from './custom-properties';
import { PlayheadEvent } from './events';
import './picture-player';
import type { PicturePlayer } from './picture-player';
import { screenStyles } from './screen-styles';
import { sharedStyles } from './shared-styles';

/**
 * Milliseconds that a player waits for the first look before it shows the browser's own controls. Drawing those takes as much of a
 * processor as several frames do, at the moment at which all else of the page is drawn and the file is opened.
 */
const PATIENCE = 1000;

/** The clip as the browser plays it; where it does not, as Actionscope reads it. */
@customElement('clip-player')
export class ClipPlayer extends LitElement {
  static override styles = [sharedStyles, screenStyles];

  @property({ attribute: false }) file: File | null = null;
  /** Object URL of the file. */
  @property({ attribute: false }) url = '';
  /** Width over height of the picture, as far as it is known. */
  @property({ attribute: false }) aspect = 16 / 9;
  /** Whether somebody waits for a first look at the clip. */
  @property({ attribute: false }) hurried = false;
  @state() private unplayable = false;
  /** Once there, they stay as long as the clip does. */
  @state() private hasControls = false;
  @query('video') private readonly video!: HTMLVideoElement | null;
  @query('picture-player') private readonly pictures!: PicturePlayer | null;

  private animation = 0;
  private patience: ReturnType<typeof setTimeout> | undefined;

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
    clearTimeout(this.patience);
    this.release();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url')) {
      this.unplayable = false;
      this.hasControls = false;
      clearTimeout(this.patience);
      this.patience = setTimeout(() => {
        this.hasControls = true;
      }, PATIENCE);
    }
    this.hasControls ||= !this.hurried;
  }

  override render() {
    if (this.unplayable) {
      return html`<picture-player .file=${this.file} .aspect=${this.aspect}></picture-player>`;
    }
    return html`
      <div class="screen" ${customProperties({ '--aspect': this.aspect })}>
        <video
          ?controls=${this.hasControls}
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
