import { describe, expect, it } from 'vitest';
import {
  classWords,
  confusionWords,
  countWords,
  intervalWords,
  percentOrDash,
  pointsWords,
  robustnessWords,
} from '../../../web/app/text/model-words';

const CLIPS = ['clip', 'clips'] as const;

it('a part that could not be taken is a dash', () => {
  expect(percentOrDash(0.815)).toBe('82%');
  expect(percentOrDash(null)).toBe('–');
});

it('an interval is told by its ends', () => {
  expect(intervalWords([0.712, 0.9])).toBe('71 to 90%');
  expect(intervalWords(null)).toBe('');
});

it.each([
  [0.0154, '+1.5'],
  [-0.123, '−12.3'],
  [0, '0.0'],
  [-0.0001, '0.0'],
])('a difference of %d is %s points', (difference, words) => {
  expect(pointsWords(difference)).toBe(words);
});

it('small counts are said to be small', () => {
  expect(countWords(13, CLIPS)).toBe('13 clips');
  expect(countWords(5, CLIPS)).toBe('5 clips');
  expect(countWords(3, CLIPS)).toBe('3 clips: says little');
  expect(countWords(1, CLIPS)).toBe('1 clip: says little');
  expect(countWords(0, CLIPS)).toBe('no clips');
});

describe('classWords', () => {
  const biking = { label: 'biking', n: 13, recall: 11 / 13, recallInterval: [0.58, 0.96], precision: 0.9 } as const;

  it('tells what was found, the interval, and how far the name can be trusted', () => {
    expect(classWords('Biking', biking, CLIPS)).toBe(
      'Biking: 11 of 13 clips found, 85%, interval 58 to 96%. Of what was called that, 90% was.',
    );
  });

  it('warns of few', () => {
    expect(classWords('Biking', { ...biking, n: 2, recall: 0.5, recallInterval: null }, CLIPS)).toBe(
      'Biking: 1 of 2 clips found, 50%. So few say little. Of what was called that, 90% was.',
    );
  });

  it('has little to say of a class that was never called', () => {
    expect(classWords('Biking', { ...biking, recall: 0, recallInterval: null, precision: null }, CLIPS)).toBe(
      'Biking: 0 of 13 clips found, 0%. Nothing was called that.',
    );
    expect(classWords('Biking', { ...biking, n: 0, recall: null }, CLIPS)).toBe('Biking: no clips.');
  });
});

describe('confusionWords', () => {
  const cell = { truth: 'tennis', said: 'none', count: 6, total: 15, share: 0.4, isRight: false };
  const titles = { truth: 'Tennis swing', said: 'None of these' };

  it('tells what was taken for what, and how often', () => {
    expect(confusionWords(cell, titles, CLIPS)).toBe('Tennis swing, called none of these: 6 of 15 clips, 40%');
  });

  it('tells what was right', () => {
    expect(confusionWords({ ...cell, isRight: true }, titles, CLIPS)).toBe(
      'Tennis swing, called that: 6 of 15 clips, 40%',
    );
  });

  it('has no part of nothing', () => {
    expect(confusionWords({ ...cell, count: 0, total: 0, share: 0 }, titles, CLIPS)).toBe(
      'Tennis swing, called none of these: 0 of 0 clips',
    );
  });
});

describe('robustnessWords', () => {
  const row = { name: 'Dark', n: 65, top1Actions: 0.6, top1WithNone: 0.55, noneRecall: 0.7, drop: 0.2 };

  it.each([
    [0.2, 'Dark: 55% right, 20.0 points lost'],
    [-0.015, 'Dark: 55% right, 1.5 points gained'],
    [0, 'Dark: 55% right, nothing lost'],
  ])('tells a drop of %d', (drop, words) => {
    expect(robustnessWords({ ...row, drop })).toBe(words);
  });
});
