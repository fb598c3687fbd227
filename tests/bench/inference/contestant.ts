import type { Layout } from '../browser/normalised';

/** One way to run the backbone in a browser, in a worker of its own. */
export interface Contestant {
  name: string;
  /** How the frames lie that run() takes. */
  layout: Layout;
  load(): Promise<void>;
  /**
   * What is timed, the way of the numbers in and out included.
   * @param frame one frame, normalised
   * @returns its features
   */
  run(frame: Float32Array): Float32Array | Promise<Float32Array>;
}
