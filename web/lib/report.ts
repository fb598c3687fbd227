/**
 * What a model package tells of itself in `report.json`: how good the model is, what it was trained on and how. Plain data, with
 * null or an empty list for what a package leaves out. Parts of something are fractions from 0 to 1.
 */

import { ActionscopeError } from './errors';

/** Least and greatest value that 95 % of what chance may do lies between. */
export type Interval = readonly [low: number, high: number];

/** How one label does while every label is in the running. */
export interface ClassFigures {
  /** Id of the label. */
  label: string;
  /** Items of this label. */
  n: number;
  /** Part of them that was called by this label. */
  recall: number | null;
  recallInterval: Interval | null;
  /** Part of what was called by this label that is of it. */
  precision: number | null;
}

/** Counts: a row is what the items are, a column what was said. */
export interface Confusion {
  /** Ids of rows and columns, in their order. */
  labels: string[];
  rows: number[][];
}

/** What a person reads, the threshold applied: parts of all items, which add up to 1. */
export interface ShownParts {
  /** The right action is shown, or an item of no action as none of these. */
  right: number;
  /** A wrong action is shown. */
  wrong: number;
  /** An action's item is shown as none of these. */
  noneOfThese: number;
}

/** The figures that a part of the training, or a changed recording, is judged by. */
export interface BriefFigures {
  /** Part of the actions' items that are right with only the actions in the running. */
  top1Actions: number | null;
  /** The same with every label in the running. */
  top1WithNone: number | null;
  /** Part of the items of no action that were called none of these. */
  noneRecall: number | null;
}

/** How good the answers on one set of items are. */
export interface Figures extends BriefFigures {
  /** Items of an action. */
  n: number;
  /** Items of no action. */
  noneN: number;
  /** Expected difference of confidence and accuracy. */
  calibrationError: number | null;
  /** Means over the actions, each weighing the same. */
  macroActions: number | null;
  macroWithNone: number | null;
  shown: ShownParts | null;
  intervals: Record<keyof BriefFigures | 'calibrationError', Interval | null>;
  perClass: ClassFigures[];
  confusion: Confusion | null;
}

/** The sets of items that a model is judged on, by the names that `report.json` gives them. */
export const FIGURE_SETS = ['clips', 'first_look_clips', 'stills', 'mid_frames', 'photographs'] as const;

export type FigureSet = (typeof FIGURE_SETS)[number];

/** One number a step or epoch; null where there was nothing to measure. */
export type Series = (number | null)[];

/** The training of the head: lists of one length. */
export interface TrainingCurves {
  /** Ascending. */
  epoch: number[];
  trainLoss: Series;
  /** The others are empty where the package does not tell them. */
  devLoss: Series;
  devTop1Actions: Series;
  devTop1WithNone: Series;
  devTop1ActionsStills: Series;
}

/** The fine-tuning of the backbone: lists of one length. */
export interface TuningCurve {
  /** Ascending. */
  step: number[];
  trainLoss: Series;
}

export interface CalibrationBin {
  /** Mean top-1 probability of the items in the bin. */
  confidence: number;
  /** Part of them that is right. */
  accuracy: number;
  count: number;
}

export interface Calibration {
  temperature: number;
  /** Confidence from which on an answer counts as sure. */
  threshold: number;
  /** Part of the items whose confidence reaches the threshold. */
  answered: number | null;
  /** Part of these that are right. */
  answeredRight: number | null;
  /** Ascending by confidence. */
  bins: CalibrationBin[];
}

/** What a part of the training brings. */
export interface PartFigures {
  /** Words to show. */
  name: string;
  clips: BriefFigures | null;
  stills: BriefFigures | null;
}

/** The clips recorded otherwise; the first row is the clips as they are. */
export interface RobustnessRow extends BriefFigures {
  name: string;
  n: number;
  /** What `top1WithNone` loses against the first row: a fraction, negative where it gains. */
  drop: number;
}

export interface MeanAndDeviation {
  mean: number;
  deviation: number;
}

/** How far runs lie apart that differ in nothing but their seed. */
export interface SeedSpread {
  runs: number;
  clipsTop1Actions: MeanAndDeviation | null;
  clipsTop1WithNone: MeanAndDeviation | null;
  stillsTop1Actions: MeanAndDeviation | null;
}

/** A part of the data that was left out of the training and judged. */
export interface Fold {
  name: string;
  n: number;
  top1Actions: number | null;
}

/** How many files of a label there are. */
export interface LabelCounts {
  /** Id of the label. */
  label: string;
  trainClips: number;
  trainStills: number;
  devClips: number;
  devStills: number;
}

