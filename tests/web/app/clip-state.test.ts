import { describe, expect, it } from 'vitest';
import {
  advanceClip,
  type ClipEvent,
  isPending,
  isRunning,
  newClip,
  scoresOf,
} from '../../../web/app/state/clip-state';
import { clip as description, result, scores, windowScores } from './samples';

const fresh = newClip(1, new File(['x'], 'ride.mp4'), 'blob:1');
const played = (...events: ClipEvent[]) => events.reduce(advanceClip, fresh);

describe('advanceClip', () => {
  it('leads from the queue to the answer', () => {
    const phases = [
      fresh,
      played({ type: 'started' }),
      played({ type: 'started' }, { type: 'opened', description }),
      played({ type: 'started' }, { type: 'opened', description }, { type: 'answered', result: result() }),
    ].map(({ phase }) => phase);
    expect(phases).toEqual(['queued', 'opening', 'looking', 'answered']);
  });

  it('never changes a state in place', () => {
    const before = { ...fresh };
    played({ type: 'window', window: windowScores('biking', 0, 1) }, { type: 'cancelled' });
    expect(fresh).toEqual(before);
  });

  it('keeps windows in the order of the clip', () => {
    const { windows } = played(
      { type: 'window', window: windowScores('biking', 2, 4) },
      { type: 'window', window: windowScores('none', 0, 2) },
    );
    expect(windows.map(({ start }) => start)).toEqual([0, 2]);
  });

  it('shows each frame of a first look once, though a short clip repeats them', () => {
    const frames = [0.25, 0.05, 0.05, 0.15, 0.25].map((time) => ({ time, timestamp: time }));
    const looked = played({ type: 'first-look', first: scores('biking', 0.5), frames });
    expect(looked.frames.map(({ time }) => time)).toEqual([0.05, 0.15, 0.25]);
  });

  it('forgets the first attempt when an engine that died has been started again', () => {
    const again = played(
      { type: 'opened', description },
      { type: 'first-look', first: scores('biking', 0.5), frames: [{ time: 0, timestamp: 0 }] },
      { type: 'window', window: windowScores('biking', 0, 2) },
      { type: 'opened', description },
    );
    expect(again).toMatchObject({ phase: 'looking', first: null, frames: [], windows: [] });
  });

  it('keeps what was found when the run fails or is cancelled', () => {
    const first = scores('biking', 0.5);
    const look: ClipEvent = { type: 'first-look', first, frames: [] };
    expect(played(look, { type: 'failed', error: new Error('gone') })).toMatchObject({ phase: 'failed', first });
    expect(played(look, { type: 'cancelled' })).toMatchObject({ phase: 'cancelled', first });
  });

  it('starts from nothing when it is queued again', () => {
    expect(played({ type: 'failed', error: new Error('gone') }, { type: 'requeued' })).toEqual(fresh);
  });
});

describe('scoresOf', () => {
  it('prefers the answer to the first look', () => {
    const looked = played({ type: 'first-look', first: scores('none', 0.5), frames: [] });
    expect(scoresOf(fresh)).toBeNull();
    expect(scoresOf(looked)?.answer).toBe('none');
    expect(scoresOf(advanceClip(looked, { type: 'answered', result: result() }))?.answer).toBe('biking');
  });
});

describe('isPending and isRunning', () => {
  it('tell a queued clip from a running one and from one that is done', () => {
    const queued = fresh;
    const running = played({ type: 'started' });
    const done = played({ type: 'answered', result: result() });
    expect([queued, running, done].map(isPending)).toEqual([true, true, false]);
    expect([queued, running, done].map(isRunning)).toEqual([false, true, false]);
  });
});
