import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { CommandEvent } from './events';
import './file-picker';
import { sharedStyles } from './shared-styles';

/** The place to start: a viewfinder that takes a video, or turns to the webcam. */
@customElement('drop-zone')
export class DropZone extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .finder {
        --arm: clamp(1.5rem, 4vw, 3rem);
        --inset: 0px;
        position: relative;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 1.25rem;
        min-height: clamp(17rem, 44svh, 34rem);
        padding: 2.5rem 1.25rem;
        background: var(--panel);
        text-align: center;
      }

      /* The corners of a viewfinder. */
      .corner {
        position: absolute;
        width: var(--arm);
        height: var(--arm);
        border: solid var(--ink);
        border-width: 0;
        transition: inset var(--quick), border-color var(--quick);
      }

      .corner:nth-of-type(1) {
        inset: var(--inset) auto auto var(--inset);
        border-top-width: 2px;
        border-left-width: 2px;
      }

      .corner:nth-of-type(2) {
        inset: var(--inset) var(--inset) auto auto;
        border-top-width: 2px;
        border-right-width: 2px;
      }

      .corner:nth-of-type(3) {
        inset: auto var(--inset) var(--inset) auto;
        border-bottom-width: 2px;
        border-right-width: 2px;
      }

      .corner:nth-of-type(4) {
        inset: auto auto var(--inset) var(--inset);
        border-bottom-width: 2px;
        border-left-width: 2px;
      }

      /* Ticks at the middle of each side. */
      .finder::before,
      .finder::after {
        content: '';
        position: absolute;
        inset: 0;
        border: solid var(--line-strong);
        pointer-events: none;
        margin: auto 0;
        height: 1px;
        border-width: 0 0.75rem;
      }

      .finder::after {
        margin: 0 auto;
        width: 1px;
        height: auto;
        border-width: 0.75rem 0;
      }

      :host([dragging]) .finder {
        --inset: 0.75rem;
      }

      :host([dragging]) .corner {
        border-color: var(--now);
      }

      .invitation {
        font: 700 clamp(1.6rem, 1rem + 2.6vw, 3rem) / 1.15 var(--display);
        letter-spacing: -0.01em;
        text-wrap: balance;
      }

      .by-touch {
        display: none;
      }

      @media (hover: none) and (pointer: coarse) {
        .by-mouse {
          display: none;
        }

        .by-touch {
          display: inline;
        }
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 0.75rem;
      }

      .kinds {
        text-wrap: balance;
      }

      .privacy {
        max-width: 58ch;
        text-wrap: pretty;
        font-size: 0.9375rem;
      }
    `,
  ];

  /** A file is being dragged over the page. */
  @property({ type: Boolean, reflect: true }) dragging = false;

  override render() {
    return html`
      <div class="finder">
        <span class="corner"></span><span class="corner"></span><span class="corner"></span><span class="corner"></span>
        <h2 class="invitation">
          ${
            this.dragging
              ? 'Let go to look at it'
              : html`<span class="by-mouse">Drop a video anywhere</span><span class="by-touch">Start with a video</span>`
          }
        </h2>
        <div class="ways">
          <file-picker primary></file-picker>
          <button class="button" @click=${() => this.dispatchEvent(new CommandEvent('webcam'))}>Use the webcam</button>
        </div>
        <p class="kinds">MP4, MOV, MKV, WebM, AVI, MPG, WMV, FLV, 3GP, GIF and more; single pictures, too.</p>
        <p class="privacy soft">
          Nothing is uploaded. A moment after engine and model are loaded nothing more is fetched but what you ask for: the
          model's report when you look at it, another engine when you have an answer checked, what reads a model that you
          bring along, and, for a file that this browser cannot read itself, one more part of this program, about 1 MB. All
          of it comes from this very site.
        </p>
      </div>
    `;
  }
}