export interface ModelReport {
  /** Name of the model. */
  model: string;
  /** Those that the package tells. */
  figures: Partial<Record<FigureSet, Figures>>;
  calibration: Calibration | null;
  curves: TrainingCurves | null;
  tuning: TuningCurve | null;
  parts: PartFigures[];
  /** The same model in its numbers' several forms, by the form's name; parts, robustness and spread are told of the first. */
  variants: PartFigures[];
  robustness: RobustnessRow[];
  /** Over whole runs, and over the heads on one backbone. */
  spread: { backbone: SeedSpread | null; head: SeedSpread | null };
  folds: Fold[];
  foldSpread: MeanAndDeviation | null;
  data: {
    counts: LabelCounts[];
    /** Files that had no use. */
    leftOut: number | null;
    /** What it was trained on and under which terms; may be empty. */
    note: string;
  };
  /** How it was made, in sentences to show as they are. */
  recipe: string[];
  /** The epoch of `curves` whose head is in the package. */
  keptEpoch: number | null;
  /** In sentences to show as they are. */
  knownFailures: string[];
}

const FORMAT = 'actionscope-report';
const FORMAT_VERSION = 1;

/** Limits beyond which no report of a model lies: a page that drew more would stand still. */
const MOST_CHARACTERS = 8_000_000;
const MOST_LABELS = 1_000;
const MOST_POINTS = 20_000;
const MOST_ROWS = 500;
const LONGEST_TEXT = 10_000;
const GREATEST_AMOUNT = 1e9;

/** How far parts of a whole may add up to something else, since they are rounded. */
const ROUNDING = 0.001;

function damaged(what: string): ActionscopeError {
  return new ActionscopeError(
    'report-damaged',
    `report.json of this model cannot be read: ${what}.`,
    'Reload the page; if it stays like this, tell whoever publishes the model. Classifying works without its report.',
  );
}

/** A value of the document that knows where it stands, so that whatever is wrong with it can be told. */
class Field {
  constructor(
    private readonly value: unknown,
    private readonly path: string,
  ) {}

  fail(expectation: string): never {
    throw damaged(`${this.path === '' ? 'it' : `“${this.path}”`} ${expectation}`);
  }

