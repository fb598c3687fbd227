/** A report that tells all that one can tell, as `report.json` has it: of a model that knows two actions and none of these. */

/** Of 10 items of biking, 3 of golf swing and 7 of none. */
function figures() {
  return {
    n: 13,
    top1_actions: 0.846154,
    top1_with_none: 0.769231,
    none_n: 7,
    none_recall: 0.857143,
    ece: 0.07,
    macro_actions: 0.8,
    macro_with_none: 0.733333,
    shown: { right: 0.75, wrong: 0.1, none_of_these: 0.15 },
    intervals: {
      top1_actions: [0.6, 0.95],
      top1_with_none: [0.5, 0.9],
      none_recall: [0.48, 0.97],
      ece: [0.03, 0.2],
    },
    per_class: {
      biking: { n: 10, recall: 0.8, precision: 0.888889, recall_interval: [0.49, 0.94] },
      golf_swing: { n: 3, recall: 0.666667, precision: 0.666667, recall_interval: [0.2, 0.93] },
      none: { n: 7, recall: 0.857143, precision: 0.75, recall_interval: [0.48, 0.97] },
    },
    confusion: {
      labels: ['biking', 'golf_swing', 'none'],
      rows: [
        [8, 0, 2],
        [1, 2, 0],
        [0, 1, 6],
      ],
    },
  };
}

/** What no test changes. */
const brief = { top1_actions: 0.85, top1_with_none: 0.77, none_recall: 0.86 };
const spread = { mean: 0.84, deviation: 0.012 };

/** A new one at each call, for tests to change. */
export function sampleReport() {
  return {
    format: 'actionscope-report',
    format_version: 1,
    model: 'test',
    data: {
      train: { clips: { biking: 40, golf_swing: 12, none: 30 }, stills: { biking: 100, golf_swing: 90, none: 300 } },
      dev: { clips: { biking: 10, golf_swing: 3, none: 7 }, stills: { biking: 20, golf_swing: 22, none: 60 } },
      left_out: 2,
      note: 'Footage that belongs to its makers.',
    },
    curves: {
      epoch: [1, 2, 3],
      train_loss: [1.2, 0.8, 0.75],
      dev_loss: [1.3, 0.9, 0.95],
      dev_top1_actions: [0.5, 0.8, 0.85],
      dev_top1_with_none: [0.4, 0.7, 0.77],
      dev_top1_actions_stills: [0.6, 0.7, 0.8],
    },
    tuning: { step: [10, 20, 30, 40], train_loss: [2.4, 1.6, 1.1, 0.9] },
    clips: figures(),
    first_look_clips: figures(),
    stills: figures(),
    mid_frames: figures(),
    photographs: figures(),
    calibration: {
      temperature: 0.9,
      threshold: 0.4,
      answered: 0.9,
      answered_right: 0.83,
      bins: [
        { confidence: 0.35, accuracy: 0.5, count: 2 },
        { confidence: 0.9, accuracy: 0.85, count: 18 },
      ],
    },
    parts: [
      { name: 'Frozen backbone, frame mean, linear', clips: brief, stills: brief },
      { name: 'Fine-tuned backbone, LSTM', clips: brief, stills: null },
    ],
    variants: [
      { name: 'fp32', clips: brief, stills: brief },
      { name: 'int8', clips: brief, stills: brief },
    ],
    robustness: [
      { name: 'As it is', n: 13, ...brief, drop: 0 },
      { name: 'Dark', n: 13, ...brief, top1_with_none: 0.6, drop: 0.17 },
    ],
    spread: {
      backbone: {
        runs: 3,
        clips_top1_actions: spread,
        clips_top1_with_none: spread,
        stills_top1_actions: spread,
      },
      head: { runs: 1, clips_top1_actions: spread, clips_top1_with_none: spread, stills_top1_actions: spread },
    },
    folds: [{ name: 'Group 1', n: 13, top1_actions: 0.8 }],
    fold_spread: spread,
    known_failures: ['It leans on the place.'],
    recipe: { seed: 0, kept_epoch: 2, sentences: ['Trained with seed 0.', 'Epoch 2 is kept.'] },
  };
}
