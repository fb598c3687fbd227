/** Fetches the report of the model that is in use, and tells how far that is. */

import type { ModelReport } from '../../lib/report';
import { asError } from '../text/notices';

/** What a report is read from: a classifier. */
export interface ReportSource {
  /** Null where the package has no report. */
  readReport(): Promise<ModelReport | null>;
}

export type ReportState =
  | { phase: 'waiting' }
  | { phase: 'reading' }
  | { phase: 'absent' }
  | { phase: 'ready'; report: ModelReport }
  | { phase: 'failed'; error: Error };

export class ReportLoader {
  state: ReportState = { phase: 'waiting' };
  private source: ReportSource | null = null;

  /** @param onChange something shown has changed */
  constructor(private readonly onChange: () => void) {}

  /** Reads the report of another model; null while there is none. The same one again is not read twice. Never rejects. */
  async setSource(source: ReportSource | null): Promise<void> {
    if (source === this.source) {
      return;
    }
    this.source = source;
    await this.read();
  }

  /** Reads the report again, after a failure. Never rejects. */
  async read(): Promise<void> {
    const { source } = this;
    if (source === null) {
      this.become({ phase: 'waiting' });
      return;
    }
    this.become({ phase: 'reading' });
    const state = await source.readReport().then(
      (report): ReportState => (report === null ? { phase: 'absent' } : { phase: 'ready', report }),
      (thrown): ReportState => ({ phase: 'failed', error: asError(thrown) }),
    );
    // Another model may have taken its place meanwhile.
    if (source === this.source) {
      this.become(state);
    }
  }

  private become(state: ReportState): void {
    this.state = state;
    this.onChange();
  }
}
