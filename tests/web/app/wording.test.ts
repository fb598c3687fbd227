import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  answerLine,
  answerWords,
  changeOfMind,
  clipFacts,
  coverageNotes,
  originOf,
} from '../../../web/app/text/wording';
import { clip, model, result, scores, windowScores } from './samples';

describe('answerWords', () => {
  it('names the action when the model is sure', () => {
    expect(answerWords(scores('golf_swing', 0.9), model)).toEqual({ headline: 'Golf swing', closest: '' });
  });

  it('says none of these below the threshold, and what came closest', () => {
    expect(answerWords(scores('golf_swing', 0.3), model)).toEqual({
      headline: 'None of these',
      closest: 'closest: Golf swing, 30%',
    });
  });

  it.each([0.9, 0.3])('says none of these where the model does, sure or not: %d', (confidence) => {
    expect(answerWords(scores('none', confidence), model)).toEqual({ headline: 'None of these', closest: '' });
  });

  it('says none of these below the threshold of a model that has no such label, too', () => {
    const without = { ...model, noneLabel: null };
    expect(answerWords(scores('biking', 0.3), without).headline).toBe('None of these');
  });

  it('falls back to the id of a label that the model does not list', () => {
    expect(answerWords(scores('unheard_of', 0.9), model).headline).toBe('unheard_of');
  });
});

describe('answerLine', () => {
  it('is one sentence with the confidence', () => {
    expect(answerLine(scores('biking', 0.934), model)).toBe('Biking, 93%');
    expect(answerLine(scores('biking', 0.38), model)).toBe('None of these, closest: Biking, 38%');
  });
});

describe('actionsOf', () => {
  it('does not count "none of these" as an action', () => {
    expect(actionsOf(model).map(({ id }) => id)).toEqual(['biking', 'golf_swing']);
  });
});

describe('changeOfMind', () => {
  it('is silent when first look and answer agree, whatever their confidence', () => {
    expect(changeOfMind(result(), model)).toBe('');
  });

  it('tells what the first look had said when they differ', () => {
    expect(changeOfMind(result({ first: scores('golf_swing', 0.55) }), model)).toBe(
      'The first look had said: Golf swing, 55%.',
    );
  });
});

describe('coverageNotes', () => {
  it('has nothing to say of a clip that was looked at from end to end', () => {
    expect(coverageNotes(result())).toEqual([]);
  });

  it('tells from where on a broken file could not be read', () => {
    expect(coverageNotes(result({ endedEarly: true }))).toEqual([
      'The file ends early: it announces 0:10.0, but nothing could be read after 0:02.0. ' +
        'The answer covers what could be read.',
    ]);
  });

  it('tells that the first look of a long clip took what was near', () => {
    expect(coverageNotes(result({ firstLookSnapped: true }))).toEqual([
      'The first look used key frames only: the frames nearest to its moments that a long file gives up quickly. ' +
        'The answer looked at the exact moments.',
    ]);
  });

  it('tells how much of a long clip was looked at', () => {
    const windows = Array.from({ length: 30 }, (_, index) => windowScores('biking', index * 6, index * 6 + 1.9));
    expect(coverageNotes(result({ partial: true, windows, file: { ...clip, duration: 180 } }))).toEqual([
      'A long clip: 30 windows spread evenly over 3:00.0 were looked at, not every moment of it.',
    ]);
  });
});

describe('originOf', () => {
  it('tells the kind of file and what read it', () => {
    expect(originOf({ ...clip, container: 'AVI', codec: 'MPEG-4 Part 2', source: 'ffmpeg-module' })).toBe(
      "AVI, MPEG-4 Part 2, read by Actionscope's own reader",
    );
    expect(originOf(clip)).toBe('MP4, H.264, decoded by this browser');
  });

  it('leaves out what is not known', () => {
    expect(originOf({ ...clip, container: null, codec: null, source: 'video-element' })).toBe('Played by this browser');
  });
});

describe('clipFacts', () => {
  const spaced = (text: string) => text.replaceAll('\u202f', ' ');

  it('knows only the size before the clip is open', () => {
    expect(spaced(clipFacts(4_310_000, null))).toBe('4.31 MB');
  });

  it('adds length and picture', () => {
    expect(spaced(clipFacts(4_310_000, clip))).toBe('4.31 MB · 0:10.0 · 320 × 240');
  });

  it('says of a picture that it stands still', () => {
    expect(clipFacts(1, { ...clip, duration: 0 })).toContain('a still picture · 320 × 240');
  });

  it('admits that a length is not known', () => {
    expect(clipFacts(1, { ...clip, duration: Number.POSITIVE_INFINITY })).toContain('length unknown');
  });
});
