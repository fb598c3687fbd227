import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { listCameras, openCamera } from '../../lib/index';
import type { Classifier } from '../../lib/types';
import { LiveCamera } from '../state/live-camera';
import type { LoadState } from '../state/session';
import { SteadyLabel } from '../state/steady-label';
import { formatElapsed, formatPercent } from '../text/format';
import { answerWords } from '../text/wording';
import './answer-readout';
import './error-notice';
import { AnnounceEvent } from './events';
import './file-picker';
import './load-status';
import './probability-bars';
import './progress-bar';
import { sharedStyles } from './shared-styles';

/** The webcam and what it shows, as it happens. The camera is open for as long as this element is on the page, at most. */
@customElement('live-view')
export class LiveView extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .layout {
        display: grid;
        gap: 1.5rem clamp(1.5rem, 3cqi, 3.5rem);
      }

      @container (width >= 52rem) {
        .layout {
          grid-template-columns: minmax(0, 1.3fr) minmax(21rem, 1fr);
        }
      }

      .picture,
      .readings {
        display: grid;
        gap: 1rem;
        align-content: start;
      }

      .screen {
        position: relative;
        display: grid;
        place-items: center;
        aspect-ratio: 4 / 3;
        width: 100%;
        max-height: min(62svh, 60rem);
        border-radius: var(--radius);
        background: #0a0e0d;
        color: #d5ddda;
        overflow: hidden;
      }

      @media (width < 48rem) {
        .screen {
          max-height: 42svh;
        }
      }

      video {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }

      .mirrored {
        transform: scaleX(-1);
      }

      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.75rem 1.25rem;
      }

      .controls label {
        display: flex;
        flex: 1 1 14rem;
        align-items: center;
        gap: 0.6rem;
        min-width: 0;
      }

      select {
        flex: 1;
        min-width: 0;
        min-height: 2.5rem;
        padding: 0.4rem 0.6rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--panel);
        font-size: 1rem;
      }

      h1 {
        margin-inline-end: auto;
        font: 600 1.0625rem / 1.4 var(--text);
      }

      .state {
        display: flex;
        align-items: center;
        min-height: 3.5rem;
      }

      .state > * {
        flex: 1;
      }

      dl {
        display: flex;
        gap: 1.75rem;
      }

      dt {
        font-size: 0.875rem;
      }

      dd {
        min-width: 5ch;
        font: 400 1.25rem / 1.3 var(--display);
      }
    `,
  ];

  @property({ attribute: false }) classifier: Classifier | null = null;
  @property({ attribute: false }) load: LoadState = { phase: 'loading', progress: null };
  @state() private shownStream: MediaStream | null = null;
  @query('video') private readonly video!: HTMLVideoElement | null;

  private readonly camera = new LiveCamera({ openCamera, listCameras, onChange: () => this.onCameraChange() });
  private steady = new SteadyLabel();
  private spokenError: Error | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.onVisibility);
    navigator.mediaDevices?.addEventListener('devicechange', this.onDevices);
    void this.camera.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.onVisibility);
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDevices);
    this.camera.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('classifier')) {
      this.camera.setClassifier(this.classifier);
    }
  }

  override updated(): void {
    if (this.video !== null && this.video.srcObject !== this.shownStream) {
      this.video.srcObject = this.shownStream;
      void this.video.play().catch(() => undefined);
    }
  }

  override render() {
    const { camera } = this;
    const isOpen = camera.stream !== null;
    return html`
      <div class="layout">
        <div class="picture">
          <div class="screen">
            ${isOpen ? nothing : html`<p>${camera.phase === 'opening' ? 'Opening the camera' : 'The camera is off'}</p>`}
            <video class=${this.isMirrored ? 'mirrored' : ''} muted playsinline aria-label="Picture of the webcam" ?hidden=${!isOpen}></video>
          </div>
          <div class="controls">
            <h1>Webcam</h1>
            ${this.renderChoice()}
            ${
              isOpen || camera.phase === 'opening'
                ? html`<button class="button" @click=${() => camera.stop()}>Stop the camera</button>`
                : html`<button class="button" @click=${() => camera.start()}>Start the camera</button>`
            }
          </div>
        </div>
        <div class="readings">${camera.phase === 'failed' ? this.renderError() : this.renderReadings()}</div>
      </div>
    `;
  }

  private renderChoice() {
    const { cameras, camera } = this.camera;
    if (cameras.length < 2) {
      return nothing;
    }
    return html`
      <label>
        <span class="soft">Camera</span>
        <select @change=${(event: Event) => this.camera.start((event.target as HTMLSelectElement).value)}>
          ${cameras.map(
            ({ id, name }, index) =>
              html`<option value=${id} ?selected=${id === camera}>${name === '' ? `Camera ${index + 1}` : name}</option>`,
          )}
        </select>
      </label>
    `;
  }

  private renderError() {
    return html`
      <error-notice .error=${this.camera.error}>
        <button class="button" @click=${() => this.camera.start()}>Try again</button>
        <file-picker label="Choose a video instead"></file-picker>
      </error-notice>
    `;
  }

  private renderReadings() {
    const { scores, phase } = this.camera;
    const model = this.classifier?.model ?? null;
    const isFull = scores !== null && scores.filled >= 1;
    const stage = scores === null ? 'No reading' : isFull ? 'Now' : 'Filling the first window';
    const pending = {
      opening: 'Opening',
      waiting: 'Waiting',
      live: 'Looking',
      paused: 'Paused',
      stopped: 'Stopped',
      failed: '',
    } as const;
    return html`
      <answer-readout
        .model=${model}
        .scores=${scores}
        .stage=${stage}
        .pending=${pending[phase]}
        ?provisional=${!isFull}
        ?live=${phase === 'live'}
      ></answer-readout>
      <div class="state">${this.renderState()}</div>
      <probability-bars
        .model=${model}
        .order=${'model'}
        .probabilities=${scores?.probabilities ?? null}
        .answer=${scores?.answer ?? null}
      ></probability-bars>
    `;
  }

  private renderState() {
    const { scores, phase } = this.camera;
    if (phase === 'waiting') {
      return html`<load-status .load=${this.load}></load-status>`;
    }
    if (phase === 'paused') {
      return html`<p>Paused while this page is hidden.</p>`;
    }
    if (phase === 'stopped') {
      return html`<p>The camera is off. Nothing was kept.</p>`;
    }
    if (scores === null) {
      return html`<p class="soft">${phase === 'opening' ? 'Your browser may ask whether this page may use the camera.' : ''}</p>`;
    }
    if (scores.filled < 1) {
      return html`
        <progress-bar .label=${`${formatPercent(scores.filled)} of a window`} .value=${scores.filled}></progress-bar>
      `;
    }
    return html`
      <dl>
        <div><dt class="soft">Frames a second</dt><dd>${scores.rate.toFixed(1)}</dd></div>
        <div><dt class="soft">Delay</dt><dd>${formatElapsed(scores.latency)}</dd></div>
      </dl>
    `;
  }

  /** People expect a mirror of a camera that looks at them, not of one that looks away. */
  private get isMirrored(): boolean {
    return this.camera.stream?.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';
  }

  private onCameraChange(): void {
    const { scores, stream, error } = this.camera;
    this.shownStream = stream;
    this.requestUpdate();
    if (error !== null && error !== this.spokenError) {
      this.dispatchEvent(new AnnounceEvent(error.message));
    }
    this.spokenError = error;
    if (scores !== null && scores.filled >= 1 && this.classifier !== null) {
      const { headline } = answerWords(scores, this.classifier.model);
      const heard = this.steady.heard(headline, performance.now());
      if (heard !== null) {
        this.dispatchEvent(new AnnounceEvent(heard));
      }
    }
    if (stream === null) {
      this.steady = new SteadyLabel();
    }
  }

  private readonly onVisibility = () => {
    this.camera.setHidden(document.hidden);
  };

  private readonly onDevices = () => {
    void this.camera.refreshCameras();
  };
}
