/** What tests/e2e/library/main.ts offers to tests as `library`. */

import type { ColorMatrix, ColorRange } from '../../../web/lib/frame';
import type { ClipDescription, ClipResult, SampledFrame } from '../../../web/lib/types';
import type { Shown } from '../../web/corpus/corpus_truth';

export type Called<T> =
  | { value: T; error?: undefined }
  | { value?: undefined; error: { code: string; message: string; hint: string } };

/** A picture as the page was given it. */
export interface ShownOnPage extends Shown {
  /** How its planes become R, G and B; null where it came as R, G and B. */
  colors: { matrix: ColorMatrix; range: ColorRange } | null;
}

/** Every file is one of those chosen, by its name. */
export interface Library {
  /** Opens a file, shows it at the model's sample times, going forward, or at each of the times given, and closes it. */
  pictures(
    name: string,
    options?: { strictlyAt?: number[] },
  ): Promise<Called<{ description: ClipDescription; shown: ShownOnPage[] }>>;
  /** Classifies a file with the model that is shipped. */
  classify(name: string): Promise<Called<ClipResult>>;
  /** Classifies files one after the other with so many workers of a classifier of its own; and the memory of each worker then. */
  classifyWith(workers: number, names: string[]): Promise<Called<{ results: ClipResult[]; memory: number[] }>>;
  /** Computes frames with so many workers: frames a second. */
  framesPerSecond(workers: number): Promise<Called<number>>;
  /** Classifies a file up to the first look: the samples that it is made of. */
  firstLook(name: string): Promise<Called<SampledFrame[]>>;
  /** Asks for the file's last picture, and cancels after so many milliseconds: milliseconds until the call has ended. */
  cancelled(name: string, after: number): Promise<Called<number>>;
}

declare global {
  var library: Library;
}
