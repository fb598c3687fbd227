import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelDescription } from '../../lib/types';
import { formatCount } from '../text/format';
import { actionsOf } from '../text/wording';
import { sharedStyles } from './shared-styles';

/** The actions that the model knows, each with the sentence that its package gives it. A way to learn more goes into the slot. */
@customElement('action-catalogue')
export class ActionCatalogue extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      .intro {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 1rem;
        padding-bottom: 0.9rem;
        border-bottom: 1px solid var(--line);
      }

      ::slotted(*) {
        margin-inline-start: auto;
      }

      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr));
        gap: 1.1rem 2rem;
        padding-top: 1.1rem;
        min-height: 12rem;
      }

      dt {
        font-weight: 600;
      }

      dd {
        font-size: 0.9375rem;
        line-height: 1.4;
        text-wrap: pretty;
      }
    `,
  ];

  @property({ attribute: false }) model: ModelDescription | null = null;
  /** Lists "none of these" as well. */
  @property({ type: Boolean }) complete = false;

  override render() {
    const { model } = this;
    const actions = model === null ? [] : actionsOf(model);
    const listed = this.complete && model !== null ? model.labels : actions;
    return html`
      <div class="intro">
        <h2 class="section-title">
          ${model === null ? 'What it knows' : `It knows ${formatCount(actions.length, 'action')}`}
        </h2>
        <p class="soft">
          ${
            model === null
              ? 'The list comes with the model, in a moment.'
              : model.noneLabel === null
                ? ''
                : 'Anything else it should call none of these.'
          }
        </p>
        <slot></slot>
      </div>
      <dl>
        ${listed.map(
          ({ title, description }) => html`
            <div>
              <dt>${title}</dt>
              <dd class="soft">${description}</dd>
            </div>
          `,
        )}
      </dl>
    `;
  }
}
