import { describe, expect, it } from 'vitest';
import { ProgressMilestones } from '../../../web/app/state/milestones';

describe('ProgressMilestones', () => {
  it('says nothing of a run that is soon over', () => {
    const milestones = new ProgressMilestones();
    const said = [0, 25, 50, 75, 100].map((done) => milestones.reached({ done, total: 100 }, done * 20));
    expect(said).toEqual([null, null, null, null, null]);
  });

  it('says each quarter of a long run once, and leaves the end to the answer', () => {
    const milestones = new ProgressMilestones();
    const said = Array.from({ length: 101 }, (_, done) => milestones.reached({ done, total: 100 }, done * 1000));
    expect(said.filter((sentence) => sentence !== null)).toEqual([
      '25% of the frames looked at.',
      '50% of the frames looked at.',
      '75% of the frames looked at.',
    ]);
    expect(said[25]).toBe('25% of the frames looked at.');
  });

  it('leaves a pause between two sentences, and then tells the newer', () => {
    const milestones = new ProgressMilestones();
    milestones.reached({ done: 0, total: 100 }, 0);
    expect(milestones.reached({ done: 25, total: 100 }, 4000)).toBe('25% of the frames looked at.');
    expect(milestones.reached({ done: 50, total: 100 }, 5000)).toBeNull();
    expect(milestones.reached({ done: 76, total: 100 }, 8000)).toBe('75% of the frames looked at.');
  });

  it('bears a total of nought', () => {
    expect(new ProgressMilestones().reached({ done: 0, total: 0 }, 10_000)).toBeNull();
  });
});
