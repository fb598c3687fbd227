import { html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { sharedStyles } from './shared-styles';

/** Milliseconds between emptying the region and filling it: without a change a sentence said twice would be heard once. */
const PAUSE = 60;

/** The one live region of the page: says things politely to those who hear it. */
@customElement('live-announcer')
export class LiveAnnouncer extends LitElement {
  static override styles = sharedStyles;

  @state() private sentence = '';
  private timer = 0;

  say(sentence: string): void {
    clearTimeout(this.timer);
    this.sentence = '';
    this.timer = window.setTimeout(() => {
      this.sentence = sentence;
    }, PAUSE);
  }

  override render() {
    return html`<div class="visually-hidden" role="status">${this.sentence}</div>`;
  }
}
