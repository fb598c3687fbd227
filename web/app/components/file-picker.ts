import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { FileChosenEvent } from './events';
import { sharedStyles } from './shared-styles';

/** Besides what the system calls a video or a picture, the endings of kinds that some systems know no type for. */
const ACCEPT = [
  'video/*',
  'image/*',
  ...[
    '.mp4',
    '.m4v',
    '.mov',
    '.qt',
    '.webm',
    '.mkv',
    '.avi',
    '.divx',
    '.mpg',
    '.mpeg',
    '.m1v',
    '.m2v',
    '.mpe',
    '.vob',
    '.dat',
  ],
  ...['.wmv', '.asf', '.flv', '.f4v', '.3gp', '.3g2', '.dv', '.ts', '.mts', '.m2ts', '.gif', '.webp', '.avif'],
].join();

/** A button that lets a person choose a video from their device. */
@customElement('file-picker')
export class FilePicker extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: inline-block;
      }

      input {
        display: none;
      }
    `,
  ];

  @property() label = 'Choose a video';
  @property({ type: Boolean }) primary = false;
  @query('input') private readonly input!: HTMLInputElement;

  open(): void {
    this.input.click();
  }

  override render() {
    return html`
      <button class="button ${this.primary ? 'primary' : ''}" @click=${this.open}>${this.label}</button>
      <input type="file" accept=${ACCEPT} aria-label=${this.label} @change=${this.choose} />
    `;
  }

  private choose(): void {
    const file = this.input.files?.[0];
    // The same file can be chosen again.
    this.input.value = '';
    if (file !== undefined) {
      this.dispatchEvent(new FileChosenEvent(file));
    }
  }
}
