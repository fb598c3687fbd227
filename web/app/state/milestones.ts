import type { ClipProgress } from '../../lib/types';

/** Milliseconds between two sentences, so that a short run is not talked over. */
const QUIET = 3000;

/** Says a quarter, a half and three quarters of a run that lasts. */
export class ProgressMilestones {
  private spokenAt: number | null = null;
  private spokenQuarter = 0;

  /**
   * @param now milliseconds of a steady clock
   * @returns the sentence to speak, or null
   */
  reached({ done, total }: ClipProgress, now: number): string | null {
    this.spokenAt ??= now;
    const quarter = total > 0 ? Math.floor((done / total) * 4) : 0;
    if (quarter <= this.spokenQuarter || quarter > 3 || now - this.spokenAt < QUIET) {
      return null;
    }
    this.spokenQuarter = quarter;
    this.spokenAt = now;
    return `${quarter * 25}% of the frames looked at.`;
  }
}
