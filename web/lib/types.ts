/**
 * The public vocabulary of Actionscope. Everything here is plain data: it can be copied, posted and written as JSON.
 * Times are in seconds from the start of the clip; probabilities and confidences are fractions from 0 to 1.
 */

import type { Frame } from './frame';
import type { ModelReport } from './report';

/** One class that a model knows. */
export interface LabelDescription {
  id: string;
  /** The words to show. */
  title: string;
  /** A sentence for the person; may be empty. */
  description: string;
}

/** One form of a model: the same network, perhaps in other numbers. */
export interface VariantDescription {
  name: string;
  /** Of its files. */
  bytes: number;
}

export interface ModelDescription {
  name: string;
  title: string;
  version: string;
  license: string;
  /** In the order of the probabilities. */
  labels: LabelDescription[];
  /** Id of the label that means "none of these"; null if the model has none. */
  noneLabel: string | null;
  /** Samples a second; null for models that read the first frames of a clip. */
  rate: number | null;
  windowFrames: number;
  variant: string;
  variants: VariantDescription[];
}

export interface EngineDescription {
  /** Our own engine in C++, or ONNX Runtime Web. */
  name: 'native' | 'onnxruntime';
  version: string;
  /** The instructions of the WebAssembly module that runs here. */
  simd: 'relaxed' | 'plain';
  /** Why a faster one was passed over, in words; null where none was. */
  steppedDown: string | null;
}

/**
 * Which engine runs the model. `auto` takes our own where it has proved right on this device and has all operators of the model,
 * else ONNX Runtime Web.
 */
export type EngineChoice = 'auto' | 'native' | 'onnxruntime';

/** Probabilities of every label by its id, and what they say. */
export interface Scores {
  /** Id of the top-1 label. */
  answer: string;
  confidence: number;
  /** Whether the confidence reaches the model's threshold for an answer. */
  sure: boolean;
  probabilities: Record<string, number>;
}

export interface WindowScores extends Scores {
  /** Times of the window's first and last sample. */
  start: number;
  end: number;
}

/** What is known of a clip once it is open, before any of it is classified. */
export interface ClipDescription {
  name: string;
  /** Bytes. */
  size: number;
  /** Seconds. */
  duration: number;
  /** Pixels as displayed: pixel aspect ratio and rotation applied. */
  width: number;
  height: number;
  /** What delivers the frames. */
  source: FrameSourceName;
  /** Words for a person, like "AVI" and "H.264"; null where they are not known. */
  container: string | null;
  codec: string | null;
}

/** What reads a file, named in the order in which it is tried; the last is the command line's alone. */
export type FrameSourceName =
  | 'image-decoder'
  | 'webcodecs'
  | 'ffmpeg-webcodecs'
  | 'ffmpeg-module'
  | 'video-element'
  | 'ffmpeg';

/** A sample and the frame that it took. */
export interface SampledFrame {
  time: number;
  /** Timestamp of the frame itself; equals `time` where the browser does not tell it. */
  timestamp: number;
}

/** The result of one clip: the same document on the page, in its JSON and on the command line. */
export interface ClipResult extends Scores {
  format: 'actionscope-result';
  formatVersion: 1;
  file: ClipDescription;
  /** From 20 samples spread evenly over the clip: what was known first. */
  first: Scores;
  windows: WindowScores[];
  /** Every frame that was looked at, ascending by time. */
  samples: SampledFrame[];
  /** The file ended, or broke, before its announced duration; the result covers what could be read. */
  endedEarly: boolean;
  /** The clip is long, and only some of its windows were looked at. */
  partial: boolean;
  /**
   * The clip is long, and its first look took key frames near to its samples' times, where their own were not known from an earlier
   * run. The answer never does.
   */
  firstLookSnapped: boolean;
  model: { name: string; version: string; variant: string };
  engine: EngineDescription;
  /**
   * Milliseconds: from the call to the first look, to the answer; and the parts, added up over all frames, whichever worker computed
   * them. A frame that is known from an earlier run of the same file costs nothing.
   */
  timings: { first: number; answer: number; decode: number; preprocess: number; inference: number };
  actionscope: string;
}

export interface LiveScores extends Scores {
  /** How much of a full window has been seen: 0 to 1. */
  filled: number;
  /** Frames a second that are really classified, over the last seconds. */
  rate: number;
  /** Milliseconds that the newest frame took from capture to scores. */
  latency: number;
}

/** Bytes of engine and model that are here, of those that will be needed. */
export interface LoadProgress {
  loaded: number;
  total: number;
}

/** Samples of a clip that are classified, of those that will be. */
export interface ClipProgress {
  done: number;
  total: number;
}

/** A picture of a clip, for showing it. */
export interface Picture {
  /** That was asked for, where one was. */
  time: number;
  /** Of the frame itself; equals `time` where the browser does not tell it. */
  timestamp: number;
  /** Owned by whoever receives it, who frees it with `closeFrame`. */
  frame: Frame;
}

