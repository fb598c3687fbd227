import { css, html, LitElement, nothing } from 'lit';
import { query, state } from 'lit/decorators.js';
import { ActionscopeError, type Contender, hasRelaxedSimd, measureDevice } from '../../lib/index';
import type { ModelDescription } from '../../lib/types';
import { ACTIONSCOPE_VERSION } from '../../lib/version';
import { type DeviceFacts, deviceCsv, deviceReport, type MeasuredRow } from '../state/device-report';
import { spokenSpeed } from '../text/device-words';
import { asError } from '../text/notices';
import './error-notice';
import './live-announcer';
import type { LiveAnnouncer } from './live-announcer';
import { saveFile } from './save-file';
import { sharedStyles } from './shared-styles';
import './speed-table';

/** The page that measures how fast this device is. */
export class DeviceBench extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        width: min(100% - 2 * var(--gutter), 72rem);
        margin-inline: auto;
        padding-bottom: 3rem;
      }

      header {
        padding-block: 1.25rem;
      }

      main {
        display: grid;
        gap: 1.5rem;
      }

      h1 {
        font: 700 clamp(1.6rem, 1.2rem + 2vw, 2.5rem) / 1.15 var(--display);
        text-wrap: balance;
      }

      .intro {
        max-width: 68ch;
        text-wrap: pretty;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
      }

      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 2.25rem;
      }

      dt {
        font-size: 0.875rem;
      }

      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @query('live-announcer') private readonly announcer!: LiveAnnouncer | null;
  @state() private rows: readonly MeasuredRow[] = [];
  @state() private model: ModelDescription | null = null;
  /** Who is being measured. */
  @state() private current: Contender | null = null;
  @state() private running: AbortController | null = null;
  @state() private error: Error | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // What the HTML said before the program ran.
    this.replaceChildren();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  override render() {
    const { cores, userAgent, relaxedSimd } = this.facts;
    return html`
      <header><a href="./">Actionscope</a></header>
      <main>
        <h1>How fast is this device</h1>
        <p class="intro">
          Computes frames with every engine and every form of the model that this page has, here and now. It fetches some 26 MB for
          that, ONNX Runtime Web among it, takes about a minute, and sends nothing anywhere. What else the device does meanwhile
          slows it down.
        </p>
        <div class="row">
          ${
            this.running === null
              ? html`<button class="button primary" @click=${this.start}>${this.rows.length === 0 ? 'Start' : 'Start again'}</button>`
              : html`<button class="button" @click=${this.stop}>Stop</button>`
          }
          ${
            this.hasMeasured
              ? html`
                <button class="button" @click=${this.saveJson}>Save as JSON</button>
                <button class="button" @click=${this.saveCsv}>Save as CSV</button>
              `
              : nothing
          }
        </div>
        ${this.error === null ? nothing : html`<error-notice .error=${this.error}></error-notice>`}
        <speed-table .rows=${this.rows} .current=${this.current} ?hidden=${this.rows.length === 0}></speed-table>
        <dl class="facts">
          <div><dt class="soft">Actionscope</dt><dd>${ACTIONSCOPE_VERSION}</dd></div>
          ${
            this.model === null
              ? nothing
              : html`<div><dt class="soft">Model</dt><dd>${this.model.name} ${this.model.version}</dd></div>`
          }
          <div><dt class="soft">Cores</dt><dd>${cores}</dd></div>
          <div><dt class="soft">Relaxed SIMD</dt><dd>${relaxedSimd ? 'there' : 'not there'}</dd></div>
          <div><dt class="soft">Browser</dt><dd>${userAgent}</dd></div>
        </dl>
      </main>
      <live-announcer></live-announcer>
    `;
  }

  private get facts(): DeviceFacts {
    const { userAgent, hardwareConcurrency } = navigator;
    return { userAgent, cores: hardwareConcurrency, relaxedSimd: hasRelaxedSimd() };
  }

  private get hasMeasured(): boolean {
    return this.rows.some(({ speed }) => speed !== null);
  }

  private readonly start = async () => {
    const running = new AbortController();
    this.running = running;
    this.error = null;
    this.rows = [];
    this.announcer?.say('Measuring.');
    try {
      await measureDevice(
        {
          onContenders: (contenders, model) => {
            this.model = model;
            this.rows = contenders.map((contender) => ({ contender, speed: null, error: null }));
          },
          onStart: (contender) => {
            this.current = contender;
          },
          onSpeed: (contender, speed) => {
            this.fill(contender, { speed });
            this.announcer?.say(spokenSpeed(contender, speed));
          },
          onError: (contender, error) => this.fill(contender, { error }),
        },
        running.signal,
      );
      this.announcer?.say('All is measured.');
    } catch (thrown) {
      if (thrown instanceof ActionscopeError && thrown.code === 'cancelled') {
        this.announcer?.say('Stopped.');
      } else {
        this.error = asError(thrown);
        this.announcer?.say(this.error.message);
      }
    }
    this.current = null;
    this.running = null;
  };

  private readonly stop = () => {
    this.running?.abort();
  };

  private fill(measured: Contender, what: Partial<MeasuredRow>): void {
    this.rows = this.rows.map((row) => (row.contender === measured ? { ...row, ...what } : row));
  }

  private get report() {
    return this.model === null ? null : deviceReport(this.rows, this.model, this.facts);
  }

  private readonly saveJson = () => {
    saveFile('actionscope-device.json', 'application/json', JSON.stringify(this.report, null, 2));
    this.announcer?.say('Saved');
  };

  private readonly saveCsv = () => {
    if (this.report !== null) {
      saveFile('actionscope-device.csv', 'text/csv', deviceCsv(this.report));
      this.announcer?.say('Saved');
    }
  };
}
