/** Milliseconds that a live label must hold before it is spoken. */
const STEADY = 1500;

/** Picks from a flickering row of labels those worth announcing: new ones that stay. */
export class SteadyLabel {
  private candidate: { label: string; since: number } | null = null;
  private spoken: string | null = null;

  /**
   * @param now milliseconds of a steady clock
   * @returns the label, once, when it has changed and held; else null
   */
  heard(label: string, now: number): string | null {
    if (this.candidate?.label !== label) {
      this.candidate = { label, since: now };
    }
    if (label === this.spoken || now - this.candidate.since < STEADY) {
      return null;
    }
    this.spoken = label;
    return label;
  }
}
