import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Calibration, ModelReport, TrainingCurves } from '../../lib/report';
import type { Classifier, ModelDescription } from '../../lib/types';
import { judgedSets, mainSets } from '../state/figure-sets';
import { ReportLoader } from '../state/report-loader';
import type { LoadState } from '../state/session';
import { formatCount, formatPercent } from '../text/format';
import { countTable, meanWords, partTable, setTable, spreadTable, variantTable } from '../text/model-tables';
import { percentOrDash } from '../text/model-words';
import { actionsOf } from '../text/wording';
import './action-catalogue';
import './class-table';
import './confusion-matrix';
import './data-table';
import './error-notice';
import { AnnounceEvent } from './events';
import './headline-figures';
import './line-chart';
import type { ChartLine } from './line-chart';
import './load-status';
import './package-picker';
import './reliability-diagram';
import './robustness-chart';
import { sharedStyles } from './shared-styles';
import './shown-bars';

/** What the model is: what it knows, how good it is, what it was made of, where it fails, and on which terms it may be used. */
@customElement('model-view')
export class ModelView extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        --section-title: 1.25rem;
        container-type: inline-size;
      }

      .sections {
        display: grid;
        gap: clamp(2.25rem, 5cqi, 3.75rem) clamp(2rem, 4cqi, 4rem);
      }

      @container (width >= 62rem) {
        .sections {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }

        .wide {
          grid-column: 1 / -1;
        }
      }

      section {
        display: grid;
        gap: 1.25rem;
        align-content: start;
        min-width: 0;
      }

      .opening {
        display: grid;
        gap: 0.5rem;
      }

      h1 {
        font: 700 clamp(1.75rem, 1.2rem + 2vw, 2.75rem) / 1.15 var(--display);
        overflow-wrap: anywhere;
      }

      .lead {
        max-width: 46rem;
        font-size: 1.125rem;
        text-wrap: pretty;
      }

      .heading {
        display: grid;
        gap: 0.35rem;
        padding-bottom: 0.9rem;
        border-bottom: 1px solid var(--line);
      }

      .text {
        max-width: 72ch;
        text-wrap: pretty;
      }

      .text,
      .sentences li {
        overflow-wrap: anywhere;
      }

      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
        gap: 1.75rem clamp(1.5rem, 3cqi, 3rem);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: 1.75rem clamp(2rem, 4cqi, 4rem);
      }

      .sentences {
        display: grid;
        gap: 0.6rem;
        max-width: 72ch;
      }

      .failures li {
        padding-inline-start: 0.9rem;
        border-inline-start: 3px solid var(--line-strong);
      }

      .facts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5rem), 1fr));
        gap: 0.75rem 1.75rem;
      }

      .facts dt {
        font-size: 0.875rem;
      }

      .facts dd {
        font: 400 1.5rem / 1.3 var(--display);
      }

      .calibration {
        display: grid;
        gap: 1.25rem;
        align-content: start;
      }
    `,
  ];

  @property({ attribute: false }) classifier: Classifier | null = null;
  /** Known before the classifier is there. */
  @property({ attribute: false }) model: ModelDescription | null = null;
  @property({ attribute: false }) load: LoadState = { phase: 'loading', progress: null };

  private readonly loader = new ReportLoader(() => this.onReportChange());

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('classifier')) {
      void this.loader.setSource(this.classifier);
    }
  }

  override render() {
    const { model } = this;
    return html`
      <div class="sections">
        <div class="opening wide">
          <h1>${model === null ? 'The model' : model.title}</h1>
          ${model === null ? nothing : html`<p class="soft">Version ${model.version} · ${model.variant} · ${model.name}</p>`}
          ${this.load.phase === 'ready' ? nothing : html`<load-status .load=${this.load}></load-status>`}
        </div>
        ${
          model === null
            ? nothing
            : html`<section class="wide"><action-catalogue complete .model=${model}></action-catalogue></section>`
        }
        ${this.renderReport(model)}
        ${model === null ? nothing : this.renderTerms(model)}
        ${this.renderAnother()}
      </div>
    `;
  }

  private onReportChange(): void {
    const { state } = this.loader;
    this.requestUpdate();
    if (state.phase === 'failed') {
      this.dispatchEvent(new AnnounceEvent(state.error.message));
    }
  }

  private renderReport(model: ModelDescription | null) {
    const { state } = this.loader;
    switch (state.phase) {
      case 'waiting':
        return nothing;
      case 'reading':
        return html`<p class="wide">Reading the report of this model.</p>`;
      case 'absent':
        return html`<p class="wide">This model comes without a report: nobody says here how good it is.</p>`;
      case 'failed':
        return html`
          <error-notice class="wide" .error=${state.error}>
            <button class="button" @click=${() => this.loader.read()}>Read the report again</button>
          </error-notice>
        `;
      case 'ready':
        return model === null ? nothing : this.renderSections(model, state.report);
    }
  }

  private renderSections(model: ModelDescription, report: ModelReport) {
    return [
      this.renderQuality(model, report),
      ...this.renderClasses(model, report),
      this.renderVariants(report),
      this.renderParts(model, report),
      ...this.renderSideBySide([this.renderRobustness(report), this.renderSpread(report)]),
      this.renderCurves(report),
      ...this.renderSideBySide([this.renderCalibration(report.calibration), this.renderData(model, report)]),
      ...this.renderSideBySide([
        this.renderSentences('What it cannot do', report.knownFailures, 'sentences failures'),
        this.renderSentences('How it was made', report.recipe, 'sentences'),
      ]),
    ];
  }

  /** Two sections beside each other where there is room; one alone takes all of it. */
  private renderSideBySide(contents: (TemplateResult | typeof nothing)[]) {
    const present = contents.filter((content) => content !== nothing);
    return present.map((content) => html`<section class=${present.length === 1 ? 'wide' : ''}>${content}</section>`);
  }

  private renderQuality(model: ModelDescription, report: ModelReport) {
    const sets = judgedSets(report);
    const [main] = mainSets(sets);
    if (main === undefined) {
      return nothing;
    }
    const shown = sets.filter(({ figures }) => figures.shown !== null);
    const hasIntervals = sets.some(({ figures }) => Object.values(figures.intervals).some((one) => one !== null));
    return html`
      <section class="wide">
        <div class="heading">
          <h2 class="section-title">How good it is</h2>
          <p class="text soft">
            Measured on files whose sources it did not learn from. They helped to choose among trainings, so the figures are a
            little kind. ${
              hasIntervals
                ? 'An interval is where 95 of 100 figures would lie if the sources of the files were drawn anew by chance.'
                : ''
            }
          </p>
        </div>
        <headline-figures .judged=${main} .actions=${actionsOf(model).length}></headline-figures>
        ${sets.length < 2 ? nothing : html`<data-table .label=${'How good it is, set by set'} .first=${'Set'} .content=${setTable(sets)}></data-table>`}
        ${shown.length === 0 ? nothing : html`<shown-bars .sets=${shown}></shown-bars>`}
      </section>
    `;
  }

  private renderClasses(model: ModelDescription, report: ModelReport) {
    const sets = mainSets(judgedSets(report));
    const withClasses = sets.filter(({ figures }) => figures.perClass.length > 0);
    const withConfusion = sets.filter(({ figures }) => figures.confusion !== null);
    return this.renderSideBySide([
      withClasses.length === 0 ? nothing : html`<class-table .model=${model} .sets=${withClasses}></class-table>`,
      withConfusion.length === 0
        ? nothing
        : html`<confusion-matrix .model=${model} .sets=${withConfusion}></confusion-matrix>`,
    ]);
  }

  private renderParts({ noneLabel }: ModelDescription, { parts }: ModelReport) {
    if (parts.length === 0) {
      return nothing;
    }
    return html`
      <section class="wide">
        <div class="heading">
          <h2 class="section-title">What each part brings</h2>
          <p class="text soft">
            Each row is a training that goes a step further, or a plainer way to compare with.
            ${
              noneLabel === null
                ? nothing
                : 'Only with the LSTM is it fitted how readily none of these is said, so compare the rows by the actions.'
            }
          </p>
        </div>
        <data-table .label=${'What each part brings'} .first=${'Training'} .content=${partTable(parts)}></data-table>
      </section>
    `;
  }

  private renderVariants({ variants }: ModelReport) {
    const [floats, ...others] = variants;
    if (floats === undefined || others.length === 0) {
      return nothing;
    }
    return html`
      <section class="wide">
        <div class="heading">
          <h2 class="section-title">Form by form</h2>
          <p class="text soft">
            The same model with numbers of different lengths: shorter ones are a smaller download and are computed faster. What each
            part brings, worse recordings and seeds are told of ${floats.name}, all else of the form that is used by default.
          </p>
        </div>
        <data-table .label=${'How good each form is'} .first=${'Form'} .content=${partTable(variants)}></data-table>
      </section>
    `;
  }

  private renderRobustness({ robustness }: ModelReport) {
    const [asItIs] = robustness;
    if (asItIs === undefined) {
      return nothing;
    }
    return html`
        <div class="heading">
          <h2 class="section-title">Recorded worse, or otherwise</h2>
          <p class="text soft">
            The same ${formatCount(asItIs.n, 'clip')}, changed, with “none of these” in the running. The change is in points of a
            hundred.
          </p>
        </div>
        <robustness-chart .rows=${robustness}></robustness-chart>
    `;
  }

  private renderSpread({ spread, folds, foldSpread }: ModelReport) {
    const seeds = spreadTable(spread);
    if (seeds.rows.length === 0 && folds.length === 0) {
      return nothing;
    }
    const foldTable = {
      columns: ['Clips', 'Right among the actions'],
      rows: folds.map(({ name, n, top1Actions }) => ({ title: name, cells: [String(n), percentOrDash(top1Actions)] })),
    };
    return html`
        <div class="heading">
          <h2 class="section-title">How far trainings lie apart</h2>
          <p class="text soft">Mean and standard deviation; what differs is chance alone, or which part was held back.</p>
        </div>
        <div class="pair">
          ${seeds.rows.length === 0 ? nothing : html`<data-table .label=${'Trainings that differ in their seed'} .first=${'Differing in'} .content=${seeds}></data-table>`}
          ${
            folds.length === 0
              ? nothing
              : html`
                <div>
                  <data-table .label=${'Trainings without a part of the data'} .first=${'Judged by'} .content=${foldTable}></data-table>
                  ${foldSpread === null ? nothing : html`<p class="text">Over these: ${meanWords(foldSpread)}.</p>`}
                </div>
              `
          }
        </div>
    `;
  }

  private renderCurves({ curves, tuning, keptEpoch }: ModelReport) {
    if (curves === null && tuning === null) {
      return nothing;
    }
    return html`
      <section class="wide">
        <div class="heading"><h2 class="section-title">How the training went</h2></div>
        <div class="curves">
          ${
            tuning === null
              ? nothing
              : html`
                <line-chart
                  .heading=${'Backbone: loss'}
                  .stepName=${'Step'}
                  .steps=${tuning.step}
                  .lines=${[{ name: 'Training', values: tuning.trainLoss }]}
                ></line-chart>
              `
          }
          ${curves === null ? nothing : this.renderHeadCurves(curves, keptEpoch)}
        </div>
      </section>
    `;
  }

  private renderHeadCurves(curves: TrainingCurves, keptEpoch: number | null) {
    const chart = (heading: string, isPercent: boolean, lines: ChartLine[]) => html`
      <line-chart
        .heading=${heading}
        .stepName=${'Epoch'}
        .steps=${curves.epoch}
        .lines=${lines.filter(({ values }) => values.length > 0)}
        .isPercent=${isPercent}
        .keptStep=${keptEpoch !== null && curves.epoch.includes(keptEpoch) ? keptEpoch : null}
      ></line-chart>
    `;
    return [
      chart('Head: loss', false, [
        { name: 'Training', values: curves.trainLoss },
        { name: 'Files not learnt from', values: curves.devLoss },
      ]),
      chart('Head: right, on files not learnt from', true, [
        { name: 'Clips', values: curves.devTop1Actions },
        { name: 'Clips with none in the running', values: curves.devTop1WithNone },
        { name: 'Stills', values: curves.devTop1ActionsStills },
      ]),
    ];
  }

  private renderCalibration(calibration: Calibration | null) {
    if (calibration === null) {
      return nothing;
    }
    const { temperature, threshold, answered, answeredRight, bins } = calibration;
    return html`
        <div class="heading">
          <h2 class="section-title">How far its confidence can be trusted</h2>
          <p class="text soft">
            Before they become probabilities its scores are divided by the temperature. Below the threshold an action
            is shown as none of these.
          </p>
        </div>
        <div class="calibration">
          <dl class="facts">
            <div><dt class="soft">Temperature</dt><dd>${temperature}</dd></div>
            <div><dt class="soft">Threshold</dt><dd>${formatPercent(threshold)}</dd></div>
            <div><dt class="soft">Reach the threshold</dt><dd>${percentOrDash(answered)}</dd></div>
            <div><dt class="soft">Right among these</dt><dd>${percentOrDash(answeredRight)}</dd></div>
          </dl>
          ${bins.length === 0 ? nothing : html`<reliability-diagram .bins=${bins} .threshold=${threshold}></reliability-diagram>`}
        </div>
    `;
  }

  private renderData(model: ModelDescription, { data }: ModelReport) {
    if (data.counts.length === 0 && data.note === '') {
      return nothing;
    }
    return html`
        <div class="heading">
          <h2 class="section-title">What it was trained on</h2>
          ${data.note === '' ? nothing : html`<p class="text soft">${data.note}</p>`}
        </div>
        ${
          data.counts.length === 0
            ? nothing
            : html`<data-table .label=${'Files by class'} .first=${'Class'} .content=${countTable(data.counts, model)}></data-table>`
        }
        ${
          data.leftOut === null || data.leftOut === 0
            ? nothing
            : html`<p class="text">${formatCount(data.leftOut, 'file')} had no use and ${data.leftOut === 1 ? 'was' : 'were'} left out.</p>`
        }
    `;
  }

  private renderSentences(title: string, sentences: readonly string[], classes: string) {
    if (sentences.length === 0) {
      return nothing;
    }
    return html`
        <div class="heading"><h2 class="section-title">${title}</h2></div>
        <ul class=${classes}>
          ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>
    `;
  }

  private renderTerms(model: ModelDescription) {
    return this.renderSideBySide([
      html`
        <div class="heading"><h2 class="section-title">Licence</h2></div>
        <p class="text">${model.license === '' ? 'This model names no licence.' : model.license}</p>
      `,
      html`
        <div class="heading"><h2 class="section-title">Files</h2></div>
        <data-table .label=${'Files, form by form'} .first=${'Form'} .content=${variantTable(model)}></data-table>
      `,
    ]);
  }

  private renderAnother() {
    return html`
      <section class="wide">
        <div class="heading">
          <h2 class="section-title">Another model</h2>
          <p class="text soft">
            A model package in the form of this one, from your device: a folder with model.json and the files that it names, or a
            .zip file of it. It is checked before it takes the place of this model, and it is not uploaded.
          </p>
        </div>
        <package-picker></package-picker>
      </section>
    `;
  }
}
