/** What has been computed of files, so that no frame's feature is computed twice. */

import type { Engine, Extraction } from '../worker/engine_contract';
import { closeFrame, type Frame, type SampleRequest } from './frame';

/** Requests for the first frames have no time: there the sample's number says which frame it is. */
const nameOf = ({ sample, time }: SampleRequest) => (Number.isNaN(time) ? `frame ${sample}` : time);

/** A frame whose feature is known. */
export interface KnownFrame {
  timestamp: number;
  feature: Float32Array;
}

/**
 * The features of one file's frames, by the frames' timestamps. It holds no more than were asked for: of clips that are looked at ten
 * times a second some 600, which with 1280 floats each take 3 MB.
 */
export class FileFeatures {
  readonly #features = new Map<number, Float32Array<ArrayBuffer>>();
  readonly #atWork = new Map<number, Promise<Extraction>>();
  /** Timestamps of samples' own frames. */
  readonly #frames = new Map<number | string, number>();

  /** Takes note of a sample's own frame; frames that stand in for it are none. */
  note(request: SampleRequest, timestamp: number): void {
    this.#frames.set(nameOf(request), timestamp);
  }

  /** The sample's own frame, where that and its feature are known. */
  find(request: SampleRequest): KnownFrame | undefined {
    const timestamp = this.#frames.get(nameOf(request));
    if (timestamp === undefined) return undefined;
    const feature = this.#features.get(timestamp);
    return feature && { timestamp, feature };
  }

  /**
   * The feature of a frame, which is taken over and freed: as the engine computes it, unless it is known, or somebody is at it; what
   * he fails at is computed here. Whoever receives it leaves it as it is.
   */
  async extract(timestamp: number, frame: Frame, engine: Pick<Engine, 'extract'>): Promise<Extraction> {
    for (let other = this.#atWork.get(timestamp); other !== undefined; other = this.#atWork.get(timestamp)) {
      await other.catch(() => undefined);
    }
    const feature = this.#features.get(timestamp);
    if (feature !== undefined) {
      closeFrame(frame);
      return { feature, preprocess: 0, inference: 0 };
    }
    const work = engine.extract(frame);
    this.#atWork.set(timestamp, work);
    try {
      const extraction = await work;
      this.#features.set(timestamp, extraction.feature);
      return extraction;
    } finally {
      this.#atWork.delete(timestamp);
    }
  }
}

/** The features of files; they go when their file does. */
export class FeatureCache {
  readonly #files = new WeakMap<Blob, Map<string, FileFeatures>>();

  /** `space`: names all that features depend on but the file. */
  of(file: Blob, space: string): FileFeatures {
    const spaces = this.#files.get(file) ?? new Map<string, FileFeatures>();
    this.#files.set(file, spaces);
    const features = spaces.get(space) ?? new FileFeatures();
    spaces.set(space, features);
    return features;
  }
}
