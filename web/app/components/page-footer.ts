import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Classifier, EngineDescription } from '../../lib/types';
import { ACTIONSCOPE_VERSION } from '../../lib/version';
import { sharedStyles } from './shared-styles';

/** "Engine of its own, with relaxed SIMD", "Engine ONNX Runtime Web 1.30.0", and why it is not the fastest, where it is not. */
function engineWords({ name, version, simd, steppedDown }: EngineDescription): string {
  const instructions = simd === 'relaxed' ? 'relaxed SIMD' : 'SIMD';
  const engine = name === 'native' ? `of its own, with ${instructions}` : `ONNX Runtime Web ${version}`;
  return steppedDown === null ? `Engine ${engine}` : `Engine ${engine}; a faster one was passed over: ${steppedDown}`;
}

/** What is at work here, and on which terms. */
@customElement('page-footer')
export class PageFooter extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.75rem;
        padding-block: 1.25rem 2rem;
        border-top: 1px solid var(--line);
        font-size: 0.875rem;
        color: var(--ink-soft);
      }

      .privacy {
        flex-basis: 100%;
      }
    `,
  ];

  @property({ attribute: false }) classifier: Classifier | null = null;

  override render() {
    const { classifier } = this;
    return html`
      <footer>
        <p class="privacy">
          Videos and webcam pictures never leave this device. No account, no cookies, no requests to anyone else.
        </p>
        <p>Actionscope ${ACTIONSCOPE_VERSION}</p>
        ${
          classifier === null
            ? ''
            : html`
              <p>Model ${classifier.model.name} ${classifier.model.version}, ${classifier.model.variant}</p>
              <p>${engineWords(classifier.engine)}</p>
            `
        }
        <p><a href="./bench.html">How fast is this device</a></p>
        <p><a href="./LICENSE.txt">Licence</a></p>
        <p><a href="./THIRD-PARTY-NOTICES.txt">Third-party notices</a></p>
      </footer>
    `;
  }
}