/** A file opened for showing its pictures, whether or not a `<video>` plays it. */
export interface Pictures {
  readonly description: ClipDescription;
  /** The picture shown at a time; null where the file ends, or breaks, before. */
  at(time: number, signal?: AbortSignal): Promise<Picture | null>;
  /**
   * The pictures shown at ascending times, decoded as they are asked for; NaN stands for the picture after the one before. Ends
   * early where the file does.
   */
  run(times: readonly number[], signal?: AbortSignal): AsyncIterable<Picture>;
  close(): Promise<void>;
}

/** A file of a model package, and where it lies in what was chosen: its folders and name, separated by slashes. */
export interface PackageFile {
  path: string;
  content: Blob;
}

/** A model package on this device: a .zip file, or the files of a folder. model.json lies at the top or in one folder. */
export type PackageFiles = Blob | readonly PackageFile[];

export interface ClassifierOptions {
  /**
   * The model package: address of its folder, ending in a slash, or its files, of up to 256 MB. Default: the model shipped with the
   * page. Files are read again when a worker is replaced and when the report is asked for.
   */
  model?: URL | PackageFiles;
  variant?: string;
  engine?: EngineChoice;
  /**
   * Workers that compute frames, 1 to 8, each on one thread and with engine and model of its own. The classifier is ready with the
   * first; the others join in the background, and fewer do where one cannot be started. The answer is the same with any number.
   * Default: as many as the device has cores, at most 4, and at most 2 where the browser tells of no more than 2 GB of memory.
   */
  workers?: number;
  /** What the model knows, as soon as that is known: long before the model itself is here. */
  onModel?: (model: ModelDescription) => void;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

export interface ClassifyOptions {
  /** Ends the run; the promise then rejects with an ActionscopeError of code `cancelled`. */
  signal?: AbortSignal;
  onOpen?: (clip: ClipDescription) => void;
  onProgress?: (progress: ClipProgress) => void;
  onFirst?: (first: Scores, at: SampledFrame[]) => void;
  onWindow?: (window: WindowScores) => void;
}

export interface LiveOptions {
  onScores: (scores: LiveScores) => void;
  /** The stream or the engine failed; the session has stopped. */
  onError: (error: Error) => void;
}

export interface LiveSession {
  /** Stops classifying. The stream itself belongs to whoever opened it. */
  stop(): Promise<void>;
}

export interface CrossCheckOptions {
  /** Ends the check; the promise then rejects with an ActionscopeError of code `cancelled`. */
  signal?: AbortSignal;
  /** Frames that both engines have computed, of those that they will. */
  onProgress?: (progress: ClipProgress) => void;
}

/** How far the engine at work is from ONNX Runtime, over the frames of a clip's first look. */
export interface CrossCheck {
  reference: EngineDescription;
  /** That were compared. */
  frames: number;
  /** The largest difference of a feature's number, in parts of ONNX Runtime's largest. */
  features: number;
  /** The largest difference of a probability of the first look. */
  probabilities: number;
  /**
   * Whether both engines say the same: the top label is one, no probability differs by more than 0.01, features by no more than 1e-4,
   * or 1e-2 where the network is in integers (the form `int8`), in which one last bit may move many after it.
   */
  agrees: boolean;
}

export interface Classifier {
  readonly model: ModelDescription;
  readonly engine: EngineDescription;
  /**
   * What the package says of itself; null where it has no report. Read anew at each call. Rejects with ActionscopeErrors:
   * `report-damaged`, `model-missing`, `model-too-new`, `package-damaged`, `package-too-large`, `file-unreadable`, `closed`.
   */
  readReport(): Promise<ModelReport | null>;
  /** Bytes of memory of each worker that is there, with which our own engine does; ONNX Runtime has more of its own. */
  memory(): Promise<number[]>;
  /**
   * Classifies a whole clip. One runs at a time: a second call waits for the first to end. Features of its frames are kept as long as
   * the Blob itself, 3 MB at most for ten samples a second: neither a second run nor another model on the same backbone computes
   * them again.
   */
  classifyVideo(video: Blob, options?: ClassifyOptions): Promise<ClipResult>;
  /**
   * Computes the first look's frames of a clip in ONNX Runtime Web, too, which is fetched for it, and tells how far both are apart.
   * Nothing is taken from what is known of the file. Waits for its turn like `classifyVideo`, and throws as it does.
   */
  crossCheck(video: Blob, options?: CrossCheckOptions): Promise<CrossCheck>;
  /** Classifies a stream of a camera, at most `model.rate` frames a second, always the newest. */
  classifyStream(stream: MediaStream, options: LiveOptions): Promise<LiveSession>;
  /** Ends the workers and frees all memory. */
  close(): Promise<void>;
}