  /** A member of an object; null where it is absent or null. */
  maybe(name: string): Field | null {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fail('is not an object');
    }
    const member: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return member === undefined || member === null ? null : new Field(member, this.pathTo(name));
  }

  member(name: string): Field {
    return this.maybe(name) ?? new Field(undefined, this.pathTo(name)).fail('is missing');
  }

  /** Names and values of an object of which only the number of members is known. */
  members(most: number): [name: string, field: Field][] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fail('is not an object');
    }
    const entries = Object.entries(value);
    if (entries.length > most) {
      this.fail(`has more than ${most} members`);
    }
    return entries.map(([name, member]) => [name, new Field(member, this.pathTo(name))]);
  }

  items(most: number): Field[] {
    const { value } = this;
    if (!Array.isArray(value)) {
      return this.fail('is not a list');
    }
    if (value.length > most) {
      this.fail(`is longer than ${most}`);
    }
    return value.map((item, index) => new Field(item, `${this.path}[${index}]`));
  }

  text(): string {
    const { value } = this;
    if (typeof value !== 'string') {
      return this.fail('is not a text');
    }
    if (value.length > LONGEST_TEXT) {
      this.fail(`is longer than ${LONGEST_TEXT} characters`);
    }
    return value;
  }

  /** A finite number of that range. JSON knows no other, but for those too large for a number. */
  number(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.fail('is not a number');
    }
    if (value < least) {
      this.fail(`is less than ${least}`);
    }
    if (value > most) {
      this.fail(`is greater than ${most}`);
    }
    return value;
  }

  count(): number {
    const value = this.number(0, Number.MAX_SAFE_INTEGER);
    return Number.isInteger(value) ? value : this.fail('is not a whole number');
  }

  fraction(): number {
    return this.number(0, 1);
  }

  /** A number that is not negative, like a loss. */
  amount(): number {
    return this.number(0, GREATEST_AMOUNT);
  }

  /** An entry of a list that may be null. */
  orNull(read: (field: Field) => number): number | null {
    return this.value === null ? null : read(this);
  }

  private pathTo(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

const asFraction = (field: Field) => field.fraction();
const asAmount = (field: Field) => field.amount();

function maybeFraction(parent: Field, name: string): number | null {
  return parent.maybe(name)?.fraction() ?? null;
}

function maybeInterval(parent: Field | null, name: string): Interval | null {
  const field = parent?.maybe(name) ?? null;
  if (field === null) {
    return null;
  }
  const [low, high, ...others] = field.items(2).map(asFraction);
  if (low === undefined || high === undefined || others.length > 0 || low > high) {
    return field.fail('is not an interval, [low, high]');
  }
  return [low, high];
}

function readConfusion(field: Field): Confusion {
  const labels = field
    .member('labels')
    .items(MOST_LABELS)
    .map((label) => label.text());
  const rowsField = field.member('rows');
  const rows = rowsField.items(MOST_LABELS).map((row) => row.items(MOST_LABELS).map((count) => count.count()));
  if (rows.length !== labels.length || rows.some((row) => row.length !== labels.length)) {
    rowsField.fail(`is not square with a row and a column for each of the ${labels.length} labels`);
  }
  if (new Set(labels).size !== labels.length) {
    field.fail('names a label twice');
  }
  return { labels, rows };
}

function readClass(label: string, field: Field): ClassFigures {
  return {
    label,
    n: field.member('n').count(),
    recall: maybeFraction(field, 'recall'),
    recallInterval: maybeInterval(field, 'recall_interval'),
    precision: maybeFraction(field, 'precision'),
  };
}

function readShown(field: Field): ShownParts {
  const shown = {
    right: field.member('right').fraction(),
    wrong: field.member('wrong').fraction(),
    noneOfThese: field.member('none_of_these').fraction(),
  };
  return Math.abs(shown.right + shown.wrong + shown.noneOfThese - 1) <= ROUNDING
    ? shown
    : field.fail('does not add up to 1');
}

function readBrief(field: Field): BriefFigures {
  return {
    top1Actions: maybeFraction(field, 'top1_actions'),
    top1WithNone: maybeFraction(field, 'top1_with_none'),
    noneRecall: maybeFraction(field, 'none_recall'),
  };
}

function readFigures(field: Field): Figures {
  const intervals = field.maybe('intervals');
  const shown = field.maybe('shown');
  const confusion = field.maybe('confusion');
  return {
    n: field.member('n').count(),
    noneN: field.maybe('none_n')?.count() ?? 0,
    ...readBrief(field),
    calibrationError: maybeFraction(field, 'ece'),
    macroActions: maybeFraction(field, 'macro_actions'),
    macroWithNone: maybeFraction(field, 'macro_with_none'),
    shown: shown && readShown(shown),
    intervals: {
      top1Actions: maybeInterval(intervals, 'top1_actions'),
      top1WithNone: maybeInterval(intervals, 'top1_with_none'),
      noneRecall: maybeInterval(intervals, 'none_recall'),
      calibrationError: maybeInterval(intervals, 'ece'),
    },
    perClass: (field.maybe('per_class')?.members(MOST_LABELS) ?? []).map(([label, one]) => readClass(label, one)),
    confusion: confusion && readConfusion(confusion),
  };
}

/** What a curve is drawn over: whole numbers, each greater than the one before. */
function readSteps(field: Field): number[] {
  const steps = field.items(MOST_POINTS).map((step) => step.count());
  return steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0))
    ? steps
    : field.fail('does not ascend');
}

function readSeries(field: Field, length: number, read: (field: Field) => number): Series {
  const series = field.items(MOST_POINTS).map((value) => value.orNull(read));
  return series.length === length ? series : field.fail(`has ${series.length} numbers where the others have ${length}`);
}

function readCurves(field: Field): TrainingCurves | null {
  const epoch = readSteps(field.member('epoch'));
  const maybe = (name: string, read: (field: Field) => number) => {
    const series = field.maybe(name);
    return series === null ? [] : readSeries(series, epoch.length, read);
  };
  const curves = {
    epoch,
    trainLoss: readSeries(field.member('train_loss'), epoch.length, asAmount),
    devLoss: maybe('dev_loss', asAmount),
    devTop1Actions: maybe('dev_top1_actions', asFraction),
    devTop1WithNone: maybe('dev_top1_with_none', asFraction),
    devTop1ActionsStills: maybe('dev_top1_actions_stills', asFraction),
  };
  return epoch.length === 0 ? null : curves;
}

function readTuning(field: Field): TuningCurve | null {
  const step = readSteps(field.member('step'));
  const trainLoss = readSeries(field.member('train_loss'), step.length, asAmount);
  return step.length === 0 ? null : { step, trainLoss };
}

function readCalibration(field: Field): Calibration {
  const bins = (field.maybe('bins')?.items(MOST_ROWS) ?? []).map((bin) => ({
    confidence: bin.member('confidence').fraction(),
    accuracy: bin.member('accuracy').fraction(),
    count: bin.member('count').count(),
  }));
  return {
    temperature: field.member('temperature').amount(),
    threshold: field.member('threshold').fraction(),
    answered: maybeFraction(field, 'answered'),
    answeredRight: maybeFraction(field, 'answered_right'),
    bins: bins.sort((a, b) => a.confidence - b.confidence),
  };
}

function readPart(field: Field): PartFigures {
  const clips = field.maybe('clips');
  const stills = field.maybe('stills');
  return { name: field.member('name').text(), clips: clips && readBrief(clips), stills: stills && readBrief(stills) };
}

