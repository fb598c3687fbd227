/** Milliseconds in which a page draws what has just come, before anything else takes a share of few cores. */
const DRAWING = 50;

/** Does work that nobody waits for, in a moment. */
export function inBackground(work: () => void): void {
  setTimeout(work, DRAWING);
}
