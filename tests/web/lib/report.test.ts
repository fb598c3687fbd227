import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ActionscopeError } from '../../../web/lib/errors';
import { parseReport } from '../../../web/lib/report';
import { sampleReport } from './sample_report';

/** The report with one value replaced, at a path like `clips.shown.right`; `undefined` takes the member away. */
function changed(path: string, value: unknown): string {
  const report: unknown = sampleReport();
  const names = path.split('.');
  const last = names.pop() ?? '';
  let parent = report as Record<string, unknown>;
  for (const name of names) {
    parent = parent[name] as Record<string, unknown>;
  }
  parent[last] = value;
  return JSON.stringify(report);
}

function thrownBy(text: string): ActionscopeError {
  try {
    parseReport(text);
  } catch (thrown) {
    if (thrown instanceof ActionscopeError) {
      return thrown;
    }
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('a report that tells everything', () => {
  const report = parseReport(JSON.stringify(sampleReport()));

  it('is read with its figures and their intervals', () => {
    expect(Object.keys(report.figures)).toEqual(['clips', 'first_look_clips', 'stills', 'mid_frames', 'photographs']);
    expect(report.figures.clips).toMatchObject({
      n: 13,
      noneN: 7,
      top1Actions: 0.846154,
      calibrationError: 0.07,
      macroWithNone: 0.733333,
      shown: { right: 0.75, wrong: 0.1, noneOfThese: 0.15 },
      intervals: { top1Actions: [0.6, 0.95], calibrationError: [0.03, 0.2] },
    });
    expect(report.figures.clips?.perClass[1]).toEqual({
      label: 'golf_swing',
      n: 3,
      recall: 0.666667,
      recallInterval: [0.2, 0.93],
      precision: 0.666667,
    });
  });

  it('is read with its training and what it was trained on', () => {
    expect(report.curves?.devTop1WithNone).toEqual([0.4, 0.7, 0.77]);
    expect(report.keptEpoch).toBe(2);
    expect(report.tuning?.step).toEqual([10, 20, 30, 40]);
    expect(report.data.counts).toContainEqual({
      label: 'golf_swing',
      trainClips: 12,
      trainStills: 90,
      devClips: 3,
      devStills: 22,
    });
    expect(report.recipe).toEqual(['Trained with seed 0.', 'Epoch 2 is kept.']);
  });

  it('is read with its comparisons', () => {
    expect(report.parts[1]).toEqual({
      name: 'Fine-tuned backbone, LSTM',
      clips: { top1Actions: 0.85, top1WithNone: 0.77, noneRecall: 0.86 },
      stills: null,
    });
    expect(report.robustness[1]).toMatchObject({ name: 'Dark', n: 13, top1WithNone: 0.6, drop: 0.17 });
    expect(report.spread.backbone).toMatchObject({ runs: 3, clipsTop1Actions: { mean: 0.84, deviation: 0.012 } });
    expect(report.folds).toEqual([{ name: 'Group 1', n: 13, top1Actions: 0.8 }]);
  });
});

describe('a report that tells little', () => {
  it('is read, with nothing in the place of what it leaves out', () => {
    const report = parseReport('{"format": "actionscope-report", "format_version": 1, "model": "small"}');
    expect(report).toEqual({
      model: 'small',
      figures: {},
      calibration: null,
      curves: null,
      tuning: null,
      parts: [],
      variants: [],
      robustness: [],
      spread: { backbone: null, head: null },
      folds: [],
      foldSpread: null,
      data: { counts: [], leftOut: null, note: '' },
      recipe: [],
      keptEpoch: null,
      knownFailures: [],
    });
  });

  it.each(['intervals', 'shown', 'macro_actions', 'confusion', 'per_class', 'none_n'])('may lack %s', (name) => {
    expect(parseReport(changed(`clips.${name}`, undefined)).figures.clips?.n).toBe(13);
  });

  it('may have had nothing to measure', () => {
    expect(parseReport(changed('clips.top1_actions', null)).figures.clips?.top1Actions).toBeNull();
    expect(parseReport(changed('curves.dev_top1_actions', [null, 0.5, 0.6])).curves?.devTop1Actions[0]).toBeNull();
    expect(parseReport(changed('curves', { epoch: [], train_loss: [] })).curves).toBeNull();
  });

  it('may tell of more than is known here', () => {
    expect(parseReport(changed('weather', { rain: true })).model).toBe('test');
  });

  it('is the one that is shipped', () => {
    const shipped = parseReport(readFileSync(new URL('../../../models/ucf11/report.json', import.meta.url), 'utf8'));
    expect(shipped.model).toBe('ucf11');
    expect(shipped.figures.clips?.perClass).toHaveLength(12);
    expect(shipped.figures.clips?.confusion?.labels).toHaveLength(12);
  });
});

describe('a report that is damaged', () => {
  it.each([
    ['', 'it is no JSON'],
    ['{', 'it is no JSON'],
    ['{"model": NaN}', 'it is no JSON'],
    ['null', 'it is not an object'],
    ['[1]', 'it is not an object'],
    ['{}', 'its format is “”'],
    ['{"format": "actionscope-model"}', 'its format is “actionscope-model”'],
  ])('is refused: %s', (text, reason) => {
    expect(thrownBy(text)).toMatchObject({ code: 'report-damaged', message: expect.stringContaining(reason) });
  });

  it.each([
    ['model', 7, '“model” is not a text'],
    ['clips', [], '“clips” is not an object'],
    ['clips.n', -1, '“clips.n” is less than 0'],
    ['clips.n', 1.5, '“clips.n” is not a whole number'],
    ['clips.n', 1e20, '“clips.n” is greater than'],
    ['clips.top1_actions', 1.2, '“clips.top1_actions” is greater than 1'],
    ['clips.top1_actions', '82 %', '“clips.top1_actions” is not a number'],
    ['clips.shown.right', 0.9, '“clips.shown” does not add up to 1'],
    ['clips.intervals.ece', [0.9, 0.1], '“clips.intervals.ece” is not an interval'],
    ['clips.intervals.ece', [0.1], '“clips.intervals.ece” is not an interval'],
    ['clips.intervals.ece', [0.1, 0.2, 0.3], '“clips.intervals.ece” is longer than 2'],
    ['clips.per_class.biking', null, '“clips.per_class.biking” is not an object'],
    ['clips.confusion.rows', [[1, 2, 3]], '“clips.confusion.rows” is not square'],
    ['clips.confusion.rows', [[1], [1], [1]], '“clips.confusion.rows” is not square'],
    ['clips.confusion.rows.0.1', -4, '“clips.confusion.rows[0][1]” is less than 0'],
    ['clips.confusion.labels.1', 'biking', '“clips.confusion” names a label twice'],
    ['curves.dev_loss', [1, 2], '“curves.dev_loss” has 2 numbers where the others have 3'],
    ['curves.train_loss.1', -0.1, '“curves.train_loss[1]” is less than 0'],
    ['curves.train_loss.1', 1e300, '“curves.train_loss[1]” is greater than 1000000000'],
    ['curves.train_loss', undefined, '“curves.train_loss” is missing'],
    ['curves.epoch', [1, 1, 2], '“curves.epoch” does not ascend'],
    ['tuning.step', [0.5, 1, 2, 3], '“tuning.step[0]” is not a whole number'],
    ['calibration.bins.0.count', 'two', '“calibration.bins[0].count” is not a number'],
    ['calibration.temperature', -1, '“calibration.temperature” is less than 0'],
    ['robustness.1.drop', -2, '“robustness[1].drop” is less than -1'],
    ['robustness.1.drop', 2, '“robustness[1].drop” is greater than 1'],
    ['parts', {}, '“parts” is not a list'],
    ['parts.0.name', 'x'.repeat(20_000), '“parts[0].name” is longer than'],
    ['folds', new Array(600).fill({ name: 'a', n: 1 }), '“folds” is longer than'],
    ['data.train.clips.biking', -3, '“data.train.clips.biking” is less than 0'],
    ['known_failures', 'all', '“known_failures” is not a list'],
  ])('is refused with the name of what is wrong: %s', (path, value, reason) => {
    expect(thrownBy(changed(path, value))).toMatchObject({
      code: 'report-damaged',
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('Reload the page'),
    });
  });

  it('is refused where a number is too large to be one', () => {
    const text = JSON.stringify(sampleReport()).replace('"ece":0.07', '"ece":1e999');
    expect(thrownBy(text).message).toContain('“clips.ece” is not a number');
  });

  it('is refused where it is longer than any report', () => {
    expect(thrownBy(' '.repeat(8_000_001)).message).toContain('longer than 8 million characters');
  });

  it('takes names that mean something to the language for names', () => {
    const text = JSON.stringify(sampleReport()).replace('"biking":{"n":10', '"__proto__":{"n":10');
    expect(parseReport(text).figures.clips?.perClass[0]?.label).toBe('__proto__');
  });
});

it('a report of another format version is told apart from a damaged one', () => {
  expect(thrownBy(changed('format_version', 2))).toMatchObject({
    code: 'model-too-new',
    message: expect.stringContaining('version 2'),
  });
});
