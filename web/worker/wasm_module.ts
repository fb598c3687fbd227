/** The border of src/wasm as TypeScript sees it. */

import type { FrameLayout, SampleRequest } from '../lib/frame';
import type { LabelDescription, Scores, WindowScores } from '../lib/types';

/** What a call across the border gives: its value, or why there is none. */
export type Outcome<T> =
  | { value: T; error?: undefined }
  | { value?: undefined; error: { code: string; message: string } };

export interface GraphFile {
  file: string;
  bytes: number;
  sha256: string;
}

export interface VariantFacts {
  name: string;
  backbone: GraphFile;
  head: GraphFile;
}

/** What of model.json matters here. */
export interface ModelFacts {
  name: string;
  title: string;
  version: string;
  license: string;
  labels: LabelDescription[];
  noneLabel: string | null;
  rate: number | null;
  windowFrames: number;
  variants: VariantFacts[];
  defaultVariant: string;
  /** Name of the report's file; empty where there is none. */
  report: string;
}

/** All that a clip gives. */
export interface ClipFindings {
  first: Scores;
  answer: Scores;
  /** Ascending. */
  windows: WindowScores[];
}

/** What became known during a run: the first look, windows, and at last the result. */
export interface CoreStep {
  /** With the samples that it read. */
  first: { scores: Scores; samples: number[] } | null;
  windows: WindowScores[];
  result: ClipFindings | null;
}

export interface CoreLiveStep {
  scores: Scores | null;
  filled: number;
}

interface Handle {
  delete(): void;
}

/** Its frames' features come from CoreExtractors, of this module or of another that has the same backbone. */
export interface CoreClip extends Handle {
  samples(): SampleRequest[];
  windowSamples(): SampleRequest[];
  firstLook(): SampleRequest[];
  endedEarly(): boolean;
  /** `feature`: the backbone's output for the frame, which is copied. Samples of one timestamp share the first's. */
  addFeature(sample: number, timestamp: number, feature: Float32Array): Outcome<true>;
  /** The same of a frame that is near to the sample's time, for the first look. */
  addStandIn(sample: number, timestamp: number, feature: Float32Array): Outcome<true>;
  /** To be called once the features of all frames that came are added: samples without one are given up. */
  endEarly(): Outcome<boolean>;
  /** Runs the head on every window that is complete; and, once, the backbone on zeros where the model pads the clip with them. */
  run(): Promise<Outcome<CoreStep>>;
}

/**
 * Computes features of frames. Like CoreLive it takes a frame in two steps: its pixels are written into the view that
 * frameBuffer gives, then addFrame is called, which preprocesses them.
 */
export interface CoreExtractor extends Handle {
  frameBuffer(bytes: number): Outcome<Uint8Array<ArrayBuffer>>;
  addFrame(layout: FrameLayout): Outcome<true>;
  /** The feature of the frame added last, in an array of its own, which may be transferred. Once a frame. */
  run(): Promise<Outcome<Float32Array<ArrayBuffer>>>;
}

export interface CoreLive extends Handle {
  frameBuffer(bytes: number): Outcome<Uint8Array<ArrayBuffer>>;
  addFrame(timestamp: number, layout: FrameLayout): Outcome<boolean>;
  run(): Promise<Outcome<CoreLiveStep>>;
}

export interface CorePackage extends Handle {
  openExtractor(): CoreExtractor;
  openClip(duration: number, mostWindows: number): Outcome<CoreClip>;
  openStill(): CoreClip;
  openLive(): CoreLive;
  close(): Promise<void>;
}

/** What a model.json describes, read and checked. */
export interface CoreModel extends Handle {
  facts(): ModelFacts;
  load(
    variant: string,
    backbone: Uint8Array,
    head: Uint8Array,
    /** The namespace of onnxruntime-web, or null for our own engine. */
    onnxRuntime: unknown,
  ): Promise<Outcome<CorePackage>>;
}

export interface WasmModule {
  /** Whether our own engine computes what it should on this device. */
  selfTest(): boolean;
  /** Objects behind handles that were not deleted. */
  liveHandles(): number;
  /** Bytes of the module's memory, which never shrinks. */
  memoryBytes(): number;
  Model: {
    /** `json`: the text of model.json. */
    read(json: string): Outcome<CoreModel>;
  };
}

export type CreateWasmModule = (options: { wasmBinary: Uint8Array }) => Promise<WasmModule>;
