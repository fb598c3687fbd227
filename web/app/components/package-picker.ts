import { css, html, LitElement } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { packageOf } from '../state/chosen-package';
import { PackageChosenEvent } from './events';
import { sharedStyles } from './shared-styles';

/** Two buttons that let a person choose a model package from their device: a .zip file, or a folder. */
@customElement('package-picker')
export class PackagePicker extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }

      input {
        display: none;
      }
    `,
  ];

  @query('.zip') private readonly zip!: HTMLInputElement;
  @query('.folder') private readonly folder!: HTMLInputElement;

  override render() {
    return html`
      <button class="button" @click=${() => this.zip.click()}>Load another model (.zip)</button>
      <button class="button" @click=${() => this.folder.click()}>Load another model (folder)</button>
      <input class="zip" type="file" accept=".zip,application/zip" aria-label="Model package as a .zip file" @change=${this.choose} />
      <input class="folder" type="file" webkitdirectory aria-label="Folder of a model package" @change=${this.choose} />
    `;
  }

  private choose(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    const chosen = packageOf([...(input.files ?? [])]);
    // The same package can be chosen again.
    input.value = '';
    if (chosen !== null) {
      this.dispatchEvent(new PackageChosenEvent(chosen.files, chosen.name));
    }
  }
}