function readRobustness(field: Field): RobustnessRow {
  return {
    name: field.member('name').text(),
    n: field.member('n').count(),
    ...readBrief(field),
    drop: field.member('drop').number(-1, 1),
  };
}

function readMean(field: Field | null): MeanAndDeviation | null {
  return field && { mean: field.member('mean').fraction(), deviation: field.member('deviation').fraction() };
}

function readSpread(field: Field): SeedSpread {
  return {
    runs: field.member('runs').count(),
    clipsTop1Actions: readMean(field.maybe('clips_top1_actions')),
    clipsTop1WithNone: readMean(field.maybe('clips_top1_with_none')),
    stillsTop1Actions: readMean(field.maybe('stills_top1_actions')),
  };
}

function readFold(field: Field): Fold {
  return {
    name: field.member('name').text(),
    n: field.member('n').count(),
    top1Actions: maybeFraction(field, 'top1_actions'),
  };
}

function readCounts(data: Field): LabelCounts[] {
  const counts = new Map<string, LabelCounts>();
  const add = (split: string, kind: string, set: (counts: LabelCounts, count: number) => void) => {
    for (const [label, field] of data.maybe(split)?.maybe(kind)?.members(MOST_LABELS) ?? []) {
      const row = counts.get(label) ?? { label, trainClips: 0, trainStills: 0, devClips: 0, devStills: 0 };
      set(row, field.count());
      counts.set(label, row);
    }
  };
  add('train', 'clips', (row, count) => {
    row.trainClips = count;
  });
  add('train', 'stills', (row, count) => {
    row.trainStills = count;
  });
  add('dev', 'clips', (row, count) => {
    row.devClips = count;
  });
  add('dev', 'stills', (row, count) => {
    row.devStills = count;
  });
  return [...counts.values()];
}

function readSentences(field: Field | null): string[] {
  return field?.items(MOST_ROWS).map((sentence) => sentence.text()) ?? [];
}

function parseJson(text: string): unknown {
  if (text.length > MOST_CHARACTERS) {
    throw damaged(`it is longer than ${MOST_CHARACTERS / 1e6} million characters`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw damaged('it is no JSON');
  }
}

/**
 * Reads `report.json`, format version 1. Nothing of it is trusted: whatever is told has the type, the range and the length that it
 * must have. Members that are not known are passed over.
 *
 * Throws ActionscopeErrors: `report-damaged`, and `model-too-new` for another format version.
 */
export function parseReport(text: string): ModelReport {
  const root = new Field(parseJson(text), '');
  const format = root.maybe('format')?.text() ?? '';
  if (format !== FORMAT) {
    throw damaged(`its format is “${format}”, not “${FORMAT}”`);
  }
  const version = root.member('format_version').count();
  if (version !== FORMAT_VERSION) {
    throw new ActionscopeError(
      'model-too-new',
      `report.json of this model has format version ${version}; this page reads version ${FORMAT_VERSION}.`,
    );
  }
  const figures: ModelReport['figures'] = {};
  for (const name of FIGURE_SETS) {
    const field = root.maybe(name);
    if (field !== null) {
      figures[name] = readFigures(field);
    }
  }
  const calibration = root.maybe('calibration');
  const curves = root.maybe('curves');
  const tuning = root.maybe('tuning');
  const spread = root.maybe('spread');
  const backbone = spread?.maybe('backbone') ?? null;
  const head = spread?.maybe('head') ?? null;
  const data = root.maybe('data');
  const recipe = root.maybe('recipe');
  return {
    model: root.member('model').text(),
    figures,
    calibration: calibration && readCalibration(calibration),
    curves: curves && readCurves(curves),
    tuning: tuning && readTuning(tuning),
    parts: root.maybe('parts')?.items(MOST_ROWS).map(readPart) ?? [],
    variants: root.maybe('variants')?.items(MOST_ROWS).map(readPart) ?? [],
    robustness: root.maybe('robustness')?.items(MOST_ROWS).map(readRobustness) ?? [],
    spread: { backbone: backbone && readSpread(backbone), head: head && readSpread(head) },
    folds: root.maybe('folds')?.items(MOST_ROWS).map(readFold) ?? [],
    foldSpread: readMean(root.maybe('fold_spread')),
    data: {
      counts: data === null ? [] : readCounts(data),
      leftOut: data?.maybe('left_out')?.count() ?? null,
      note: data?.maybe('note')?.text() ?? '',
    },
    recipe: readSentences(recipe?.maybe('sentences') ?? null),
    keptEpoch: recipe?.maybe('kept_epoch')?.count() ?? null,
    knownFailures: readSentences(root.maybe('known_failures')),
  };
}
