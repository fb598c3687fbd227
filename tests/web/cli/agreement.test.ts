import { describe, expect, it } from 'vitest';
import { agreementOf, agreementWords } from '../../../web/cli/agreement';
import type { Evaluation } from '../../../web/cli/evaluate';
import { type EvaluatedItem, measure } from '../../../web/cli/metrics';

const LABELS = ['biking', 'none'];

const item = (path: string, biking: number): EvaluatedItem => ({
  path,
  label: 'biking',
  answer: biking > 0.5 ? 'biking' : 'none',
  sure: true,
  probabilities: { biking, none: 1 - biking },
});
const failed = (path: string): EvaluatedItem => ({ path, label: 'biking', error: { code: 'x', message: 'X.' } });

const evaluation = (clips: EvaluatedItem[], stills: EvaluatedItem[] = []): Evaluation => ({
  model: { name: 'm', version: '1', variant: 'fp32' },
  clips: measure(clips, LABELS, 'none'),
  stills: measure(stills, LABELS, 'none'),
});

describe('two evaluations of the same files', () => {
  it('agree where every top label is the same; the largest difference is told', () => {
    const one = evaluation([item('a.mp4', 0.9)], [item('b.jpg', 0.2)]);
    const other = evaluation([item('a.mp4', 0.88)], [item('b.jpg', 0.21)]);
    const agreement = agreementOf(one, other);
    expect(agreement).toMatchObject({ files: 2, differing: [] });
    expect(agreement.largest).toBeCloseTo(0.02);
    expect(agreementWords('onnxruntime', agreement)).toMatch(/^against onnxruntime: 2 files, the top label of 0 is/);
  });

  it('name the files whose top label is another, and those that failed in one alone', () => {
    const one = evaluation([item('a.mp4', 0.51), failed('b.mp4'), failed('c.mp4')]);
    const other = evaluation([item('a.mp4', 0.49), item('b.mp4', 0.9), failed('c.mp4')]);
    const agreement = agreementOf(one, other);
    expect(agreement).toMatchObject({ files: 1, differing: ['a.mp4', 'b.mp4'] });
    expect(agreementWords('native', agreement)).toContain('another top label        b.mp4');
  });
});
