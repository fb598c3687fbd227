import { describe, expect, it } from 'vitest';
import { SteadyLabel } from '../../../web/app/state/steady-label';

describe('SteadyLabel', () => {
  it('speaks a label once it has held for a second and a half', () => {
    const steady = new SteadyLabel();
    expect(steady.heard('Biking', 0)).toBeNull();
    expect(steady.heard('Biking', 1499)).toBeNull();
    expect(steady.heard('Biking', 1500)).toBe('Biking');
  });

  it('does not repeat itself', () => {
    const steady = new SteadyLabel();
    steady.heard('Biking', 0);
    steady.heard('Biking', 2000);
    expect(steady.heard('Biking', 9000)).toBeNull();
  });

  it('passes over what only flickers, and does not then repeat what it returns to', () => {
    const steady = new SteadyLabel();
    steady.heard('Biking', 0);
    steady.heard('Biking', 2000);
    expect(steady.heard('Walking', 2100)).toBeNull();
    expect(steady.heard('Biking', 2200)).toBeNull();
    expect(steady.heard('Biking', 4000)).toBeNull();
  });
});
