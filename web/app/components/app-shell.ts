import { css, html, LitElement, nothing } from 'lit';
import { query } from 'lit/decorators.js';
import { inBackground } from '../../lib/background';
import { createClassifier } from '../../lib/index';
import { packageAmong, packageInFolder } from '../state/chosen-package';
import { LateViews } from '../state/late-views';
import { pageTitle, Session } from '../state/session';
import './action-catalogue';
import './drop-zone';
import './earlier-clips';
import './error-notice';
import type { AnnounceEvent, CommandEvent, FileChosenEvent, PackageChosenEvent, ShowClipEvent } from './events';
import './file-picker';
import './live-announcer';
import type { LiveAnnouncer } from './live-announcer';
import './load-status';
import './package-status';
import { PageDrop } from './page-drop';
import './page-footer';
import { sharedStyles } from './shared-styles';

/** The page. It draws the session's view and passes on what a person does. */
export class AppShell extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        min-height: 100svh;
        display: grid;
        grid-template-rows: auto 1fr auto;
        gap: clamp(0.75rem, 1.2vw, 1.25rem);
        width: min(100% - 2 * var(--gutter), 120rem);
        margin-inline: auto;
      }

      .skip {
        position: absolute;
        z-index: 3;
        top: 0.5rem;
        transform: translateY(-200%);
      }

      .skip:focus {
        transform: none;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.5rem;
        min-height: 4rem;
        padding-top: 0.75rem;
      }

      .wordmark {
        display: inline-flex;
        align-items: center;
        gap: 0.55rem;
        margin-inline-end: auto;
        padding: 0.25rem 0;
        border: 0;
        background: none;
        font: 700 1.375rem / 1 var(--display);
        cursor: pointer;
      }

      .wordmark svg {
        width: 1.7rem;
        height: 1.7rem;
        fill: none;
        stroke: currentcolor;
        stroke-width: 2.5;
      }

      .wordmark .trace {
        stroke: var(--data);
        stroke-width: 3;
      }

      .wordmark .needle {
        stroke: var(--now);
      }

      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }

      nav [aria-current] {
        border-color: var(--ink);
        box-shadow: inset 0 -3px 0 var(--data);
      }

      main {
        display: grid;
        gap: clamp(1.5rem, 4vw, 3rem);
        align-content: start;
        min-width: 0;
      }

      /* It takes the focus to hand it on; it is nothing to press. */
      main:focus-visible {
        outline: none;
      }

      .opening {
        display: grid;
        grid-template-columns: minmax(0, 1fr) fit-content(24rem);
        align-items: end;
        gap: 0.5rem 2rem;
      }

      @media (width < 56rem) {
        .opening {
          grid-template-columns: minmax(0, 1fr);
        }
      }

      .tagline {
        padding-bottom: 0.5rem;
        font: 400 clamp(1.15rem, 1rem + 0.7vw, 1.6rem) / 1.35 var(--text);
        text-wrap: balance;
      }

      .landing {
        display: grid;
        gap: 1.25rem;
      }

      .drop {
        position: fixed;
        z-index: 4;
        inset: 0;
        display: grid;
        place-items: center;
        border: 6px solid var(--now);
        background: color-mix(in srgb, var(--ground) 88%, transparent);
        font: 700 clamp(1.6rem, 5vw, 3rem) / 1.2 var(--display);
        pointer-events: none;
      }
    `,
  ];

  @query('main') private readonly main!: HTMLElement;
  @query('live-announcer') private readonly announcer!: LiveAnnouncer | null;

  private readonly session = new Session({
    createClassifier,
    createUrl: (file) => URL.createObjectURL(file),
    revokeUrl: (url) => URL.revokeObjectURL(url),
    onChange: () => this.requestUpdate(),
    onAnnounce: (sentence) => this.announcer?.say(sentence),
  });
  private readonly views = new LateViews(
    () => import('./views'),
    (error) => {
      this.announcer?.say(error.message);
      this.requestUpdate();
    },
  );
  private readonly pageDrop = new PageDrop(this, {
    takeFiles: (files) => this.takeFiles(files),
    takeFolder: (folder) => void this.openPackage(folder.name, packageInFolder(folder)),
  });

  constructor() {
    super();
    this.addEventListener('file-chosen', this.onFileChosen);
    this.addEventListener('package-chosen', this.onPackageChosen);
    this.addEventListener('command', this.onCommand);
    this.addEventListener('announce', this.onAnnounce);
    this.addEventListener('show-clip', this.onShowClip);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What the HTML said before the program ran.
    this.replaceChildren();
    void this.session.start();
  }

  override updated(): void {
    const { session } = this;
    document.title = pageTitle(session);
    if (session.view !== 'landing') {
      this.views.read();
    } else if (session.load.phase !== 'loading') {
      inBackground(() => this.views.read());
    }
  }

  override render() {
    const { session } = this;
    return html`
      <header>
        <a class="skip button" href="#main" @click=${this.skip}>Skip to the content</a>
        <button class="wordmark" aria-label="Actionscope, to the start" @click=${() => this.change(() => session.showLanding())}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M3 10V3h7M22 3h7v7M29 22v7h-7M10 29H3v-7" />
            <path class="trace" d="M7 19l5-6 4 4 4-7 5 5" />
            <path class="needle" d="M16 6v20" />
          </svg>
          Actionscope
        </button>
        <nav aria-label="Views">
          <button
            class="button"
            aria-current=${session.view === 'model' ? 'page' : nothing}
            @click=${() => this.change(() => session.showModel())}
          >
            Model
          </button>
        </nav>
        ${
          session.view === 'landing'
            ? ''
            : html`
              <nav aria-label="Sources">
                <file-picker></file-picker>
                ${
                  session.view === 'live'
                    ? ''
                    : html`<button class="button" @click=${() => this.change(() => session.showLive())}>Use the webcam</button>`
                }
              </nav>
            `
        }
      </header>
      <main id="main" tabindex="-1">
        <package-status .change=${session.packageState}   .inUse=${session.packageInUse} ?hidden=${session.packageState === null && session.packageInUse === null}></package-status>
        ${this.renderView()}
        <earlier-clips .clips=${session.otherClips} .model=${session.model}></earlier-clips>
      </main>
      <page-footer .classifier=${session.classifier}></page-footer>
      ${this.pageDrop.dragging && session.view !== 'landing' ? html`<div class="drop">Let go to look at it</div>` : ''}
      <live-announcer></live-announcer>
    `;
  }

  private renderView() {
    const { session } = this;
    // Without them no answer can be shown, whatever is chosen.
    if (this.views.error !== null) {
      return html`<error-notice .error=${this.views.error}></error-notice>`;
    }
    switch (session.view) {
      case 'live':
        return html`<live-view .classifier=${session.classifier} .load=${session.load}></live-view>`;
      case 'clip':
        return html`
          <clip-view
            .clip=${session.clip}
            .model=${session.model}
            .classifier=${session.classifier}
            .load=${session.load}
          ></clip-view>
        `;
      case 'model':
        return html`
          <model-view .classifier=${session.classifier} .model=${session.model} .load=${session.load}></model-view>
        `;
      case 'landing':
        return html`
          <div class="landing">
            <div class="opening">
              <h1 class="tagline">Tells what people do in a video, and when.</h1>
              <load-status .load=${session.load}></load-status>
            </div>
            <drop-zone ?dragging=${this.pageDrop.dragging}></drop-zone>
          </div>
          <action-catalogue .model=${session.model} ?hidden=${session.load.phase === 'failed'}>
            <button class="button" @click=${() => this.change(() => session.showModel())}>How good it is at that</button>
          </action-catalogue>
        `;
    }
  }

  /** Changes the view with a short cross-fade, where the browser can and the person does not mind. */
  private change(action: () => void): void {
    const apply = async () => {
      action();
      await this.updateComplete;
      this.arrive();
    };
    const isCalm = document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isCalm || !('startViewTransition' in document)) {
      void apply();
      return;
    }
    // A transition that the browser skips has still changed the view.
    document.startViewTransition(apply).ready.catch(() => undefined);
  }

  /** A new view begins at its top; whoever pressed a button that is gone goes on from there. */
  private arrive(): void {
    window.scrollTo(0, 0);
    if (this.shadowRoot?.activeElement === null) {
      this.main.focus({ preventScroll: true });
    }
  }

  private async openFile(file: File): Promise<void> {
    this.session.open(file);
    await this.updateComplete;
    this.arrive();
  }

  /** What comes of it is told at the top, which may be out of sight from where the package was chosen. */
  private async openPackage(...args: Parameters<Session['openPackage']>): Promise<void> {
    const opening = this.session.openPackage(...args);
    await this.updateComplete;
    this.arrive();
    await opening;
  }

  private takeFiles(files: File[]): void {
    const dropped = packageAmong(files);
    if (dropped !== null) {
      void this.openPackage(dropped.name, dropped.files);
      return;
    }
    const [file] = files;
    if (file === undefined) {
      this.announcer?.say('That was not a file.');
      return;
    }
    void this.openFile(file);
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.main.focus();
  }

  private readonly onFileChosen = (event: FileChosenEvent) => {
    void this.openFile(event.file);
  };

  private readonly onPackageChosen = (event: PackageChosenEvent) => {
    void this.openPackage(event.name, event.files);
  };

  private readonly onAnnounce = (event: AnnounceEvent) => {
    this.announcer?.say(event.sentence);
  };

  private readonly onShowClip = (event: ShowClipEvent) => {
    this.change(() => this.session.showClip(event.id));
  };

  private readonly onCommand = (event: CommandEvent) => {
    const { session } = this;
    switch (event.command) {
      case 'cancel':
      case 'repeat':
        if (session.shown !== null) {
          session[event.command](session.shown);
        }
        break;
      case 'load-again':
        void session.start();
        break;
      case 'dismiss-package':
        session.dismissPackage();
        break;
      case 'shipped-package':
        void this.openPackage("this page's model", null);
        break;
      case 'webcam':
        this.change(() => session.showLive());
        break;
    }
  };
}
